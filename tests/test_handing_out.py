"""A class from its answer sheet to a folder of results: marks worked out by hand, and what happens to a teacher's own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cnncalc.cli.whole import whole_folder
from cnncalc.view.file_names import FileNames

ROOT = Path(__file__).parents[1]
EXERCISE = str(ROOT / "examples/exercises/mnist_cnn.yaml")
CLASS = str(ROOT / "examples/answers/mnist_class.csv")

MARKS = {
    "Ada Okafor": "25",
    "林小雨": "25",
    "陳柏宇": "19",  # no biases: two layers, 2·2, and the formula, 2; 288 + 18432 + 1179776 + 1290 = 1199786 is carried
    "Ben Novak": "23",  # padding: two maps, 2·1; 14·14·64 = 12544, (12544 + 1)·128 = 1605760, in all 1625866 are carried
    "黃怡君": "21",  # no biases in dense layers, 2·2; 320 + 18496 + 1179648 + 1280 = 1199744 is carried
    "Carlos Vega": "23",  # 28 - 3 = 25, 25 - 3 = 22, 2·1; 11·11·64 = 7744, 7745·128 = 991360, in all 1011466 are carried
    "吳承翰": "21",  # (9 + 1)·64 = 640, 2, and the receptive field, 2; 320 + 640 + 1179776 + 1290 = 1182026 is carried
    "Dana Levi": "8",  # eight shapes, nothing else
    "Emeka Obi": "",  # 1.199.882 is for a person to decide
    "劉子晴": "",  # channels first, which a person decides
    "Grace Hall": "",  # "about the same" too
    "許雅婷": "",  # handed in nothing
}
CODES = {"陳柏宇": "P01", "Ben Novak": "S27", "黃怡君": "D02", "Carlos Vega": "S01"}
"""No bias; padding as in "same"; dense layers without bias; no + 1."""


def grade(*words: str, lang: str = "en", stdin: str | None = None) -> tuple[int, str, str]:
    found = subprocess.run(
        [sys.executable, "-m", "cnncalc", "grade", *words],
        capture_output=True, check=False, encoding="utf-8", env=os.environ | {"CNNCALC_LANG": lang, "PYTHONPATH": str(ROOT)}, input=stdin,
    )  # fmt: skip
    return found.returncode, found.stdout, found.stderr


def handed_out(folder: Path, *words: str, answers: str = CLASS, lang: str = "en") -> dict[str, bytes]:
    """All files of the folder, by path."""
    code, told, errors = grade(EXERCISE, answers, "-o", str(folder), *words, lang=lang)
    assert (code, errors) == (0, ""), told
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def sheet(text: bytes) -> dict[str, dict[str, str]]:
    return {row["student"]: row for row in csv.DictReader(text.decode("utf-8-sig").splitlines())}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return handed_out(tmp_path_factory.mktemp("class") / "out")


def test_marks_by_hand_calculation(files: dict[str, bytes]) -> None:
    assert {student: row["score"] for student, row in sheet(files["marks.csv"]).items()} == MARKS
    students: dict[str, Any] = {each["student"]: each for each in json.loads(files["results.json"])["students"]}
    assert {student: students[student]["codes"] for student in CODES} == {name: [code] for name, code in CODES.items()}
    assert (students["Emeka Obi"]["score"], students["Emeka Obi"]["undecided"]) == ("22", 1)


def test_every_form_is_there(files: dict[str, bytes]) -> None:
    single = {"marks.csv", "moodle.csv", "canvas.csv", "results.json", "report.html"}
    own = {f"feedback/Ben_Novak.{ending}" for ending in ("txt", "md", "html")} | {"gradescope/林小雨.json"}
    assert single | own < files.keys()
    assert len(files) == len(single) + 4 * len(MARKS)
    assert json.loads(files["gradescope/Carlos_Vega.json"])["score"] == 23
    assert files["moodle.csv"].decode().count("\n") == 1 + sum(mark != "" for mark in MARKS.values())


def test_statistics_of_the_class(files: dict[str, bytes]) -> None:
    """Eight have a final mark: 25 + 25 + 19 + 23 + 21 + 23 + 21 + 8 = 165, in the middle 21 and 23."""
    found = json.loads(files["results.json"])["summary"]
    assert (found["mean"], found["median"], found["absent"], found["undecided"]) == ("165/8", "22", 1, 3)
    assert b"S27" in files["report.html"]
    assert b"<script" not in files["report.html"]


def test_feedback_has_the_key_only_where_it_is_wanted(files: dict[str, bytes], tmp_path: Path) -> None:
    ben = files["feedback/Ben_Novak.txt"].decode()
    assert "1,179,776" not in ben
    told = handed_out(tmp_path / "out", "--show-key")["feedback/Ben_Novak.txt"].decode()
    assert "The answer is 1,179,776." in told
    assert "The answer is 18,496." not in told  # that one was right


def test_the_same_again_byte_for_byte(files: dict[str, bytes], tmp_path: Path) -> None:
    assert handed_out(tmp_path / "out") == files
    assert handed_out(tmp_path / "out") == files


def test_marks_by_hand_stay(tmp_path: Path) -> None:
    """A teacher writes into marks.csv, also for somebody who is not on the answer sheet, and grades again."""
    out = tmp_path / "out"
    lines = handed_out(out)["marks.csv"].decode("utf-8-sig").splitlines()
    titles = lines[0].split(",")
    by_hand = {"Emeka Obi": ("total_params manual", "2.5"), "許雅婷": ("manual", "7")}
    for at, line in enumerate(lines):
        cells = line.split(",")
        if cells[0] in by_hand:
            title, mark = by_hand[cells[0]]
            cells[titles.index(title)] = mark
            lines[at] = ",".join(cells)
    lines.append("Late Comer,,,," + "3" + "," * (len(titles) - 5))
    (out / "marks.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (out / "notes.txt").write_text("mine")
    for _ in range(2):
        again = handed_out_partly(out, Path(CLASS))
        marks = sheet(again["marks.csv"])
        assert [marks[name]["score"] for name in ("Emeka Obi", "許雅婷", "Late Comer")] == ["24.5", "7", "3"]
        assert (marks["Emeka Obi"]["total_params manual"], marks["許雅婷"]["manual"]) == ("2.5", "7")
        assert again["notes.txt"] == b"mine"
        assert json.loads(again["gradescope/Emeka_Obi.json"])["score"] == 24.5


def test_a_third_given_by_hand_stays_a_third(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("student,total_params,total_params manual\nAda,1,1/3\n")
    first = handed_out_partly(tmp_path / "out", answers)
    assert json.loads(first["results.json"])["students"][0]["score"] == "1/3"
    assert handed_out_partly(tmp_path / "out", answers) == first


def handed_out_partly(folder: Path, answers: Path, *words: str) -> dict[str, bytes]:
    assert grade(EXERCISE, str(answers), "-o", str(folder), *words)[0] == 0
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_nothing_that_a_teacher_wrote_is_lost(tmp_path: Path) -> None:
    """A note, a mark that is no number, the mark of a question that is not asked any more; a student who is gone."""
    out, answers = tmp_path / "out", tmp_path / "answers.csv"
    answers.write_text("student,total_params\nAda,1199882\nBen,1\n")
    out.mkdir()
    (out / "marks.csv").write_text(
        "student,manual,total_params,total_params manual,old.item,old.item manual,my note\n"
        "Ada,,3,ask her,1,7,=late\nBen,,0,1,0,,\nGone,,0,2,0,,moved\n"
    )
    for _ in range(2):
        code, _, notes = grade(EXERCISE, str(answers), "-o", str(out))
        rows = sheet((out / "marks.csv").read_bytes())
        assert [(row["score"], row["total_params manual"], row["old.item manual"], row["my note"]) for row in rows.values()] == [
            ("3", "ask her", "7", "'=late"), ("1", "1", "", ""), ("2", "2", "", "moved"),
        ]  # fmt: skip
        assert "old.item" not in rows["Ada"]
        assert code == 0
        assert "marks.csv: marked by hand, but not among the answers (Gone)" in notes
        assert "marks by hand that are no numbers: 1" in notes


def test_a_mark_here_and_another_there(tmp_path: Path) -> None:
    """The one in marks.csv wins, and both are told."""
    out, answers = tmp_path / "out", tmp_path / "answers.csv"
    answers.write_text("student,total_params,total_params manual\nAda,1,1\n")
    assert grade(EXERCISE, str(answers), "-o", str(out))[2].count("marked by hand") == 0
    answers.write_text("student,total_params,total_params manual\nAda,1,2\n")
    notes = grade(EXERCISE, str(answers), "-o", str(out))[2]
    assert "answers.csv:2: total_params: marked by hand with 2 here and with 1 in marks.csv: 1 counts (Ada)" in notes
    assert sheet((out / "marks.csv").read_bytes())["Ada"]["score"] == "1"


@pytest.mark.parametrize(("words", "score", "file"), [((), "0", 2), (("--first",), "3", 1)])
def test_a_student_in_two_files_counts_once(tmp_path: Path, words: tuple[str, ...], score: str, file: int) -> None:
    one, two, out = tmp_path / "one.csv", tmp_path / "two.csv", tmp_path / "out"
    one.write_text("student,total_params\nAda,1199882\nBen,1199882\n")
    two.write_text("student,total_params\nChen,1199882\nAda,1\n")
    code, told, notes = grade(EXERCISE, str(one), str(two), "-o", str(out), *words)
    assert (code, told.count("students 3,")) == (0, 1)
    rows = sheet((out / "marks.csv").read_bytes())
    assert {name: row["score"] for name, row in rows.items()} == {"Ada": score, "Ben": "3", "Chen": "3"}
    assert f"this student is in file {file} of the answers too, which counts (Ada)" in notes


def test_many_notes_are_counted(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("student,total_params\n" + "".join(f"s{n % 3},1\n" for n in range(3000)))
    notes = grade(EXERCISE, str(answers))[2]
    assert notes.count("is there twice") == 10
    assert "more remarks are not listed" in notes
    assert len(notes.splitlines()) < 40


def test_nobody_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery staple")
    found = handed_out(tmp_path / "out", "--anonymous", str(secret))
    for name in MARKS:
        assert not any(name.encode() in content or name.split()[0] in path for path, content in found.items())


def test_nobody_is_named_by_what_there_is_to_say(tmp_path: Path) -> None:
    """Notes on the terminal and in the JSON, a teacher's own words, a name that looks like a pseudonym, names of files."""
    secret, out, answers, folder = tmp_path / "secret", tmp_path / "out", tmp_path / "answers.csv", tmp_path / "folder"
    secret.write_text("correct horse battery staple")
    answers.write_text(
        "student,total_params,name\nelizabethann,1,Elizabeth\nelizabethann,2,Elizabeth\nRobert\nMaria,1,M,x,y\nKevin,1,K\n"
    )
    folder.mkdir()
    (folder / "Margaret.md").write_bytes(b"\xff\xff\x80")
    (folder / "Kevin.md").write_text("total_params: 5\n")
    (folder / "Elena.yaml").write_text("{")
    out.mkdir()
    (out / "marks.csv").write_text("student,manual,note\nOttokar,1,Ottokar was ill\nOttokar,2,\nKevin,ask Kevin,7\n")
    for form in ((), ("--format", "json"), ("-o", str(out))):
        code, told, notes = grade(EXERCISE, str(answers), str(folder), "--anonymous", str(secret), *form)
        content = (
            "".join(each.read_text(encoding="utf-8") for each in out.rglob("*") if each.is_file())
            if "-o" in form
            else ""
        )
        names = "elizabethann", "Elizabeth", "Robert", "Maria", "Margaret", "Kevin", "Elena"
        assert code == 0
        assert [name for name in (*names, "Ottokar") if name.casefold() in (told + notes + content).casefold()] == []
    rows = [row["note"] for row in sheet((out / "marks.csv").read_bytes()).values()]
    assert rows.count("7") == 1


def test_nobody_is_named_in_a_folder_that_had_names(tmp_path: Path) -> None:
    """What a person wrote there counts all the same, also when it is graded once more."""
    out, secret, answers = tmp_path / "out", tmp_path / "secret", tmp_path / "answers.csv"
    secret.write_text("correct horse battery staple")
    answers.write_text("student,total_params\nAda,1\n")
    out.mkdir()
    (out / "marks.csv").write_text("student,manual,total_params\nAda,2,0\nLate,3,0\n")
    for _ in range(2):
        found = handed_out_partly(out, answers, "--anonymous", str(secret))
        assert not any(name in content for content in found.values() for name in (b"Ada", b"Late"))
        assert [row["score"] for row in sheet(found["marks.csv"]).values()] == ["2", "3"]


def test_a_report_to_pass_on(tmp_path: Path) -> None:
    found = handed_out(tmp_path / "out", "--hide-below", "5")["report.html"].decode()
    assert "&lt;5" in found
    assert not any(name in found for name in MARKS)


def test_a_name_is_never_a_path() -> None:
    names = FileNames()
    given = ["../../x", "/etc/passwd", "CON", "a/b", "A B", "..", "", "x", "王小明", "ａ b", "=cmd()", "a" * 300]
    found = [names(each) for each in given]
    assert found[:9] == ["x", "etc_passwd", "CON_", "a_b", "A_B-2", "student", "student-2", "x-2", "王小明"]
    assert len({each.casefold() for each in found}) == len(given)
    assert all(len(each) <= 64 and not set(each) & set('/\\.:*?"<>|=') for each in found)


def write(target: Path, text: str, error: type[BaseException] | None = None) -> None:
    with whole_folder(target) as folder:
        for name in "abc":
            (folder / name).write_text(text)
        if error is not None:
            raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_whole_or_not_at_all(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "out"
    with pytest.raises(error):
        write(target, "1", error)
    assert not list(tmp_path.iterdir())
    write(target, "1")
    with pytest.raises(error):
        write(target, "2", error)
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert {each.name: each.read_text() for each in target.iterdir()} == dict.fromkeys("abc", "1")
    write(target, "2")
    assert {each.name: each.read_text() for each in target.iterdir()} == dict.fromkeys("abc", "2")


def test_what_cannot_take_its_place_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if another program held the second file."""
    target = tmp_path / "out"
    write(target, "1")
    rename = Path.rename

    def held(self: Path, to: Path) -> Path:
        if self == target / "b":
            raise PermissionError
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(PermissionError):
        write(target, "2")
    assert {each.name: each.read_text() for each in target.iterdir()} == dict.fromkeys("abc", "1")


def test_through_a_pipe(files: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = Path(CLASS).read_text(encoding="utf-8")
    assert grade(EXERCISE, "-", "-o", str(out), stdin=told)[0] == 0
    assert (out / "results.json").read_bytes() == files["results.json"]
    assert grade(EXERCISE, "-", stdin="")[0] == 2
    assert "note: -: there are no answers" in grade(EXERCISE, "-", stdin=told.split("\n")[0])[2]


def test_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "no" / "such"):
        code, told, errors = grade(EXERCISE, CLASS, "-o", str(place))
        assert (code, told) == (2, "")
        assert "Traceback" not in errors
    assert (tmp_path / "file").read_text() == "mine"
