"""Why a formula is wrong: the wrong rules run on letters leave formulas behind, and one of them is the student's."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..algebra.polynomial import canonical
from ..expression import evaluate
from .causes import NONE, Cause
from .misconceptions import Case, Quantity, applicable, formulas
from .misconceptions.feedback import written


class FormulaDoctor:
    """One question for a formula, with the formulas of the misconceptions."""

    def __init__(self, case: Case, quantity: Quantity, axis: int | None, primes: Mapping[str, Any]) -> None:
        self.case, self.quantity, self.axis, self.primes = case, quantity, axis, primes

    @cached_property
    def known(self) -> dict[Any, tuple[str, ...]]:
        """By formula, in one form for all that are equal, the codes that lead to it."""
        found: dict[Any, tuple[str, ...]] = {}
        for entry in applicable(self.case, self.quantity):
            for answer in formulas(entry, self.case) if entry.lettered else ():
                formula = self._one(answer)
                if formula is not None and entry.code not in found.get(formula, ()):
                    found[formula] = (*found.get(formula, ()), entry.code)
        return found

    def cause(self, answer: Any) -> Cause:
        """Of a wrong formula, as far as it is known."""
        codes = self.known.get(self._same(answer), ())
        return Cause(codes, answer=written(answer)) if codes else NONE

    def _one(self, answer: Any) -> Any:
        """The formula of the axis that is asked about."""
        if not isinstance(answer, tuple):
            return self._same(answer)
        if self.axis is None or len(answer) != len(self.case.output):
            return None
        return self._same(answer[self.axis])

    def _same(self, formula: Any) -> Any:
        """One form of all equal formulas; an output's letter H′ stands for its rule."""
        return formula if isinstance(formula, Fraction) else canonical(evaluate(formula, self.primes))
