"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from ..architecture.build import InputShape
from ..language import Text, known

ARCH = str(
    Text(
        "An architecture file (YAML, JSON or TOML), a Keras model (.json, .keras), or Python source of one Sequential; - is standard input."
    )
)
INPUT = str(Text("The input's shape instead of the file's, as in 32,32,3; a name such as H is a symbol. With several inputs: image=32,32,3 (may be repeated)."))  # fmt: skip
SET = str(Text("Set a variable of the file, as in F=64 (may be repeated)."))
LANG = str(Text("en or zh-TW; else CNNCALC_LANG, else the locale."))

CONVENTIONS = ("macs", "flops", "fvcore", "ptflops", "ptflops-aten", "thop", "thop-0.0.31", "torchinfo", "torch", "deepspeed")  # fmt: skip
"""The names in `derive.conventions`, which only a command that counts by one loads."""


def _language(value: str | None) -> str | None:
    if value is not None and known(value) is None:
        raise typer.BadParameter(str(Text("{value} is not a language; there are en and zh-TW", value=repr(value))))
    return value


Arch = Annotated[str, typer.Argument(metavar="ARCH", help=ARCH, show_default=False)]
Input = Annotated[list[str] | None, typer.Option("--input", metavar="SHAPE", help=INPUT, show_default=False)]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=SET, show_default=False)]
Lang = Annotated[str | None, typer.Option("--lang", metavar="LANG", help=LANG, callback=_language, show_default=False)]


def input_shape(texts: list[str] | None) -> InputShape | None:
    """The value of `--input`: one shape, or shapes by name."""
    if not texts:
        return None
    named = {}
    for text in texts:
        name, sign, shape = text.rpartition("=")
        if not sign and len(texts) > 1:
            message = Text("several shapes need names, as in image={shape}", shape=shape)
            raise typer.BadParameter(str(message), param_hint="--input")
        named[name.strip()] = tuple(_axis(axis) for axis in _axes(shape))
    return named.get("", named)


def _axes(shape: str) -> list[str]:
    """The axes of 32,32,3 and of 32x32x3."""
    axes = [axis.strip() for axis in re.split(r",|(?<=\d)[xX×](?=\d)", shape.strip("()[] "))]
    if not all(axes):
        message = Text("takes a shape such as 32,32,3, not {shape}", shape=repr(shape))
        raise typer.BadParameter(str(message), param_hint="--input")
    return axes


def _axis(text: str) -> Any:
    if text.lower() in {"none", "null", "?"}:
        return None
    return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else text


def settings(texts: list[str] | None) -> dict[str, Any]:
    """The values of `--set` by name."""
    chosen = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            message = Text("takes NAME=VALUE, such as F=64, not {text}", text=repr(text))
            raise typer.BadParameter(str(message), param_hint="--set")
        chosen[name.strip()] = _axis(value.strip())
    return chosen
