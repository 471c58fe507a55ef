"""The texts in the code and the catalogue that translates them.

    python tests/catalogue.py    (make messages)

adds new texts to the catalogue without a translation, drops those that are gone, and compiles it.
"""

from __future__ import annotations

import ast
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "cnncalc"
PO = PACKAGE / "locale" / "zh_TW" / "LC_MESSAGES" / "cnncalc.po"
MO = PO.with_suffix(".mo")


def texts() -> list[str]:
    """The templates of every `Text("...")` in the package, in order, each once."""
    found: dict[str, None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and node.args:
                template = node.args[0]
                if isinstance(template, ast.Constant) and isinstance(template.value, str):
                    found[template.value] = None
    return list(found)


def catalogue() -> Catalog:
    with PO.open("rb") as stream:
        return read_po(stream, locale="zh_TW")


def translations(catalog: Catalog) -> dict[str, str]:
    return {message.id: message.string for message in catalog if message.id}


def compiled() -> dict[str, str]:
    """What the .mo file holds."""
    with MO.open("rb") as stream:
        return translations(read_mo(stream))


def main() -> None:
    old, wanted = catalogue(), texts()
    known = translations(old)
    new = Catalog(locale="zh_TW", project="cnncalc", header_comment=old.header_comment, fuzzy=False,
                  creation_date=old.creation_date, revision_date=old.revision_date,
                  last_translator="", language_team="zh_TW")  # fmt: skip
    for text in wanted:
        new.add(text, known.get(text, ""))
    with BytesIO() as po, BytesIO() as mo:
        write_po(po, new, width=100)
        write_mo(mo, new)
        PO.write_bytes(po.getvalue())
        MO.write_bytes(mo.getvalue())
    missing = [text for text in wanted if not known.get(text)]
    sys.stdout.write(f"{len(wanted)} texts, {len(missing)} without a translation\n")


if __name__ == "__main__":
    main()
