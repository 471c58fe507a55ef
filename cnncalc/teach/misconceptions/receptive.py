"""Receptive fields: R codes."""

from __future__ import annotations

from collections.abc import Callable

from ...arithmetic import Dim
from ...language import Text
from ...window import Window
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case, Seen
from .kinds import SLIDING


def on_fields(rule: Callable[[Seen, Window], Dim]) -> Callable[[Case], Answers]:
    """The wrong rule on every axis: what the layer before sees, and the window."""

    def wrong(case: Case) -> Answers:
        return (tuple(rule(seen, axis.window) for seen, axis in zip(case.seen, case.axes, strict=True)),)

    return wrong


def _jumps(case: Case) -> bool:
    return any(seen.jump != 1 for seen in case.seen)


def _strided(case: Case) -> bool:
    return any(window.stride > 1 for window in case.windows)


def _deep(case: Case) -> bool:
    return any(seen.size != 1 for seen in case.seen)


def _gaps(case: Case) -> bool:
    return any(window.dilation > 1 for window in case.windows)


FIELD = Quantity.FIELD

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "R01", FIELD, SLIDING,
        Text("own window alone"),
        Text("only this layer's window was counted"),
        Text("What do the pixels in this window see themselves?"),
        JUDGMENT,
        on_fields(lambda _, w: w.extent), _deep,
    ),
    Misconception(
        "R02", FIELD, SLIDING,
        Text("earlier strides ignored"),
        Text("the window was counted in pixels of the map before, not of the image"),
        Text("How many pixels of the image lie between two neighbours on the map that this layer reads?"),
        JUDGMENT,
        on_fields(lambda seen, w: seen.size + w.extent - 1), _jumps,
    ),
    Misconception(
        "R03", FIELD, SLIDING,
        Text("− 1 forgotten"),
        Text("the whole window was added, but its first pixel has been counted already"),
        Text("By how much does the field grow for each further pixel of the window?"),
        JUDGMENT,
        on_fields(lambda seen, w: seen.size + w.extent * seen.jump),
    ),
    Misconception(
        "R04", FIELD, SLIDING,
        Text("own stride for the jump"),
        Text("this layer's own stride was used, not the product of those before"),
        Text("Does the stride of a layer change what its own window sees?"),
        JUDGMENT,
        on_fields(lambda seen, w: seen.size + (w.extent - 1) * w.stride), _strided,
    ),
    Misconception(
        "R05", FIELD, SLIDING,
        Text("jump after the layer"),
        Text("the jump was multiplied by this layer's stride too early"),
        Text("Does the stride of a layer change what its own window sees?"),
        JUDGMENT,
        on_fields(lambda seen, w: seen.size + (w.extent - 1) * seen.jump * w.stride), _strided,
    ),
    Misconception(
        "R06", FIELD, SLIDING,
        Text("gaps of the kernel ignored"),
        Text("the dilation was left out"),
        Text("How far is it from the first tap of the kernel to the last one?"),
        JUDGMENT,
        on_fields(lambda seen, w: seen.size + (w.size - 1) * seen.jump), _gaps,
    ),
    Misconception(
        "R07", FIELD, SLIDING,
        Text("windows multiplied"),
        Text("the windows were multiplied"),
        Text("How much of their fields do two neighbours on the map share?"),
        JUDGMENT,
        on_fields(lambda seen, w: seen.size * w.extent), _deep,
    ),
    Misconception(
        "R08", FIELD, SLIDING,
        Text("field unchanged"),
        Text("the field is that of the layer before"),
        Text("How many pixels of the map before does one output of this layer see?"),
        JUDGMENT,
        on_fields(lambda seen, _: seen.size), lambda c: any(window.extent > 1 for window in c.windows),
    ),
)  # fmt: skip
