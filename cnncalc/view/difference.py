"""What changed between two networks: text, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..arithmetic import Shape
from ..derive.diff import Change, Diff, Effect
from ..language import Text
from .columns import number_text, shape_text, validity
from .markup import markdown_escaped

QUANTITIES = {
    "output": Text("output"),
    "outputs": Text("outputs"),
    "params": Text("parameters"),
    "non_trainable": Text("non-trainable"),
    "macs": Text("MACs"),
    "receptive_field": Text("receptive field"),
    "total_params": Text("Total params"),
    "trainable_params": Text("Trainable params"),
    "non_trainable_params": Text("Non-trainable params"),
    "total_macs": Text("MACs"),
}


def plain(found: Diff) -> str:
    """A paragraph per layer that differs, and the totals."""
    if found.same:
        return str(Text("Nothing differs: {n} layers are the same", n=len(found.after.rows)))
    paragraphs = [
        "\n".join([_head(change), *(f"  {_effect(each)}" for each in change.effects)]) for change in found.changes
    ]
    return "\n\n".join([*paragraphs, "\n".join([*map(_effect, found.totals), *validity(found.after)])])


def markdown(found: Diff) -> str:
    """A list in GitHub's Markdown."""
    if found.same:
        return plain(found)
    lines = []
    for change in found.changes:
        lines.append(f"- **{markdown_escaped(_head(change))}**")
        lines += [f"  - {markdown_escaped(line)}" for line in map(_effect, change.effects)]
    below = [*map(_effect, found.totals), *validity(found.after)]
    return "\n".join([*lines, "", *(f"- {markdown_escaped(line)}" for line in below)])


def json_text(found: Diff) -> str:
    """Schema 1 of the JSON output."""
    return json.dumps(found.to_dict(), indent=2, ensure_ascii=False)


def _head(change: Change) -> str:
    """The layer, and why it differs."""
    row = change.row
    told = {"layer": row.name, "kind": row.kind}
    if change.before is None:
        return str(Text("{layer} ({kind}) is new", **told))
    if change.after is None:
        return str(Text("{layer} ({kind}) is gone", **told))
    renamed = [str(Text("it was {name}", name=change.before.name))] if change.before.name != row.name else []
    why = [
        *(f"{each.name} {_setting(each.before)} → {_setting(each.after)}" for each in change.settings),
        *_sees(change),
    ]
    why = why or [str(Text("what comes before it reads more or less of the input"))]
    return f"{row.name} ({row.kind}): {'; '.join([*why, *renamed])}"


def _sees(change: Change) -> Iterator[str]:
    for old, new in change.seen:
        yield _sees_channels(old, new) or str(Text("sees {new} instead of {old}", new=shape_text(new), old=shape_text(old)))  # fmt: skip


def _sees_channels(old: Shape, new: Shape) -> str | None:
    """Of maps that differ in their last axis alone: how many channels."""
    if len(old) < 2 or old[:-1] != new[:-1]:
        return None
    return str(Text("sees {new} channels instead of {old}", new=new[-1], old=old[-1]))


def _effect(effect: Effect) -> str:
    name = QUANTITIES[effect.quantity]
    if effect.before is None or effect.after is None:
        return f"{name} {_value(effect.after if effect.before is None else effect.before)}"
    if effect.before == effect.after:
        return f"{name} {_value(effect.after)}"
    return f"{name} {_value(effect.before)} → {_value(effect.after)}{_growth(effect)}"


def _growth(effect: Effect) -> str:
    """By how much a number grew."""
    if not isinstance(effect.before, int) or not isinstance(effect.after, int):
        return ""
    return f" ({effect.after - effect.before:+,})"


def _setting(value: Any) -> str:
    """A field's value; pairs, such as paddings, stay as a file writes them."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return str([list(pair) for pair in value])
    return _value(value)


def _value(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join(map(shape_text, value))
    if isinstance(value, bool) or value is None:
        return str(value)
    return shape_text(value) if isinstance(value, tuple) else number_text(value)
