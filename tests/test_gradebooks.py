"""Marks for gradebooks: letter for letter as these want them, without a cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import TextIO
from unicodedata import category, normalize

import pytest
from classes import item, student
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.cli.app import run
from cnncalc.cli.whole import whole
from cnncalc.language import Text
from cnncalc.teach.answers.sheets import read_sheet
from cnncalc.teach.defusing import defused, restored
from cnncalc.teach.gradebooks import Canvas, Gradebook, Marks, Moodle, gradescope
from cnncalc.teach.persons import Known
from cnncalc.teach.plain import plain
from cnncalc.teach.results import StudentResult, decimal, plain_data

F = Fraction
WRONG = item("a", ("wrong", 18432, 0, ("P01",)), 2, "１８，４３２", Text("3·3·32·64 = 18,432: the biases are missing"))
RIGHT = item("b", ("right", (26, 26, 32), F(3, 2), ()), F(3, 2), "26x26x32")
OPEN = item("b", ("ambiguous", None, None, ()), F(3, 2), "1.234")
THIRD = item("a", ("partial", 9, F(1, 3), ()), 2)
BLANK = [item(name, ("blank", None, 0, ()), points, "") for name, points in (("a", 2), ("b", F(3, 2)))]

CLASS = [
    student("r12345678", [WRONG, RIGHT], name="王小明", email="r12345678@ntu.example"),
    student("b09900001", [THIRD, RIGHT], name="Lee, Ann", email="b09900001@ntu.example"),
    student("undecided", [WRONG, OPEN], name="U"),
    student("absent", BLANK, name="N"),
    student("by hand", [WRONG, OPEN], {"": F(5, 2)}, name="=1+1"),
]


def written(book: Gradebook, results: list[StudentResult] = CLASS) -> str:
    return book.head() + "".join(map(book.line, results))


def test_the_sheet_of_marks() -> None:
    assert written(Marks(["a", "b"])) == (
        "\ufeffstudent,name,score,max,manual,a,b\r\n"
        "r12345678,王小明,1.5,3.5,,0,1.5\r\n"
        'b09900001,"Lee, Ann",1.833333,3.5,,0.333333,1.5\r\n'
        "undecided,U,,3.5,,0,\r\n"
        "absent,N,,3.5,,,\r\n"
        "by hand,'=1+1,2.5,3.5,2.5,0,\r\n"
    )


def test_moodle_gets_mark_and_feedback_together_and_nobody_without_a_mark() -> None:
    assert written(Moodle("cnncalc hw3", "en", Known(kinds=frozenset({"email"})))) == (
        "ID number,Email address,cnncalc hw3,cnncalc hw3 (feedback)\r\n"
        'r12345678,r12345678@ntu.example,1.50,"a: wrong; 3·3·32·64 = 18,432: the biases are missing"\r\n'
        "b09900001,b09900001@ntu.example,1.83,\r\n"
        'by hand,,2.50,"a: wrong; 3·3·32·64 = 18,432: the biases are missing"\r\n'
    )
    assert written(Moodle("hw", "en", Known("email")), []).startswith("Email address,hw,")


def test_canvas_as_its_importer_reads_it() -> None:
    """Student and ID first, Section last, then Title (id); the second row has the points."""
    assert written(Canvas("cnncalc hw3 (4711)", F(7, 2))) == (
        "Student,ID,SIS User ID,SIS Login ID,Section,cnncalc hw3 (4711)\r\n"
        "    Points Possible,,,,,3.5\r\n"
        "王小明,,r12345678,,,1.50\r\n"
        '"Lee, Ann",,b09900001,,,1.83\r\n'
        "'=1+1,,by hand,,,2.50\r\n"
    )


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,conv2d.params
    Points Possible,,,,,2
"Lee, Ann",1002,b09900001,ann,CNN-01,320
"王小明",1001,r12345678,ming,CNN-02,1
"""
MOODLE = """First name,Last name,ID number,Email address,conv2d.params
Ann,Lee,b09900001,Ann@ntu.example,320
小明,王,r12345678,ming@ntu.example,1
"""
FORMS = """Timestamp,Email Address,Username,conv2d.params
2026/11/22 10:00:00,ann@ntu.example,ann,320
"""


@pytest.mark.parametrize(
    ("answers", "book", "expected"),
    [
        (CANVAS, "canvas.csv", 'Student,ID,SIS User ID,SIS Login ID,Section,T\r\n    Points Possible,,,,,1\r\n"Lee, Ann",1002,b09900001,ann,CNN-01,1.00\r\n王小明,1001,r12345678,ming,CNN-02,0.00\r\n'),
        (MOODLE, "moodle.csv", "ID number,Email address,T,T (feedback)\r\nb09900001,Ann@ntu.example,1.00,\r\nr12345678,ming@ntu.example,0.00,"),
        (FORMS, "moodle.csv", "Email address,Username,T,T (feedback)\r\nann@ntu.example,ann,1.00,\r\n"),
        (FORMS, "canvas.csv", "Student,ID,SIS User ID,SIS Login ID,Section,T\r\n    Points Possible,,,,,1\r\n,,,ann,,1.00\r\n"),
        ("學號,conv2d.params\nb1,320\n", "moodle.csv", "ID number,T,T (feedback)\r\nb1,1.00,\r\n"),
        ("學號,conv2d.params\nb1,320\n", "canvas.csv", "Student,ID,SIS User ID,SIS Login ID,Section,T\r\n    Points Possible,,,,,1\r\n,,b1,,,1.00\r\n"),
    ],
)  # fmt: skip
def test_what_a_course_system_exported_goes_back_to_it(tmp_path: Path, answers: str, book: str, expected: str) -> None:
    """Canvas's columns exactly as it exports them (gradebook_importer.rb); Moodle's are those that it maps (Grade import)."""
    (tmp_path / "a.csv").write_text(answers, encoding="utf-8")
    (tmp_path / "e.yaml").write_text("exercise: 1\ntitle: T\narchitecture: {input: [28, 28, 1], layers: [{Conv2D: {filters: 32, kernel_size: 3}}]}\nquestions: [{ask: params, layer: conv2d}]\n")  # fmt: skip
    assert (
        run(["grade", str(tmp_path / "e.yaml"), str(tmp_path / "a.csv"), "-o", str(tmp_path / "out"), "--lang", "en"])
        == 0
    )
    assert (tmp_path / "out" / book).read_bytes().decode().startswith(expected)


def test_large_marks_have_no_separators() -> None:
    rich = student("s", [item("a", ("right", 1, 1234567, ()), 1234567)])
    for book in (Marks(["a"]), Moodle("t", "en"), Canvas("t", F(1234567))):
        assert "1234567" in written(book, [rich])
        assert "1,234" not in written(book, [rich])


def test_gradescope() -> None:
    told = json.loads(gradescope(CLASS[0], {"exercise": "ab12"}, "en"))
    assert told["score"] == 1.5
    assert told["tests"][0] == {
        "number": "1", "name": "a", "score": 0, "max_score": 2, "status": "failed",
        "output": "a: wrong; 3·3·32·64 = 18,432: the biases are missing", "output_format": "text", "tags": ["P01"],
        "visibility": "visible", "extra_data": {"raw": "１８，４３２", "verdict": "wrong"},
    }  # fmt: skip
    assert told["tests"][1]["status"] == "passed"
    assert told["extra_data"] == {"exercise": "ab12"}
    unknown = json.loads(gradescope(CLASS[2], {}, "en"))
    assert "score" not in unknown
    assert not {"score", "status"} & set(unknown["tests"][1])


def test_gradescope_stays_small() -> None:
    long = item("a", ("wrong", 1, 0, ()), 1, "字" * 100_000, Text("字" * 100_000))
    text = gradescope(student("s", [long] * 4), {}, "en")
    assert len(text.encode()) < 2**17
    assert sum(len(test["output"].encode()) for test in json.loads(text)["tests"]) < 2**16
    assert "(cut)" in text


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a", "﹢1", " =1", "\u200b=1", "'=1", "''=1", "⁺1", "\n=1", "＇＝1"]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert defused(text) == "'" + text
    assert restored(defused(text)) == text


@pytest.mark.parametrize("text", ["", "1", "18,432", "a=b", "O'Neil", "'tis", "王小明", "26×26", "−1", "r10=1"])
def test_what_is_harmless_stays(text: str) -> None:
    assert defused(text) == text == restored(text)


@given(st.text(alphabet=st.one_of(st.sampled_from("=+-@'＝＋－＠＇\t\r\n \u200b\u3000a1"), st.characters())))
@example("'")
@example("''")
def test_defusing_is_undone_exactly_and_leaves_nothing_dangerous(text: str) -> None:
    safe = defused(text)
    assert restored(safe) == text
    bare = normalize("NFKC", safe).lstrip("".join(c for c in map(chr, range(0x3001)) if c.isspace() or category(c) in {"Cf", "Cc"}))  # fmt: skip
    assert not bare.startswith(("=", "+", "-", "@"))
    assert safe[:1] not in {"\t", "\r", "\n"}


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_every_book_is_read_back_by_a_csv_reader(people: list[str]) -> None:
    results = [student(name, [WRONG, RIGHT], name=name, email=name) for name in people]
    for book, column, above in ((Marks(["a", "b"]), 0, 1), (Moodle("=t", "en"), 0, 1), (Canvas("@t", F(2)), 2, 2)):
        rows = list(csv.reader(StringIO(written(book, results), newline="")))
        assert [restored(row[column]) for row in rows[above:]] == people
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for row in rows for cell in row)


def test_the_sheet_of_marks_is_read_back_with_the_marks_by_hand(tmp_path: Path) -> None:
    given_ = [*CLASS, student("=HYPERLINK(1)", [WRONG, RIGHT], {"a": 1, "": F(7, 4)})]
    (tmp_path / "marks.csv").write_text(written(Marks(["a", "b"], by_hand=["a"]), given_), encoding="utf-8", newline="")
    rows = list(read_sheet(str(tmp_path / "marks.csv"), ["a", "b"]))
    assert [row.student for row in rows] == [each.student for each in given_]
    assert [row.manual for row in rows[-2:]] == [{"": "2.5"}, {"": "1.75", "a": "1"}]


@pytest.mark.parametrize(("value", "places", "text"), [(F(1, 8), 2, "0.13"), (F(-1, 8), 2, "-0.13"), (F(17, 2), 2, "8.5"), (F(17, 3), 2, "5.67"),
                                                       (F(999, 1000), 2, "1"), (F(1, 3), 6, "0.333333"), (F(-1, 1000), 2, "0"), (F(5, 2), 0, "3")])  # fmt: skip
def test_decimals(value: Fraction, places: int, text: str) -> None:
    assert decimal(value, places) == text


@given(st.fractions(max_denominator=10**9), st.integers(0, 8))
def test_decimals_are_never_further_than_half_a_unit(value: Fraction, places: int) -> None:
    assert abs(F(decimal(value, places)) - value) <= F(1, 2 * 10**places)


def test_results_as_json() -> None:
    assert CLASS[1].to_dict() == {
        "student": "b09900001", "score": "11/6", "max": "7/2", "undecided": 0, "codes": [],
        "items": [
            {"item": "a", "raw": "9", "understood": 9, "verdict": "partial", "score": "1/3", "max": "2", "codes": [], "feedback": None},
            {"item": "b", "raw": "26x26x32", "understood": [26, 26, 32], "verdict": "right", "score": "3/2", "max": "3/2", "codes": [], "feedback": None},
        ],
    }  # fmt: skip
    assert WRONG.to_dict()["feedback"]["en"].endswith("the biases are missing")
    assert OPEN.to_dict()["score"] is None
    assert plain_data(((F(1, 2), 1), (2, 3))) == [["1/2", 1], [2, 3]]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1199882, "1,199,882"),
        (F(1000), "1,000"),
        ((26, 26, 32), "26×26×32"),
        (F(27, 2), "13.5"),
        (F(-1, 8), "-0.125"),
        (F(1, 3), "1/3"),
        (F(10**20 + 1, 2), "50000000000000000000.5"),  # exactly: no float in between
        (((1, F(-1, 2)), (3, 4)), "1 -0.5; 3 4"),
        (True, "true"),
        (1, "1"),
        ("B", "B"),
    ],
)
def test_values_as_people_read_them(value: object, told: str) -> None:
    assert plain(value, "en") == told


def test_values_in_another_language() -> None:
    assert plain((1 == 1), "zh-TW") == "對"


def _interrupted(stream: TextIO) -> None:
    stream.write("half")
    stream.flush()
    raise KeyboardInterrupt


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "marks.csv"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), whole(target) as stream:
        _interrupted(stream)
    assert target.read_text(encoding="utf-8") == "before"
    with whole(target) as stream:
        stream.write("王\r\n\ud800")
    assert target.read_bytes() == "王\r\n?".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["marks.csv"]
