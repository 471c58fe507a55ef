"""Worksheets and keys as one page that needs nothing else: light, dark, and printed on A4 with room for answers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..language import Text
from .harmless import harmless
from .paper import Asked, Cells, Paper, legend
from .table import Grid

STYLE = """
:root{color-scheme:light dark;--line:#0003;--soft:#555;--paper:#fff;--ink:#1a1a1a;--right:#2f6f9f}
@media (prefers-color-scheme:dark){:root{--line:#fff3;--soft:#aaa;--paper:#17191c;--ink:#e8e8e8;--right:#7fb8de}}
body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Noto Sans TC","Noto Sans CJK TC",sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 1rem;overflow-wrap:anywhere}p{margin:.6rem 0}.text{white-space:pre-line}
.student{display:flex;gap:1.5rem;flex-wrap:wrap;margin:0 0 1.2rem}.student span{display:flex;gap:.5rem;align-items:baseline;flex:1 1 9rem}
.student span:first-child{flex:2 1 16rem}.student b{font-weight:400;color:var(--soft);white-space:nowrap}.student i{flex:1;min-width:4rem;font-style:normal;border-bottom:1px solid var(--ink)}
.wide{overflow-x:auto;margin:0 0 1.6rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{font-weight:500;color:var(--soft);font-size:.85rem;vertical-align:bottom;white-space:nowrap}tbody th{font-weight:600}
.n{text-align:right;white-space:nowrap}.soft{color:var(--soft);font-size:.85rem}.any{overflow-wrap:anywhere}.block{display:block}
.asked td{padding-top:.6rem;padding-bottom:.6rem}.asked tr{break-inside:avoid}.asked .room{width:40%;min-width:9rem;padding-right:0}
.room i{display:block;border-bottom:1px solid var(--ink);height:1.6rem}.room .box{border:1px solid var(--line);height:auto}
.room .tick{display:inline-block;width:.85em;height:.85em;border:1px solid var(--ink);margin:0 .4em -.05em 0}.room .one{margin-right:1.4em;white-space:nowrap}
.right{color:var(--right);font-weight:600;overflow-wrap:anywhere}.maps{display:flex;flex-wrap:wrap;gap:.8rem 2rem;margin:.5rem 0}.maps figure{margin:0}
.matrix{width:auto;border-collapse:separate;border-spacing:0;border:solid;border-width:0 1.5px;border-radius:.6rem}.matrix td{border:0;padding:0 .45rem;text-align:right;line-height:1.35}
@media print{@page{size:A4;margin:16mm}:root{color-scheme:light;--line:#0004;--soft:#444;--paper:#fff;--ink:#000;--right:#000}
body{margin:0;padding:0;max-width:none;font-size:10.5pt}.wide{overflow:visible}thead{display:table-header-group}.network tr{break-inside:avoid}}
""".strip()


def html(paper: Paper, language: str) -> str:
    """The whole page."""
    title = escape(paper.title)
    body = "\n".join(_parts(paper))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>"
    )


def _parts(paper: Paper) -> Iterator[str]:
    if paper.role == "worksheet":
        name = f"<i>{escape(paper.student)}</i>"
        blanks = (
            f"{_say(Text('Student'))}</b>{name}",
            f"{_say(Text('Date'))}</b><i></i>",
            f"{_say(Text('Score'))}</b><i></i><b>/ {escape(paper.points)}</b>",
        )
        yield f'<p class="student">{"".join(f"<span><b>{blank}</span>" for blank in blanks)}</p>'
    if paper.text:
        yield f'<p class="text">{_lines(paper.text)}</p>'
    if paper.network is not None:
        yield _network(paper.network)
    yield _questions(paper)


def _say(text: Text) -> str:
    return escape(str(text))


def _breakable(name: str) -> str:
    """A name that may be parted after its dots and underscores."""
    return escape(name).replace(".", ".<wbr>").replace("_", "_<wbr>")


def _lines(text: str) -> str:
    """The teacher's words, with the ends of their lines."""
    return "\n".join(escape(harmless(line, len(line) or 1)) for line in text.splitlines())


def _network(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in grid.titles)
    rows = "\n".join(
        f'<tr><th scope="row">{_breakable(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for name, *rest in grid.rows
    )
    return f'<div class="wide network"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'


def _questions(paper: Paper) -> str:
    titles = [("n", "#"), ("", str(Text("question"))), ("n", str(Text("points"))), ("room", str(Text("answer")))]
    head = "".join(f'<th scope="col"{_class(kind)}>{escape(title)}</th>' for kind, title in titles)
    rows = "\n".join(map(_question, paper.asked))
    return f'<div class="wide"><table class="asked">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _question(asked: Asked) -> str:
    room = _room(asked) if asked.answer is None else _filled(asked)
    return (
        f'<tr><td class="n">{asked.number}.</td><td class="any">{escape(asked.words)}<span class="soft block">{_breakable(asked.item)}</span>'
        f'{"".join(_material(asked))}</td><td class="n">{escape(asked.points)}</td><td class="room">{room}</td></tr>'
    )


def _material(asked: Asked) -> Iterator[str]:
    """What the question needs beside the network."""
    if asked.matrices:
        figures = (f'<figure><figcaption class="soft">{escape(title)}</figcaption>{_matrix(matrix)}</figure>' for title, matrix in asked.matrices)  # fmt: skip
        yield f'<div class="maps">{"".join(figures)}</div>'
    for note in (*asked.notes, legend(asked.letters)):
        if note:
            yield f'<span class="soft block">{escape(note)}</span>'


def _matrix(matrix: Cells) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in matrix)
    return f'<table class="matrix"><tbody>{rows}</tbody></table>'


def _room(asked: Asked) -> str:
    """Where the answer is written: a line, a box for a matrix, or boxes to tick."""
    ticks = asked.options or ((str(Text("true")), str(Text("false"))) if asked.kind == "truth" else ())
    if ticks:
        return "".join(f'<span class="one"><span class="tick"></span>{escape(tick)}</span> ' for tick in ticks)
    if asked.kind == "matrix":  # as high as the picture: a map has hardly more rows
        return f'<i class="box" style="min-height:{max(8, round(1.35 * len(asked.matrices[0][1])))}em"></i>'
    return "<i></i>"


def _filled(asked: Asked) -> str:
    answer = asked.answer
    assert answer is not None, "asked by the caller"
    if answer.matrix is not None:
        return _matrix(answer.matrix)
    options = f'<span class="soft block">{escape(", ".join(asked.options))}</span>' if asked.options else ""
    return f'<span class="right">{escape(answer.words)}</span>{options}'
