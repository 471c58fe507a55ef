"""What one student is told: every answer with its mark, what was understood and the cause of a mistake; never the key."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from ..language import Text
from ..teach.bounded import once_for_each
from ..teach.outcomes import VERDICTS
from ..teach.results import ItemResult, StudentResult, decimal
from .confusion import confusion
from .confusion import html as html_table
from .harmless import harmless, markdown_literal
from .markup import markdown_table
from .table import Grid, plain_grid
from .width import fold

WIDTH = 80
ROOM = 20_000
"""Answers whose words are kept: marking gives equal answers as one object."""
LONGEST = 1000
"""Characters of a remark."""
SIGNS = {"right": "✓", "carried": "✓", "partial": "~", "wrong": "✗", "blank": "–", "unreadable": "?", "ambiguous": "?"}
"""What says at a glance how an answer is; the words say it too."""


class Told(NamedTuple):
    """One answer, in words of one language."""

    sign: str
    item: str
    verdict: str
    points: str
    answer: str
    """What the student wrote, and what was understood where that looks different."""
    remark: str
    """The cause, and what to ask oneself next."""
    table: Grid | None = None
    """Which labels were taken for which."""


@once_for_each(ROOM)
def told(item: ItemResult, language: str) -> Told:
    """The words for one answer."""
    remark = harmless(item.feedback.into(language), LONGEST) if item.feedback else ""
    return Told(SIGNS[item.verdict], item.item, VERDICTS[item.verdict].into(language), _points(item, language), _answer(item, language), remark, confusion(item.evidence, language))  # fmt: skip


def text(result: StudentResult, title: str, language: str, width: int = WIDTH) -> str:
    """For a terminal or a mail."""
    lines = [*fold(harmless(title), width), *fold(_head(result, language), width)]
    return "\n".join([*lines, *(_as_text(item, language, width) for item in result.items)]) + "\n"


@once_for_each(ROOM)
def _as_text(item: ItemResult, language: str, width: int) -> str:
    each = told(item, language)
    lines = ["", *fold(f"{each.sign} {each.item}: {each.verdict}, {each.points}", width)]
    for part in filter(None, [each.answer, each.remark]):
        lines += [f"  {line}" for line in fold(part, width - 2)]
    if each.table:
        lines += ["", *(f"  {line}" for line in plain_grid(each.table).splitlines())]
    return "\n".join(lines)


def markdown(result: StudentResult, title: str, language: str) -> str:
    """For a page or a comment; what students wrote stands there letter for letter."""
    blocks = [f"# {markdown_literal(title)}", markdown_literal(_head(result, language))]
    return "\n\n".join([*blocks, *(_as_markdown(item, language) for item in result.items)]) + "\n"


@once_for_each(ROOM)
def _as_markdown(item: ItemResult, language: str) -> str:
    each = told(item, language)
    blocks = [f"## {each.sign} {markdown_literal(each.item)}: {each.verdict}, {markdown_literal(each.points)}"]
    blocks += [markdown_literal(part) for part in (each.answer, each.remark) if part]
    if each.table:
        blocks.append(markdown_table(each.table))
    return "\n\n".join(blocks)


STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,"Noto Sans TC","Noto Sans CJK TC",sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}ol{list-style:none;padding:0}
li{border-top:1px solid #8885;padding:.6rem 0;break-inside:avoid}
li p{margin:.2rem 0 0 1.6rem}.line{display:flex;gap:.6rem;align-items:baseline}
.sign{width:1rem;text-align:center;font-weight:700}.item{font-weight:600;overflow-wrap:anywhere}
.points{margin-left:auto;white-space:nowrap;font-variant-numeric:tabular-nums}.answer{opacity:.75;overflow-wrap:anywhere}
table{border-collapse:collapse;margin:.4rem 0 0 1.6rem;font-variant-numeric:tabular-nums;font-size:.85rem}
td,th{border:1px solid #8885;padding:.1rem .4rem;text-align:right;font-weight:400}
@media print{body{margin:0;max-width:none;font-size:11pt}}
""".strip()


def html(result: StudentResult, title: str, language: str) -> str:
    """A page of its own, light or dark as the reader's system is."""
    name = escape(harmless(title))
    items = "\n".join(_as_html(item, language) for item in result.items)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{name}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n<p>{escape(_head(result, language))}</p>\n"
        f"<ol>\n{items}\n</ol>\n</body>\n</html>\n"
    )


@once_for_each(ROOM)
def _as_html(item: ItemResult, language: str) -> str:
    each = told(item, language)
    answer = f'<p class="answer">{escape(each.answer)}</p>' if each.answer else ""
    remark = f"<p>{escape(each.remark)}</p>" if each.remark else ""
    table = html_table(each.table) if each.table else ""
    return (
        f'<li><div class="line"><span class="sign" aria-hidden="true">{each.sign}</span>'
        f'<span class="item">{escape(each.item)}</span><span>{escape(each.verdict)}</span>'
        f'<span class="points">{escape(each.points)}</span></div>{answer}{remark}{table}</li>'
    )


def _head(result: StudentResult, language: str) -> str:
    """Who, how many points, and what is still open."""
    marks = {"student": harmless(result.student), "score": decimal(result.score, 2), "max": decimal(result.max, 2)}
    found = Text("{student}: {score} of {max} points", **marks)
    if result.numbers:
        numbers = ", ".join(f"{name} = {value}" for name, value in result.numbers.items())
        found = Text("{told}. {hint}", told=found, hint=Text("Your numbers: {numbers}", numbers=harmless(numbers)))
    if not result.decided:
        found = Text("{told}. {hint}", told=found, hint=Text("A person has still to decide on some answers"))
    return found.into(language)


def _points(item: ItemResult, language: str) -> str:
    if item.score is None:
        return Text("no points yet, of {max}", max=decimal(item.max, 2)).into(language)
    return Text("{score} of {max} points", score=decimal(item.score, 2), max=decimal(item.max, 2)).into(language)


def _answer(item: ItemResult, language: str) -> str:
    raw, echo = harmless(item.raw), harmless(item.echo)
    if not raw:
        return ""
    unclear = item.verdict in {"unreadable", "ambiguous"} and item.feedback
    if not echo or echo == raw or unclear:  # the remark says then why it is unclear
        return Text("Your answer: {raw}", raw=raw).into(language)
    return Text("Your answer: {raw}, understood as {echo}", raw=raw, echo=echo).into(language)
