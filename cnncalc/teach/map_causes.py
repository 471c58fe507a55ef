"""Why a feature map, or one number of it, is wrong: known misconceptions place by place, else which places are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ..architecture import build
from ..derive import derive
from ..language import Text
from ..layers.conv import Conv2D
from .causes import NONE, Cause
from .judging import near
from .maps import Matrix, feature_map, refused, sides, starts, windows
from .misconceptions import Case, Cell, Quantity, applicable, cases_of, values
from .questions import FeatureMap, MapValue

MAX_CELLS = 2_500
"""A map of more numbers is not looked at place by place."""

SHOWN = 5
"""Wrong places that are listed."""

Place = tuple[int, int]


class MapDoctor:
    """One question about a feature map, with what misconceptions make of it."""

    def __init__(self, question: FeatureMap, right: Matrix) -> None:
        self.question, self.right = question, right
        self.small = len(right) * len(right[0]) <= MAX_CELLS

    @cached_property
    def cells(self) -> dict[Place, Cell]:
        """What lies under the filter, place by place."""
        down, across = windows(self.question)
        rows, columns = sides(self.question.image)
        tops, lefts = starts(down, rows), starts(across, columns)
        return {(r, c): self._cell(top, left) for r, top in enumerate(tops) for c, left in enumerate(lefts)}

    @cached_property
    def wrong(self) -> dict[Place, dict[Any, tuple[str, ...]]]:
        """At every place the wrong numbers that misconceptions give."""
        return {place: values(cell, Quantity.VALUE) for place, cell in self.cells.items()}

    @cached_property
    def layer(self) -> Conv2D:
        return Conv2D.model_validate(self._settings())

    @cached_property
    def case(self) -> Case:
        """The layer on the image, for what is known of sizes."""
        rows, columns = sides(self.question.image)
        network = build({"input": [rows, columns, 1], "layers": [{"Conv2D": self._settings()}]})
        return cases_of(derive(network))["conv2d"]

    def cause(self, answer: Any) -> Cause:
        """Of a wrong answer, as far as it is known."""
        if not self.small:
            return NONE
        if isinstance(self.question, MapValue):
            return self._of_value(answer, self.question.at)
        if sides(answer) != sides(self.right):
            return self._of_size(answer)
        return self._of_numbers(answer)

    def also(self) -> tuple[str, ...]:
        """The misconceptions that change nothing here: a right answer is no evidence against them."""
        if not self.small:
            return ()
        places = [self.question.at] if isinstance(self.question, MapValue) else list(self.cells)
        known = [entry.code for entry in applicable(self.cells[places[0]], Quantity.VALUE)]
        telling = {code for place in places for codes in self.wrong[place].values() for code in codes}
        return tuple(code for code in known if code not in telling)

    def _cell(self, top: int, left: int) -> Cell:
        image, kernel = self.question.image, self.question.filter
        rows, columns = sides(image)
        spots = [(top + i, left + j) for i in range(len(kernel)) for j in range(len(kernel[0]))]
        patch = tuple(image[r][c] if 0 <= r < rows and 0 <= c < columns else None for r, c in spots)
        return Cell(self.layer, (patch,), (tuple(weight for line in kernel for weight in line),), self.question.bias)

    def _settings(self) -> dict[str, Any]:
        asked = self.question
        return {"filters": 1, "kernel_size": list(sides(asked.filter)), "strides": asked.strides, "padding": asked.padding}  # fmt: skip

    def _near(self, one: Any, other: Any) -> bool:
        return near(one, other, self.question.tolerance)

    def _codes(self, place: Place, value: Any) -> frozenset[str]:
        """The misconceptions that give this number at this place."""
        return frozenset(code for wrong, codes in self.wrong[place].items() if self._near(value, wrong) for code in codes)  # fmt: skip

    def _of_numbers(self, answer: Any) -> Cause:
        """A map of the right size: the causes that all its wrong numbers have in common, and where these are."""
        bad = [place for place in self.cells if not self._near(_at(answer, place), _at(self.right, place))]
        common = frozenset[str].intersection(*(self._codes(place, _at(answer, place)) for place in bad))
        codes = tuple(entry.code for entry in applicable(self.cells[bad[0]], Quantity.VALUE) if entry.code in common)
        note = None if codes and len(bad) == len(self.cells) else _places(bad, len(self.cells))
        return Cause(codes, self.cells[bad[0]], _at(answer, bad[0]), note)

    def _of_value(self, answer: Any, at: Place) -> Cause:
        """One number: a wrong rule at its place, else the number of another place or of other settings."""
        known = self._codes(at, answer)
        if codes := tuple(entry.code for entry in applicable(self.cells[at], Quantity.VALUE) if entry.code in known):
            return Cause(codes, self.cells[at], answer)
        if codes := tuple(code for code, other in self._others() if self._near(answer, _at(other, at))):
            return Cause(codes, answer=answer)
        elsewhere = [place for place in self.cells if self._near(answer, _at(self.right, place))]
        likely = [place for place in ((at[0] - 1, at[1] - 1), (at[1], at[0])) if place in elsewhere]
        if not likely and len(elsewhere) != 1:
            return NONE
        row, column = (likely or elsewhere)[0]
        note = Text("This is the number at row {row}, column {column}; rows and columns are counted from 0.", row=row, column=column)  # fmt: skip
        return Cause(note=note)

    def _of_size(self, answer: Any) -> Cause:
        """A map of another size: the causes of its size, those first that explain its numbers too."""
        rows, columns = sides(answer)
        codes = values(self.case, Quantity.SHAPE).get((rows, columns, 1), ())
        exact = [code for code, other in self._others() if self._near(answer, other)]
        codes = tuple(code for code in codes if code in exact) or codes
        note = Text("A map of {rows} rows and {columns} columns does not have the right size. At how many places does the filter fit?", rows=rows, columns=columns)  # fmt: skip
        return Cause(codes, self.case, (rows, columns, 1)) if codes else Cause(note=note)

    def _others(self) -> Iterator[tuple[str, Matrix]]:
        """The maps by other settings, each with the misconception of sizes that takes them."""
        asked = self.question
        if asked.strides > 1:
            yield from self._with("S04", strides=1)
        if isinstance(asked.padding, int) and asked.padding:
            yield from self._with("S03", padding=0)
        if asked.padding in {"valid", 0}:
            yield from self._with("S27", padding="same")
        if asked.padding == "same":
            yield from self._with("S11", padding=1)

    def _with(self, code: str, **settings: Any) -> Iterator[tuple[str, Matrix]]:
        other = self.question.model_copy(update=settings)
        if refused(other) is None:
            found = feature_map(other)
            row, column = self.question.at if isinstance(self.question, MapValue) else (0, 0)
            if row < len(found) and column < len(found[0]):
                yield code, found


def _at(matrix: Any, place: Place) -> Any:
    return matrix[place[0]][place[1]]


def _places(bad: list[Place], all_: int) -> Text:
    """How many numbers are wrong, and which where it is not most of them."""
    if 2 * len(bad) > all_:
        return Text("{n} of the {all} numbers are not right.", n=len(bad), all=all_)
    listed = ", ".join(f"({row}, {column})" for row, column in bad[:SHOWN])
    more = " …" if len(bad) > SHOWN else ""
    return Text("{n} of the {all} numbers are not right: at (row, column), counted from 0, {places}.", n=len(bad), all=all_, places=listed + more)  # fmt: skip
