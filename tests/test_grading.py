"""Grading whole sheets: the command, its JSON, and what a teacher's own marks do."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
EXERCISE = "examples/exercises/mnist_cnn.yaml"
ANSWERS = "examples/answers/mnist_cnn.csv"


def grade(*words: str) -> tuple[int, str, str]:
    found = subprocess.run(
        [sys.executable, "-m", "cnncalc", "grade", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return found.returncode, found.stdout, found.stderr


def graded(*words: str) -> dict[str, Any]:
    code, told, errors = grade(*words, "--format", "json")
    assert (code, errors) == (0, "")
    found: dict[str, Any] = json.loads(told)
    return found


def by_item(student: dict[str, Any]) -> dict[str, Any]:
    return {each["item"]: each for each in student["items"]}


def test_three_students_by_hand() -> None:
    """Ada: all 25. Ben, same padding and no biases: two convolutions, four parameters and the formula are wrong,
    2 + 8 + 2 points; all else follows. Chen's total is not clear (3), a field is wrong (2), the formula blank (2)."""
    found = graded(EXERCISE, ANSWERS)
    ada, ben, chen = found["students"]
    assert [(each["student"], each["score"], each["max"]) for each in found["students"]] == [("Ada", "25", "25"), ("Ben", "13", "25"), ("Chen", "18", "25")]  # fmt: skip
    assert ben["codes"] == ["D02", "P01", "S27"]
    mine = by_item(ben)
    assert mine["flatten.shape"]["verdict"] == "carried"
    assert mine["dense.params"]["codes"] == ["D02"]  # 12544·128, on the student's own 12544
    assert "12544·128 = 1,605,632" in mine["dense.params"]["feedback"]["en"]
    assert mine["total_params"]["verdict"] == "carried"  # 288 + 18432 + 1605632 + 1280 = 1625632
    assert by_item(chen)["total_params"] | {"feedback": ""} == {
        "item": "total_params", "raw": "1.199.882", "understood": None, "verdict": "ambiguous", "score": None, "max": "3",
        "codes": [], "feedback": "",
    }  # fmt: skip
    assert chen["undecided"] == 1
    assert {each["verdict"] for each in ada["items"]} == {"right"}
    assert by_item(chen)["conv2d.params.formula"]["verdict"] == "blank"
    assert Fraction(found["summary"]["mean"]) == Fraction(25 + 13, 2)  # Chen has no mark yet


def test_a_cause_may_lie_in_the_true_map_and_in_the_students_own(tmp_path: Path) -> None:
    """23 of the true 26 is 26 - 3, the + 1 forgotten (S01); of the student's own 23 it is the border kept (S27)."""
    sheet = tmp_path / "answers.csv"
    sheet.write_text("student,conv2d.shape,conv2d_1.shape\nAda,23x23x32,23x23x64\nBen,28x28x32,25x25x64\n")
    ada, ben = graded(EXERCISE, str(sheet))["students"]
    found = by_item(ada)["conv2d_1.shape"]
    assert found["verdict"] == "wrong"
    assert {"S01", "S27"} <= set(found["codes"])
    assert found["codes"].index("S01") < found["codes"].index("S27")
    assert "26 − 3" in found["feedback"]["en"]
    assert "S01" in by_item(ben)["conv2d_1.shape"]["codes"]  # 25 of the student's own 28


def test_feedback_never_says_the_key() -> None:
    found = graded(EXERCISE, ANSWERS)
    key = {"conv2d.shape": "26", "conv2d_1.shape": "24", "conv2d.params": "320", "dense.params": "1,179,776"}
    for student in found["students"]:
        for name, each in by_item(student).items():
            if name in key and each["feedback"]:
                assert key[name] not in each["feedback"]["en"]


def test_the_same_again_byte_for_byte() -> None:
    assert grade(EXERCISE, ANSWERS, "--format", "json") == grade(EXERCISE, ANSWERS, "--format", "json")


def test_marks_by_hand_win(tmp_path: Path) -> None:
    sheet = tmp_path / "answers.csv"
    sheet.write_text("student,total_params,total_params manual,conv2d.params,conv2d.params manual\nAda,1,2.5,320,?\n")
    ada = graded(EXERCISE, str(sheet))["students"][0]
    item = by_item(ada)["total_params"]
    assert (item["verdict"], item["score"], item["manual"], ada["score"]) == ("wrong", "5/2", True, "9/2")
    assert ada["unread_manual"] == ["conv2d.params"]


def test_names_can_be_hidden(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery staple")
    told = json.dumps(graded(EXERCISE, ANSWERS, "--anonymous", str(secret)))
    assert "Ben" not in told
    names = [each["student"] for each in json.loads(told)["students"]]
    assert len(set(names)) == 3
    secret.write_text("short")
    assert grade(EXERCISE, ANSWERS, "--anonymous", str(secret))[0] == 2


def test_columns_with_other_titles(tmp_path: Path) -> None:
    sheet = tmp_path / "answers.csv"
    sheet.write_text("Who,Q1,parameters in all\nAda,320,1199882\n")
    found = graded(EXERCISE, str(sheet), "--column", "Q1=conv2d.params", "--column", "Who=student")
    assert found["students"][0]["score"] == "5"


def test_what_cannot_be_used(tmp_path: Path) -> None:
    sheet = tmp_path / "answers.csv"
    sheet.write_text("a,b\n1,2\n")
    code, told, errors = grade(EXERCISE, str(sheet), "--format", "json")
    assert code == 2
    assert json.loads(told)["errors"]
    assert "error" in errors
    assert grade("examples/mnist_cnn.yaml", ANSWERS)[0] == 2


def test_a_filled_worksheet_is_read(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "cnncalc", "exercise", "worksheet", EXERCISE], capture_output=True, text=True, cwd=ROOT, check=True)  # fmt: skip
    lines = made.stdout.replace("student: ____", "student: Ada").splitlines()
    fill = {"`conv2d_1.shape`": "24 x 24 x 64", "`conv2d.params`": "(9+1)*32", "`total_params`": "1,199,882"}
    for at, line in enumerate(lines):
        for item, answer in fill.items():
            if line.startswith(f"| {item} |"):
                lines[at] = line.replace("____", answer)
    sheet = tmp_path / "ada.md"
    sheet.write_text("\n".join(lines))
    (ada,) = graded(EXERCISE, str(sheet))["students"]
    found = {name: each["verdict"] for name, each in by_item(ada).items() if each["verdict"] != "blank"}
    assert ada["student"] == "Ada"
    assert found == {"conv2d_1.shape": "right", "conv2d.params": "right", "total_params": "right"}


def test_the_screen_has_no_names() -> None:
    code, told, _ = grade(EXERCISE, ANSWERS)
    assert code == 0
    assert "students 3, wait for a decision 1, points 25, mean 19" in told
    assert not {"Ada", "Ben", "Chen"} & set(told.split())
