"""Sheets of answers: every form they come in, every mistake in them, and hostile files."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import json
import os
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.errors import ArchitectureError
from cnncalc.teach.answers.sheets import Sheet, delimited, excel, read_sheet
from cnncalc.teach.answers.sheets.moments import moment
from cnncalc.teach.answers.sheets.worksheet import HEAD, blank_line, blank_row

ITEMS = ("conv2d.shape", "conv2d.params", "total_params")
CLASS = [
    ("王小明", "26×26×32", "320", "1,199,882"),
    ("李 四", "２６，２６，３２", "18,496", "五"),
    ("Lee, Ann", "26x26x32", "", "1"),
]


def sheet(path: Path, content: str | bytes, encoding: str = "utf-8", **settings: Any) -> Sheet:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_sheet(str(path), ITEMS, **settings)


def refused(path: Path, content: str | bytes) -> str:
    with pytest.raises(ArchitectureError) as caught:
        sheet(path, content)
    assert str(path) in str(caught.value)
    return caught.value.code


def answers(found: Sheet) -> list[tuple[str, ...]]:
    rows = [(row.student, *row.texts) for row in found]
    assert len(rows) == found.students
    return rows


def codes(found: Sheet) -> list[str]:
    return [remark.code for remark in found.remarks]


def written(delimiter: str = ",", header: tuple[str, ...] = ("student", *ITEMS)) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([header, *CLASS])
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "cp950"]
)
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    found = sheet(tmp_path / "答案.csv", mark + written(delimiter).encode(encoding))
    assert answers(found) == CLASS
    assert codes(found) == (["big5"] if encoding in {"big5", "cp950"} else [])
    assert answers(found) == CLASS  # and again from the start


def test_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert refused(path, written().encode("utf-16-le")) == "not-text"  # without its mark
    assert refused(path, "student,total_params\nJosé,1\n".encode("latin-1")) == "encoding"
    assert refused(path, b"\0\1\2,3") == "not-text"
    assert refused(path, os.urandom(64) + b"\0") in {"not-text", "encoding"}
    assert refused(path, b"\xd0\xcf\x11\xe0\xa1\xb1") == "not-a-sheet"
    assert refused(path, b"PK\x03\x04") == "not-a-sheet"
    assert refused(path, b"") == refused(path, b"\n\n \n") == "empty-file"
    assert refused(path, b"a,b\n1,2\n") == "no-student-column"
    assert refused(path, b"student,b\n1,2\n") == "no-item-column"
    assert refused(path, b"student,conv2d.shape" + b"x" * 140_000) == "too-many-columns"
    assert refused(path, b",".join(b"a%d" % n for n in range(10**6))) == "too-many-columns"
    with pytest.raises(ArchitectureError) as caught:
        read_sheet(str(tmp_path / "no such file.csv"), ITEMS)
    assert caught.value.code == "no-file"
    with pytest.raises(ArchitectureError):
        read_sheet("a\0b.csv", ITEMS)


def test_only_a_header(tmp_path: Path) -> None:
    found = sheet(tmp_path / "a.csv", "student,conv2d.shape,conv2d.params,total_params\n")
    assert (answers(found), codes(found)) == ([], ["no-rows"])


@pytest.mark.parametrize(
    ("titles", "item"),
    [
        (["conv2d.params", "Conv2D.Params", "conv2d params", "ＣＯＮＶ２Ｄ．ＰＡＲＡＭＳ", "1. conv2d.params", "Q2: conv2d.params"], "conv2d.params"),
        (["第2題：conv2d.params", "conv2d.params [2 points]", "Parameters of the layer [conv2d.params]", "How many? (conv2d.params)"], "conv2d.params"),
        (["2. How many parameters?", "how many parameters?"], "conv2d.params"),
        (["conv2d_1.params", "conv2d.params or total_params", "conv2d.paramsx", "備註"], None),
    ],
)  # fmt: skip
def test_titles(tmp_path: Path, titles: list[str], item: str | None) -> None:
    for title in titles:
        text = f"student,{title},conv2d.shape\ns1,320,26x26x32\n"
        found = sheet(tmp_path / "a.csv", text, titles={"How many parameters?": "conv2d.params"})
        assert next(iter(found)).texts == ("26x26x32", "320" if item else "", "")
        assert ("unmatched-column" in codes(found)) == (item is None)


def test_google_forms(tmp_path: Path) -> None:
    text = "時間戳記,電子郵件地址,姓名,1. conv2d.shape [2 分],conv2d.params,total_params\n"
    text += "2026/11/22 下午 3:04:05,a@b,王,26x26x32,320,2\n2026/11/22 上午 9:04:05,a@b,王,24x24x32,1,2\n2026/11/22 上午 9:04:05,c@d,李,1,1,1\n"
    found = sheet(tmp_path / "表單回應.csv", text)
    assert answers(found) == [
        ("a@b", "26x26x32", "320", "2"),
        ("c@d", "1", "1", "1"),
    ]  # the later time, though the earlier row
    assert (found.details, next(iter(found)).details) == (("姓名",), ("王",))
    assert [(r.code, r.row, r.student) for r in found.remarks if r.code == "student-twice"] == [
        ("student-twice", 3, "a@b")
    ]


def test_moodle(tmp_path: Path) -> None:
    text = "Surname,First name,State,Started on,Grade/10.00,Response 1,Response 2,Response 3\n"
    text += "Wang,XM,Finished,1 May,-,26x26x32,320,5\nOverall average,,,,,,,\n"
    found = sheet(tmp_path / "a.csv", text)
    assert answers(found) == [("Wang XM", "26x26x32", "320", "5")]
    assert codes(found).count("column-by-title") == codes(found).count("column-not-used") == 3
    fewer = text.replace(",Response 3", "").replace(",5\n", "\n").replace(",,\n", ",\n")
    with pytest.raises(ArchitectureError, match="no column belongs to an item"):  # which two of three?
        sheet(tmp_path / "a.csv", fewer)
    chosen = {"Response 1": "conv2d.shape", "Response 2": "total_params", "First name": "student"}
    assert answers(sheet(tmp_path / "a.csv", fewer, columns=chosen)) == [("XM", "26x26x32", "", "320")]


def test_columns_twice_missing_and_unknown(tmp_path: Path) -> None:
    found = sheet(
        tmp_path / "a.csv", "student,conv2d.shape,conv2d.shape,conv2d.parms,manual,conv2d.shape manual\ns1,1,2,3,4,\n"
    )
    assert found.missing == ("conv2d.params", "total_params")
    assert codes(found) == ["column-twice", "unmatched-column", "no-column", "no-column"]
    assert [remark.column for remark in found.remarks[:2]] == ["conv2d.shape (3)", "conv2d.parms (4)"]
    assert "did you mean conv2d.params?" in str(found.remarks[1].message)
    row = next(iter(found))
    assert (row.texts, row.manual) == (("1", "", ""), {"": "4"})


def test_an_exact_name_is_read_before_a_title(tmp_path: Path) -> None:
    found = sheet(tmp_path / "a.csv", "student,why conv2d.shape,conv2d.shape\ns1,because,26x26x32\n")
    assert next(iter(found)).texts[0] == "26x26x32"
    assert "column-twice" in codes(found)


def test_students_twice(tmp_path: Path) -> None:
    text = (
        "student,attempt,conv2d.shape,conv2d.params,total_params\ns1,2,b,b,b\ns1,10,c,c,c\nｓ1 ,1,a,a,a\ns2,1,x,x,x\n"
    )
    assert answers(sheet(tmp_path / "a.csv", text)) == [("s1", "c", "c", "c"), ("s2", "x", "x", "x")]
    assert answers(sheet(tmp_path / "a.csv", text, attempts="first"))[0] == ("s1", "a", "a", "a")
    unnumbered = text.replace(",attempt", ",備註")
    found = sheet(tmp_path / "a.csv", unnumbered)
    assert answers(found)[0] == ("s1", "a", "a", "a")  # the last row
    assert codes(found).count("student-twice") == 2
    assert "rows 3 and 4: row 4 counts" in str(found.remarks[-1].message)
    assert answers(sheet(tmp_path / "a.csv", unnumbered, attempts="first"))[0] == ("s1", "b", "b", "b")


def test_moments() -> None:
    assert moment("2026/11/22 下午 3:04:05") == moment("2026-11-22T15:04:05Z") == moment("2026/11/22 3:04:05 PM GMT+8")
    assert moment("2026/11/22 上午 12:04") == (2026, 11, 22, 0, 4, 0)
    assert moment("11/12/2026 15:04:05") is None  # November or December?


def test_broken_rows_stop_nothing(tmp_path: Path) -> None:
    text = "student,conv2d.shape,conv2d.params,total_params\n"
    text += "s1,26x26x32\n,,,\n\ns2,26,26,32,320,5\ns3,1,2,3,,\n,1,2,3\ns4,1,2,3\n"
    found = sheet(tmp_path / "a.csv", text)
    assert answers(found) == [("s1", "26x26x32", "", ""), ("s3", "1", "2", "3"), ("s4", "1", "2", "3")]
    told = {remark.code: (remark.row, remark.student, remark.loss) for remark in found.remarks}
    assert told["short-row"] == (2, "s1", False)
    assert told["long-row"] == (5, "s2", True)
    assert told["no-student"] == (7, None, True)
    assert "2" in str(next(remark.message for remark in found.remarks if remark.code == "blank-rows"))


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    rows = "".join(f"s{n},1,2,3\n" for n in range(2, 1000))
    for text in (f's1,"26x26x32,2,3\n{rows}', f's1,"26x26x32,2,3\n{rows[:18]}'):
        found = sheet(tmp_path / "a.csv", "student,conv2d.shape,conv2d.params,total_params\n" + text)
        assert answers(found)[1:] == [(f"s{n}", "1", "2", "3") for n in range(2, 2 + text.count("\n") - 1)]
        assert "open-quote" in codes(found)


def test_lines_without_end(tmp_path: Path) -> None:
    text = f"student,conv2d.shape,conv2d.params,total_params\ns1,{'9' * 10**6},2,3\ns2,{'9' * 200_000},2,3\ns3,1,2,3\n"
    found = sheet(tmp_path / "a.csv", text)
    assert (answers(found), codes(found)) == ([("s3", "1", "2", "3")], ["bad-row", "bad-row"])


def test_cells_over_several_lines(tmp_path: Path) -> None:
    found = sheet(
        tmp_path / "a.csv", 'student,conv2d.shape,conv2d.params,total_params\r\ns1,"26\r\n26\r\n32",2,3\r\ns2,1,2,3\r\n'
    )
    assert answers(found) == [("s1", "26\r\n26\r\n32", "2", "3"), ("s2", "1", "2", "3")]
    assert [row.number for row in found] == [2, 3]


@given(st.lists(st.tuples(*[st.text('1,"x\n\r', max_size=5)] * 3), min_size=1, max_size=9), st.integers(1, 60))
def test_however_much_is_read_at_a_time(tmp_path_factory: pytest.TempPathFactory, cells: list[Any], size: int) -> None:
    """What Python's csv wrote is read as Python's csv reads it, wherever a block ends."""
    path = tmp_path_factory.mktemp("sheet") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [("student", *ITEMS), *((f"s{n}", *each) for n, each in enumerate(cells))]
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "AT_ONCE", size)
        assert answers(read_sheet(str(path), ITEMS)) == rows[1:]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "=1+1"])
def test_formulas_are_text(tmp_path: Path, name: str) -> None:
    found = sheet(
        tmp_path / "a.csv", f"student,conv2d.shape,conv2d.params,total_params\n{name},=1+1,@SUM(1),-2\n'{name},1,2,3\n"
    )
    assert answers(found) == [
        (name, "1", "2", "3")
    ]  # the guard against spreadsheets is taken off again: the same student
    assert answers(sheet(tmp_path / "a.csv", f"student,conv2d.shape\n{name},=1+1\n")) == [(name, "=1+1", "", "")]


def test_excel_says_how_it_parts(tmp_path: Path) -> None:
    assert answers(sheet(tmp_path / "a.csv", "sep=;\n" + written(";"))) == CLASS


def test_hostile_text_takes_no_time(tmp_path: Path) -> None:
    start = time.thread_time()
    blanks = (" " * 5000 + "x-\n") * 60
    for text in (
        f"a|b\n{blanks}",
        f"a:{blanks}",
        "`" * 10**5 + ":" + "*" * 10**5,
        "|" * 10**5,
        ("|-" * 10**4 + "\n") * 9,
    ):
        path = tmp_path / "a.md"
        path.write_text(text)
        assert len(answers(read_sheet(str(path), []))) <= 1
    titles = ",".join(["." * 30_000, "(manual" * 4000, "[" * 30_000, *(f"column {n}" for n in range(1500))])
    assert answers(sheet(tmp_path / "a.csv", f"student,conv2d.shape,{titles}\n")) == []
    assert time.thread_time() - start < 2


def test_many_remarks_are_counted(tmp_path: Path) -> None:
    found = sheet(
        tmp_path / "a.csv", "student,conv2d.shape,conv2d.params\n" + "".join(f"s{n},1\n" for n in range(5000))
    )
    assert len(found.remarks) == 1000
    assert found.remarks.more == 4001  # and the missing column's


def test_json_and_yaml(tmp_path: Path) -> None:
    rows = [
        {"student": "s1", "conv2d.shape": [26, 26, 32], "conv2d": {"params": 320}},
        {"student": "s2", "total_params": 5.0},
    ]
    expected = [("s1", "[26, 26, 32]", "320", ""), ("s2", "", "", "5")]
    assert answers(sheet(tmp_path / "a.json", json.dumps(rows))) == expected
    assert answers(sheet(tmp_path / "a.json", json.dumps({"answers": rows}))) == expected
    text = "s1: {conv2d.shape: [26, 26, 32], conv2d.params: 320}\ns2: {total_params: 5.0}\n"
    assert answers(sheet(tmp_path / "a.yaml", text)) == expected
    assert answers(sheet(tmp_path / "王.yaml", "conv2d.shape: 26x26x32\nconv2d: {params: 1_000}\n")) == [
        ("王", "26x26x32", "1000", "")
    ]
    assert refused(tmp_path / "b.json", "[1, 2]") == "no-answers"
    assert refused(tmp_path / "b.json", "{") == "json-syntax"
    assert refused(tmp_path / "b.yaml", "") == "empty-file"
    assert refused(tmp_path / "b.yaml", "a: !!python/object:os.system x") == "tag"


def test_markdown(tmp_path: Path) -> None:
    text = "# Answers\n\n| student | conv2d.shape | conv2d.params |\n|---|:-:|--:|\n| s1 | `26x26x32` | **320** |\n| s\\|2 | 2*2*3 | |\n\nend\n"
    assert answers(sheet(tmp_path / "a.md", text)) == [("s1", "26x26x32", "320", ""), ("s|2", "2*2*3", "", "")]


def test_a_worksheet_that_was_filled_in(tmp_path: Path) -> None:
    head = f"| {HEAD[0]} | question | {HEAD[1]} |\n|---|---|---|\n"
    empty = (
        f"# Title: a worksheet\n\n{blank_line('student')}\n\n- {blank_line(ITEMS[0])}\n\nNote: numbers only.\n\n{head}"
    )
    empty += blank_row(ITEMS[1], "a|b?") + "\n" + blank_row(ITEMS[2], "how many?") + "\n"
    assert answers(sheet(tmp_path / "李四.md", empty)) == []  # nobody's yet
    filled = empty.replace("student: ____", "student: 王小明").replace("shape: ____", "shape: __26×26×32__")
    filled = filled.replace("a\\|b? | ____", "a\\|b? | ３２０")
    found = sheet(tmp_path / "李四.md", filled)
    assert answers(found) == [("王小明", "26×26×32", "３２０", "")]
    assert codes(found) == []


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "班級"
    folder.mkdir()
    (folder / "王小明.md").write_text("conv2d.shape: 26x26x32\nconv2d.params：３２０\n", encoding="utf-8")
    (folder / "s2.yaml").write_text("conv2d.shape: 26x26x32\n")
    (folder / "s3.csv").write_text('item,answer\nconv2d.shape,"26,26,32"\ntotal_params,5\n')
    (folder / "s4.csv").write_text("conv2d.shape,conv2d.params\n5,6\n")
    (folder / "s5.csv").write_text("conv2d.params,7\n")
    (folder / "s6.json").write_text("{bad")
    (folder / "s7.png").write_bytes(b"x")
    (folder / "s8.txt").write_bytes(b"\0\1")
    (folder / "s9.md").write_text("conv2d.params: 1\nconv2d.params: 2\n")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "link.md").symlink_to("/etc/hostname")
    found = read_sheet(str(folder), ITEMS)
    assert answers(found) == [
        ("s2", "26x26x32", "", ""),
        ("s3", "26,26,32", "", "5"),
        ("s4", "5", "6", ""),
        ("s5", "", "7", ""),
        ("s9", "", "2", ""),
        ("王小明", "26x26x32", "３２０", ""),
    ]
    assert sorted(codes(found)) == ["answer-twice", "other-file", "other-file", "unread-file", "unread-file"]
    assert {remark.student for remark in found.remarks if remark.code == "unread-file"} == {"s6", "s8"}
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArchitectureError, match="no answers"):
        read_sheet(str(tmp_path / "empty"), ITEMS)


def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "student,conv2d.shape,conv2d.params,total_params\n"
        + "".join(f"b{n:08},{n}x{n},{n},{n}\n" for n in range(20_000))
    )
    tracemalloc.start()
    count = sum(1 for _ in read_sheet(str(path), ITEMS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 10e6  # the names of the students, and no answers


# Workbooks


def workbook(path: Path, rows: list[list[Any]], *more: str) -> Path:
    openpyxl = pytest.importorskip("openpyxl", reason="workbooks need openpyxl, the extra xlsx")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name in more:
        book.create_sheet(name)
    book.save(path)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    rows = [
        ["學號", *ITEMS],
        ["b001", "26×26×32", 320.0, 1199882],
        ["王", True, 0.5, None],
        [None] * 4,
        [7, "'=1", "1,5", "x", "beyond"],
    ]
    found = read_sheet(str(workbook(tmp_path / "班.xlsx", rows, "second")), ITEMS)
    assert answers(found) == [("b001", "26×26×32", "320", "1199882"), ("王", "true", "0.5", "")]
    assert codes(found) == ["other-sheets", "long-row", "blank-rows"]


def test_dates_and_formulas_in_a_workbook(tmp_path: Path) -> None:
    rows = [["student", *ITEMS], ["s1", datetime.datetime(2026, 10, 5), "=1+1", '=HYPERLINK("http://x")']]
    found = read_sheet(str(workbook(tmp_path / "a.xlsx", rows)), ITEMS)
    assert answers(found) == [
        ("s1", "2026-10-05 00:00:00", "", "")
    ]  # nothing was computed, and nothing was saved with it
    assert {remark.code: remark.loss for remark in found.remarks} == {"formulas": True, "date": False}


def test_damaged_workbooks(tmp_path: Path) -> None:
    good = workbook(tmp_path / "a.xlsx", [["student", *ITEMS], ["s1", "1", "2", "3"]]).read_bytes()
    path = tmp_path / "b.xlsx"
    assert refused(path, b"") == refused(path, b"PK\x03\x04junk") == refused(path, b"student,x\n") == "damaged"
    for cut in range(0, len(good), len(good) // 40):
        assert refused(path, good[:cut]) == "damaged"
        broken = good[:cut] + bytes([good[cut] ^ 0xFF]) + good[cut + 1 :]
        path.write_bytes(broken)
        try:
            assert list(read_sheet(str(path), ITEMS)) is not None
        except ArchitectureError as error:
            assert error.code in {
                "damaged",
                "zip-bomb",
                "unreadable",
                "no-student-column",
                "no-item-column",
                "empty-file",
            }


def part_of(source: Path, target: Path, name: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return target


def test_hostile_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_ROWS", 10_000)  # which openpyxl would fill with blank rows one by one
    good = workbook(tmp_path / "a.xlsx", [["student", *ITEMS], ["s1", "1", "2", "3"]])
    bomb = part_of(good, tmp_path / "bomb.xlsx", "xl/styles.xml", b" " * (40 * 2**20))
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    entities = part_of(good, tmp_path / "laughs.xlsx", "xl/worksheets/sheet1.xml", laughs)
    for path, code in ((bomb, "zip-bomb"), (entities, "damaged")):
        with pytest.raises(ArchitectureError) as caught:
            read_sheet(str(path), ITEMS)
        assert caught.value.code == code
    with zipfile.ZipFile(good) as archive:
        found = archive.read("xl/worksheets/sheet1.xml")
    hidden = b" " * 2**20 + b"<!DOCTYPE x []>" + found.partition(b"?>")[2]
    endless = found.replace(b"</sheetData>", b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 2**22 + b"</t></is></c></row></sheetData>")  # fmt: skip
    wide = found.replace(b"</sheetData>", b'<row r="3">' + b'<c r="A3"><v>1</v></c>' * 900_000 + b"</row></sheetData>")
    for content, code in (
        (hidden, "damaged"),
        (endless, "zip-bomb"),
        (wide, "zip-bomb"),
        ("<!DOCTYPE x>".encode("utf-16"), "damaged"),
    ):
        with pytest.raises(ArchitectureError) as caught:
            read_sheet(str(part_of(good, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", content)), ITEMS)
        assert caught.value.code == code
    with zipfile.ZipFile(good) as archive:
        rows = archive.read("xl/worksheets/sheet1.xml").replace(b'<row r="2"', b'<row r="999999999999"')
    far = part_of(good, tmp_path / "far.xlsx", "xl/worksheets/sheet1.xml", rows)
    assert list(read_sheet(str(far), ITEMS)) == []


def test_without_openpyxl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ArchitectureError) as caught:
        read_sheet(str(path), ITEMS)
    assert caught.value.code == "no-openpyxl"
    assert 'pip install "cnncalc[xlsx]"' in caught.value.remedies[0]
