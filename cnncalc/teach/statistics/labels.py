"""Words for what the numbers of an item say, where there are enough students to say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...language import Text
from .findings import WrongValue

ENOUGH = 30
"""Students below which no item is judged."""

FACILITY = (
    (Fraction(95, 100), Text("extremely easy")),
    (Fraction(90, 100), Text("very easy")),
    (Fraction(81, 100), Text("easy")),
    (Fraction(66, 100), Text("fairly easy")),
    (Fraction(35, 100), Text("about right")),
    (Fraction(20, 100), Text("moderately difficult")),
    (Fraction(11, 100), Text("difficult")),
    (Fraction(6, 100), Text("very difficult")),
    (Fraction(0), Text("extremely difficult, or something is wrong with it")),
)
"""From which mean share of the points on an item is called what: the Open University's bands
(openlearncreate, "Learning from Moodle quizzes", 4.2)."""

FAIRLY = 0.20
TELLING = (
    (0.40, Text("tells students apart very well")),
    (0.30, Text("tells students apart well")),
    (FAIRLY, Text("tells students apart fairly")),
    (-1.0, Text("hardly tells students apart")),
)
"""From which item-rest correlation on: after Ebel and Frisbie, "Essentials of Educational Measurement"."""

SEVERAL = 3
"""Students below which a wrong answer is not common, however small the class."""

LARGE = Fraction(1, 5)
"""A share of the class with one and the same wrong answer that points at the question."""


def labels_of(facility: Fraction | None, correlation: float | None) -> tuple[Text, ...]:
    """How difficult an item was, and how well it told students apart."""
    found = [] if facility is None else [_band(facility, FACILITY)]
    return tuple(found if correlation is None else [*found, _band(correlation, TELLING)])


def _band(value: Fraction | float, bands: Sequence[tuple[Fraction | float, Text]]) -> Text:
    return next((text for least, text in bands if value >= least), bands[-1][1])


def warnings_of(values: Sequence[WrongValue], correlation: float | None) -> Iterator[Text]:
    """What makes one look at the question again."""
    if any(not value.codes and value.share >= LARGE and value.students >= SEVERAL for value in values):
        yield Text(
            "a wrong answer without a known cause is common: look at the question and its key, or name the cause"
        )
    if correlation is not None and correlation <= -FAIRLY:  # nearer to 0 it may well be chance
        yield Text("who did well elsewhere did badly here: look at the question and its key")
