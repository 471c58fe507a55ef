"""What is known of a wrong answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..language import Text
from .misconceptions import CATALOGUE, Entry, feedback_for
from .misconceptions.feedback import written


class Cause(NamedTuple):
    """What the misconceptions say of one answer."""

    codes: tuple[str, ...] = ()
    """Those that lead to it."""
    subject: Any = None
    """The layer on its inputs, or the place of a map, from which they do; None where no arithmetic can be shown."""
    answer: Any = None
    note: Text | None = None
    """What else can be said of the answer, without the key."""
    own_codes: tuple[str, ...] = ()
    """Of the codes, those that lead to the answer from the student's own inputs alone."""
    own: Any = None
    """The layer on these inputs."""


NONE = Cause()


def told(cause: Cause, code: str) -> Text:
    """The cause `code` in words, with the student's number worked out again, and a hint."""
    entry = CATALOGUE[code]
    subject = cause.own if code in cause.own_codes else cause.subject
    if subject is None:
        what = Text("{arithmetic}: {cause}", arithmetic=written(cause.answer), cause=entry.feedback)
    else:
        what = feedback_for(entry, subject, _exactly(entry, subject, cause.answer))
    said = Text("{told}. {hint}", told=what, hint=entry.hint)
    return Text("{told} {note}", told=said, note=cause.note) if cause.note else said


def _exactly(entry: Entry, subject: Any, answer: Any) -> Any:
    """What the wrong rule gives; within a tolerance, the answer may differ from it."""
    wrong = entry.wrong(subject)
    return answer if answer in wrong else min(wrong, key=lambda value: abs(value - answer))
