"""Texts of students, made harmless: nothing in them steers a terminal, starts a tag or turns a line around."""

from __future__ import annotations

import re
from unicodedata import category

LONGEST = 200
"""Characters of an answer that are shown."""

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$@#!^]|:(?=//)|(?<=www)\.|(?:^|(?<=^\d)|(?<=^\d\d)|(?<=^\d\d\d))[-+=.)])")
"""What means something to Markdown: signs of emphasis, code, tags, links and tables; what begins a list or a line."""


def harmless(text: str, most: int = LONGEST) -> str:
    """The text in one line: blanks for characters that cannot be seen, and not longer than `most`."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    if not cut.isprintable():  # the common case at once
        cut = "".join(" " if category(each) in INVISIBLE else each for each in cut)
    return " ".join(cut.split())


def markdown_literal(text: str, most: int = LONGEST) -> str:
    """The text as Markdown prints it letter for letter, whatever is in it."""
    return MARKUP.sub(r"\\\1", harmless(text, most))
