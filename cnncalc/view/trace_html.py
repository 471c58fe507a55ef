"""A trace as a page of its own, light or dark as the reader's system is."""

from __future__ import annotations

from html import escape

from ..witness.tracing.trace import Trace
from .tracing import Block, Equation, Grids, Heading, Listing, Note, Picture, blocks, title

STYLE = """
:root{color-scheme:light dark;--line:#8885;--pad:#8883;--text:#8a8a8a;--win:#2e9d5b}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1rem;margin:1.6rem 0 .4rem}
.row{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem 1rem;margin:.6rem 0}
.row>b{flex-basis:100%;font-weight:500}.sign{font-size:1.4rem}
figure{margin:0;max-width:100%;overflow-x:auto}figcaption{font-size:.8rem;color:var(--text)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{padding:.2rem .55rem;text-align:right}figure td{border:1px solid var(--line);min-width:1.6rem}
.padding{background:var(--pad);color:var(--text)}.chosen{background:var(--win);color:#fff;font-weight:600}
.list th{border-bottom:1px solid var(--line);font-weight:500;color:var(--text)}
.eq{font-variant-numeric:tabular-nums;margin:.4rem 0;overflow-wrap:anywhere}p{margin:.3rem 0}
""".strip()


def page(found: Trace, language: str) -> str:
    """A whole page; nothing is loaded from elsewhere."""
    name = escape(title(found))
    body = "\n".join(map(_html, blocks(found)))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{name}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{body}\n</body>\n</html>"
    )


def _html(block: Block) -> str:
    match block:
        case Heading():
            return f"<h2>{escape(block.text)}</h2>"
        case Note():
            return f"<p>{escape(block.text)}</p>"
        case Equation():
            return f'<p class="eq">{escape(block.text)} = <strong>{escape(block.result)}</strong></p>'
        case Listing():
            return _listing(block)
        case Grids():
            return _grids(block)


def _listing(block: Listing) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in block.titles)
    rows = "\n".join(_row(row, "chosen" if i == block.chosen else "") for i, row in enumerate(block.rows))
    return f'<table class="list">\n<tr>{head}</tr>\n{rows}\n</table>'


def _row(row: tuple[str, ...], mark: str) -> str:
    return f"<tr{_class(mark)}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"


def _grids(block: Grids) -> str:
    pieces = [f"<b>{escape(block.title)}</b>"]
    for picture, sign in zip(block.pictures, ("", *block.signs), strict=True):
        if sign:
            pieces.append(f'<span class="sign">{sign}</span>')
        pieces.append(_figure(picture))
    pieces.append(f"<span>{escape(block.result)}</span>")
    return '<div class="row">' + "\n".join(pieces) + "</div>"


def _figure(picture: Picture) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td{_class(cell.mark)}>{escape(cell.text)}</td>" for cell in row) + "</tr>"
        for row in picture.rows
    )
    return f"<figure><figcaption>{escape(picture.title)}</figcaption><table>{rows}</table></figure>"


def _class(mark: str) -> str:
    return f' class="{mark}"' if mark else ""
