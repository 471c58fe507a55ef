"""Whether an answer is right: exactly for integers and shapes, by equality of formulas, by trying a setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..algebra.equality import equal
from ..algebra.reading import FormulaError, formula
from ..architecture import Architecture
from ..expression import evaluate
from .conditions import conditions_of, met
from .key import Key
from .predictions import accuracy
from .questions import Design, FeatureMap, Predictions, Solve
from .solving import gives

__all__ = ["near", "right"]


def right(key: Key, answer: Any, architecture: Architecture | None = None) -> bool:
    """Whether an answer that was understood is right; only settings need the network.

    Numbers are compared exactly, but for the tolerance that a question about a feature map may set.
    """
    question = key.item.question
    match question:
        case Solve() if architecture is not None:
            return gives(architecture, question, answer)
        case FeatureMap():
            return near(answer, key.value, question.tolerance)
        case Design():
            return met(conditions_of(question.must), answer) == 1
        case Predictions():
            return accuracy(answer) >= question.accuracy
    if key.item.answer == "formula":
        return _equal(answer, key.value, key.primes)
    return type(answer) is not bool and bool(answer == key.value) if key.item.answer != "truth" else answer is key.value


def near(answer: Any, value: Any, tolerance: Any) -> bool:
    """Number by number, in matrices of one size."""
    if isinstance(value, tuple):
        same = isinstance(answer, tuple) and len(answer) == len(value)
        return same and all(near(one, other, tolerance) for one, other in zip(answer, value, strict=True))
    return not isinstance(answer, (tuple, str)) and bool(abs(answer - value) <= tolerance)


def _equal(answer: Any, value: Any, primes: Mapping[str, Any]) -> bool:
    """Equal for all numbers; an output's letter H′ stands for its formula."""
    try:
        read = formula(answer) if isinstance(answer, str) else answer
    except FormulaError:
        return False
    return equal(evaluate(read, primes), evaluate(value, primes)).equal
