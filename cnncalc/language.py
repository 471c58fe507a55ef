"""The languages people read. English stands in the code; a gettext catalogue holds each other one.

A `Text` keeps its template and its values apart and is looked up only when it is shown, so one error
can be read in both languages.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from gettext import NullTranslations

LANGUAGES = {"en": None, "zh-TW": "zh_TW"}
"""A language as people name it, and the folder of its catalogue (English needs none)."""

CATALOGUES = Path(__file__).parent / "locale"

_chosen: str | None = None


class Text:
    """A sentence for people: an English template with named values."""

    __slots__ = ("template", "values")

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.into(current())

    def into(self, language: str) -> str:
        """The sentence in `language`, whatever is current; texts among the values follow it."""
        template = catalogue(language).gettext(self.template) if LANGUAGES[language] else self.template
        if not self.values:
            return template
        values = {k: v.into(language) if isinstance(v, Text) else v for k, v in self.values.items()}
        return template.format(**values)

    def __repr__(self) -> str:
        return f"Text({self.into('en')!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(self.template)


def use(language: str | None) -> None:
    """Choose the language of every text shown from now on; None asks the environment again."""
    global _chosen
    _chosen = language


def current() -> str:
    """The language in force: the chosen one, else `CNNCALC_LANG`, else the locale's."""
    return _chosen or preferred([], os.environ)


def preferred(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for: by `--lang`, then `CNNCALC_LANG`, then the locale."""
    wishes = [_after_flag(arguments), environment.get("CNNCALC_LANG")]
    wishes += [environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return next((found for wish in wishes if wish and (found := known(wish))), "en")


def known(wish: str) -> str | None:
    """The language that `wish` (zh-TW, zh_TW.UTF-8, zh-Hant, en_US, C) names, or None."""
    tag = wish.split(".")[0].replace("_", "-").lower()
    if tag in {"zh-tw", "zh-hant", "zh-hant-tw", "zh-hk", "zh"}:
        return "zh-TW"
    return "en" if tag.split("-")[0] in {"en", "c", "posix"} else None


def _after_flag(arguments: Sequence[str]) -> str | None:
    for argument, following in zip(arguments, [*arguments[1:], None], strict=False):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


@cache
def catalogue(language: str) -> NullTranslations:
    """The compiled catalogue of a language other than English."""
    from gettext import translation  # noqa: PLC0415 - English, the common case, never needs it

    return translation("cnncalc", CATALOGUES, [LANGUAGES[language] or ""])
