"""How a class did, as one page that needs nothing else: no script, no file beside it; light, dark and printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from ..language import Text
from ..teach.outcomes import VERDICTS, Verdict
from ..teach.plain import plain
from ..teach.results import decimal
from ..teach.statistics import ClassFindings, CodeFindings, Group, ItemFindings, WrongValue
from . import class_bars
from .class_bars import Column, histogram, level
from .class_words import cause, causes, correlation, count, few, headline, method, percent, suspicious
from .harmless import harmless

STYLE = """
:root{color-scheme:light dark;--bar:#2f6f9f;--track:#0001;--line:#0003;--soft:#555;--paper:#fff;--ink:#1a1a1a}
@media (prefers-color-scheme:dark){:root{--bar:#7fb8de;--track:#fff2;--line:#fff3;--soft:#aaa;--paper:#17191c;--ink:#e8e8e8}}
body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Noto Sans TC","Noto Sans CJK TC",sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
dl{display:flex;flex-wrap:wrap;gap:.6rem 2.2rem;margin:0}dl div{display:flex;flex-direction:column-reverse}
dt,.soft{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{word-break:keep-all;font-weight:500;color:var(--soft);font-size:.85rem;vertical-align:bottom}
th.n,td.n{text-align:right}td.n{white-space:nowrap}td .soft{display:block}.item{font-weight:600;min-width:7rem}.any{overflow-wrap:anywhere}
.level{display:inline-block;margin-left:.6rem;vertical-align:middle}.warn{font-weight:600}.warn::before{content:"! "}
.meter{white-space:nowrap}td.meter .n{display:inline-block;min-width:3.2rem;text-align:right}td.meter .pair{min-width:6.2rem}
footer{margin-top:2.5rem;border-top:1px solid var(--line);font-size:.85rem;color:var(--soft)}footer p{margin:.4rem 0}
@media print{@page{margin:14mm}:root{color-scheme:light;--bar:#2f6f9f;--track:#0001;--line:#0004;--soft:#444;--paper:#fff;--ink:#000}
html{font-size:9pt}body{margin:0;padding:0;max-width:none;font-size:1rem}th,td{padding:.25rem .4rem .25rem 0}.level{width:48px;margin-left:.3rem}
td .soft{display:inline}td .soft+.soft::before{content:"; "}td .item+.soft::before{content:"\\A";white-space:pre}.wide{overflow:visible}tr,svg,dl{break-inside:avoid}h2{break-after:avoid}
.private{break-before:page}h2{margin-top:1.4rem}dl{gap:.4rem 1.4rem}thead{display:table-header-group}}
""".strip()

ASIDE: dict[Verdict, Text] = {
    "right": VERDICTS["right"],
    "carried": Text("carried"),
    "partial": VERDICTS["partial"],
    "wrong": VERDICTS["wrong"],
    "blank": VERDICTS["blank"],
}
"""Verdicts with a column of their own; the others stand together."""


def page(found: ClassFindings, title: str, language: str, facts: Mapping[str, str] | None = None, *, named: bool = True) -> str:  # fmt: skip
    """The whole page; `facts` (hashes, versions) stand at the end. Without `named` it names no student."""
    return _Page(found, language).whole(title, facts or {}, named=named)


class _Page:
    def __init__(self, found: ClassFindings, language: str) -> None:
        self.found = found
        self.language = language

    def whole(self, title: str, facts: Mapping[str, str], *, named: bool) -> str:
        name = escape(harmless(title))
        parts = [
            self._head(),
            self._distribution(),
            self._questions(),
            self._values(),
            self._causes(),
            self._not_shown(),
        ]
        body = "\n".join(filter(None, [*parts, self._talks() if named else "", self._foot(facts)]))
        return (
            f'<!doctype html>\n<html lang="{self.language}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{name}</title>\n'
            f"<style>{STYLE}\n{class_bars.STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{body}\n</body>\n</html>\n"
        )

    def _say(self, text: Text) -> str:
        return escape(text.into(self.language))

    def _head(self) -> str:
        told = "".join(f"<div><dt>{self._say(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in headline(self.found))  # fmt: skip
        return f"<dl>{told}</dl>"

    def _section(self, title: Text, body: str, *, private: bool = False) -> str:
        kind = ' class="private"' if private else ""
        return f"<section{kind}>\n<h2>{self._say(title)}</h2>\n{body}\n</section>"

    def _table(self, titles: Iterable[tuple[Text | None, bool]], rows: Iterable[str]) -> str:
        """`titles` say whether their column is one of numbers."""
        head = "".join(f"<th{' class=' + chr(34) + 'n' + chr(34) if right else ''}>{self._say(text) if text else ''}</th>" for text, right in titles)  # fmt: skip
        body = "\n".join(f"<tr>{row}</tr>" for row in rows)
        return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'

    def _distribution(self) -> str:
        found = self.found
        columns = [Column(f"{percent(each.low)[:-2]}–{percent(each.high)}", each.students) for each in found.bins]
        if not columns or found.mean is None:
            return ""
        title, below = Text("Distribution of marks"), Text("share of the points; on the bars: students")
        mean = (found.mean / found.max, Text("mean {n}", n=percent(found.mean / found.max)).into(self.language))
        return self._section(title, histogram(columns, few(found), title.into(self.language), below.into(self.language), mean))  # fmt: skip

    def _questions(self) -> str:
        titles = [(Text("Question"), False), (Text("Points"), True), (Text("Difficulty"), False)]
        titles += [(title, True) for title in ASIDE.values()]
        titles += [(Text("not read"), True), (Text("Item–rest correlation"), True)]
        return self._section(Text("Questions"), self._table(titles, map(self._question, self.found.items)))

    def _question(self, item: ItemFindings) -> str:
        labels = [f'<span class="soft">{self._say(text)}</span>' for text in item.labels]
        warnings = [f'<span class="soft warn">{self._say(text)}</span>' for text in item.warnings]
        cells = [self._count(item.verdicts[verdict]) for verdict in ASIDE]
        return (
            f'<td><span class="item">{_breakable(item.item)}</span>{"".join(labels + warnings)}</td>'
            f'<td class="n">{decimal(item.points, 2)}</td>{self._meter(item)}{"".join(cells)}{self._unread(item)}'
            f'<td class="n">{escape(correlation(item))}</td>'
        )

    def _meter(self, item: ItemFindings) -> str:
        bar = level(item.facility) if item.facility is not None else ""
        return f'<td class="meter"><span class="n">{percent(item.facility)}</span>{bar}</td>'

    def _count(self, number: int | None) -> str:
        return f'<td class="n">{escape(count(number, self.found))}</td>'

    def _unread(self, item: ItemFindings) -> str:
        """Answers that were not understood, or that a person has to decide."""
        numbers = [number for verdict, number in item.verdicts.items() if verdict not in ASIDE]
        known = [number for number in numbers if number is not None]
        return self._count(None if len(known) < len(numbers) and not sum(known) else sum(known))

    def _values(self) -> str:
        rows = [self._value(item, value, place) for item in self.found.items for place, value in enumerate(item.values)]
        if not rows:
            return ""
        titles = [(Text("Question"), False), (Text("Answer"), True), (Text("Students"), False), (Text("Cause"), False)]
        return self._section(Text("Commonest wrong answers"), self._table(titles, rows))

    def _value(self, item: ItemFindings, value: WrongValue, place: int) -> str:
        name = _breakable(item.item) if place == 0 else ""
        told = harmless(plain(value.value, self.language), 60)
        return (
            f'<td class="item">{name}</td><td class="n">{escape(told)}</td>'
            f'<td class="meter"><span class="n pair">{value.students} ({percent(value.share)})</span>{level(value.share)}</td>'
            f"<td>{escape(causes(value.codes, self.language))}</td>"
        )

    def _causes(self) -> str:
        if not self.found.codes:
            return ""
        titles = [(Text("Cause"), False), (Text("Students"), False), (Text("of those who could show it"), True)]
        if self.found.upper and self.found.lower:
            titles += [(Text("upper group"), True), (Text("lower group"), True)]
        return self._section(Text("Causes of mistakes"), self._table(titles, map(self._code, self.found.codes)))

    def _code(self, code: CodeFindings) -> str:
        found = self.found
        doubt = Text("the best have it more often: look at the question and its key")
        warning = f'<span class="soft warn">{self._say(doubt)}</span>' if suspicious(code, found) else ""
        groups = "".join(self._share(n, group) for n, group in ((code.upper, found.upper), (code.lower, found.lower)) if group)  # fmt: skip
        return (
            f"<td>{escape(cause(code.code, self.language))}{warning}</td>"
            f'<td class="meter"><span class="n pair">{code.students} ({percent(code.share)})</span>{level(code.share)}</td>'
            f'<td class="n">{self._of(code)}</td>{groups}'
        )

    def _of(self, code: CodeFindings) -> str:
        """Students, of those who answered a question that can show it."""
        return escape(few(self.found) if code.chances is None else f"{code.students}/{code.chances}")

    def _not_shown(self) -> str:
        """Questions whose right answer a misconception gives too."""
        rows = [
            f'<td class="item">{_breakable(item.item)}</td>{self._count(item.verdicts["right"])}'
            f"<td>{escape(causes(item.also, self.language))}</td>"
            for item in self.found.items
            if item.also
        ]
        if not rows:
            return ""
        titles = [(Text("Question"), False), (Text("right"), True), (Text("gives the right answer too"), False)]
        return self._section(Text("What right answers do not show"), self._table(titles, rows))

    def _share(self, number: int | None, group: Group) -> str:
        told = few(self.found) if number is None else f"{number}/{group.n}"
        return f'<td class="n">{escape(told)}</td>'

    def _talks(self) -> str:
        reasons: dict[str, list[str]] = {}
        for talk in self.found.talks:
            told = talk.reason.into(self.language)
            named = f"{told}: {cause(talk.code, self.language)}" if talk.code else told
            reasons.setdefault(talk.student, []).append(named)
        if not reasons:
            return ""
        rows = (f'<td class="item any">{escape(harmless(student))}</td><td>{"<br>".join(map(escape, why))}</td>' for student, why in reasons.items())  # fmt: skip
        table = self._table([(Text("Student"), False), (Text("Why"), False)], rows)
        return self._section(Text("Students to talk to"), table, private=True)

    def _foot(self, facts: Mapping[str, str]) -> str:
        return f"<footer>{''.join(self._notes(facts))}</footer>"

    def _notes(self, facts: Mapping[str, str]) -> Iterator[str]:
        for text in method(self.found):
            yield f"<p>{self._say(text)}</p>"
        if facts:
            told = " · ".join(harmless(f"{name} {value}") for name, value in facts.items())
            yield f'<p class="any">{escape(told)}</p>'


def _breakable(name: str) -> str:
    """An item's name, which may be parted after its dots and underscores."""
    return escape(harmless(name)).replace(".", ".<wbr>").replace("_", "_<wbr>")
