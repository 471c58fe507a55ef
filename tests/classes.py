"""Made-up results of classes, for tests of what comes out of grading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from cnncalc.language import Text
from cnncalc.teach.misconceptions import smallest
from cnncalc.teach.outcomes import Outcome, Outcomes, Spelling
from cnncalc.teach.results import ItemResult, StudentResult

Given = tuple[str, Any, Any, tuple[str, ...]]
"""Verdict, what was understood, score (None: undecided), codes."""


def item(
    name: str, given: Given, points: Any = 1, raw: str | None = None, feedback: Text | None = None, *, manual: bool = False
) -> ItemResult:  # fmt: skip
    verdict, value, score, codes = given
    mark = None if score is None else Fraction(score)
    echo = "" if value is None else str(value)
    written = echo if raw is None else raw
    outcome = Outcome(name, value, verdict, mark, Fraction(points), codes, feedback, manual=manual)  # type: ignore[arg-type]
    return ItemResult(Spelling(written, echo, feedback if verdict == "unreadable" else None), outcome)


def student(name: str, items: Sequence[ItemResult], manual: Mapping[str, Any] | None = None, /, **details: str) -> StudentResult:  # fmt: skip
    causes = smallest([frozenset(each.codes) for each in items if each.codes])
    by_hand = {key: Fraction(mark) for key, mark in (manual or {}).items()}
    outcomes = Outcomes(tuple(each.outcome for each in items), causes)
    return StudentResult(name, tuple(each.spelling for each in items), outcomes, details, by_hand)


def scored(name: str, scores: Sequence[Any], points: Sequence[Any] | None = None) -> StudentResult:
    """A student of whom only the marks matter: items are called a, b, c."""
    most = points or [1] * len(scores)
    verdicts = [("ambiguous" if mark is None else "right" if mark else "wrong", 7, mark, ()) for mark in scores]
    return student(name, [item(chr(97 + i), given, most[i]) for i, given in enumerate(verdicts)])


marks = st.none() | st.fractions(0, 3, max_denominator=6)
"""Also None, which waits for a person."""

WRONG: list[Given] = [
    ("right", 320, 2, ()),
    ("wrong", 288, 0, ("P01",)),
    ("wrong", 576, 0, ("P01", "P03")),
    ("wrong", 640, 0, ("P02",)),
    ("wrong", 99, 0, ()),
    ("partial", (26, 26), Fraction(2, 3), ("S06",)),
    ("carried", 18, Fraction(3, 2), ()),
    ("blank", None, 0, ()),
    ("ambiguous", None, None, ()),
    ("unreadable", None, 0, ()),
]
"""Answers worth 2 points; the last three have no value."""


def classes(items: int = 4, most: int = 60) -> st.SearchStrategy[list[StudentResult]]:
    """Students with random answers to the items a, b, c, ..."""
    answers = st.lists(st.sampled_from(WRONG), min_size=items, max_size=items)
    return st.lists(answers, max_size=most).map(
        lambda rows: [
            student(f"s{n}", [item(chr(97 + i), given, 2) for i, given in enumerate(row)]) for n, row in enumerate(rows)
        ]
    )
