"""Numbers per student: draws calculated by hand with hmac, what may not move them, what is refused, files that come out."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cnncalc.architecture.files import parse_text
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.teach.answers.sheets import read_sheet
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.key import keys_of
from cnncalc.teach.linting import lint
from cnncalc.teach.reading import load_exercise, read_exercise
from cnncalc.teach.schema import exercise_schema
from cnncalc.teach.variants import Combinations, Variants, burdens, identity, standalone, variant

ROOT = Path(__file__).parents[1]
SECRET = "chalk"
STUDENTS = ["b12901001", "b12901002", "王小明", "Zoë"]

NETWORK = {
    "variables": {"F": 8, "n": 28},
    "input": ["n", "n", 3],
    "layers": [{"Conv2D": {"filters": "F", "kernel_size": 5}}],
}
QUESTIONS: list[dict[str, Any]] = [{"ask": "shape", "layers": "all"}, {"ask": "params", "layers": "all"}]
VALUES = {"F": [3, 7, 8, 12], "n": [28, 33, 40]}
FILE: dict[str, Any] = {
    "exercise": 1,
    "title": {"en": "One convolution", "zh-TW": "一層卷積"},
    "architecture": NETWORK,
    "questions": QUESTIONS,
    "variants": VALUES,
}


def read(data: dict[str, Any]) -> Exercise:
    return read_exercise(parse_text(json.dumps(data), "ex.json"))


def numbers(data: dict[str, Any], student: str = STUDENTS[0]) -> dict[str, int]:
    return dict(Variants(read(data), SECRET).of(student).numbers)


def by_hand(student: str) -> dict[str, int]:
    """Candidate after candidate, of which those with 7 or 8 filters are good.

    Behind 3 channels, 3 filters are kept channels, and 12 a multiple of them: both hide a misconception.
    """
    text = (
        '{"architecture":{"input":["n","n",3],"layers":[{"Conv2D":{"filters":"F","kernel_size":5}}],"variables":{"F":8,"n":28}},'
        '"questions":[{"ask":"shape","layers":"all"},{"ask":"params","layers":"all"}],'
        '"set":{},"variants":{"F":[3,7,8,12],"n":[28,33,40]}}'
    )
    name = hashlib.sha256(text.encode()).hexdigest()
    for counter in range(1000):
        drawn = hmac.new(SECRET.encode(), f"{name}\n{student.lower()}\n{counter}".encode(), "sha256").hexdigest()
        filters, size = divmod(int(drawn, 16) % 12, 3)
        if VALUES["F"][filters] in {7, 8}:
            return {"F": VALUES["F"][filters], "n": VALUES["n"][size]}
    raise AssertionError


@pytest.mark.parametrize("student", STUDENTS)
def test_draws_by_hand(student: str) -> None:
    assert numbers(FILE, student) == by_hand(student)


def test_draws_that_were_written_down() -> None:
    """So that a change of the method is seen even where it changes the calculation by hand."""
    assert [by_hand(student) for student in STUDENTS] == [
        {"F": 7, "n": 33},
        {"F": 7, "n": 28},
        {"F": 7, "n": 40},
        {"F": 8, "n": 28},
    ]


def test_students_differ_and_secrets_do() -> None:
    variants = Variants(read(FILE), SECRET)
    drawn = [tuple(variants.of(f"s{n}").numbers.values()) for n in range(60)]
    assert set(drawn) == {(F, n) for F in (7, 8) for n in (28, 33, 40)}
    others = Variants(read(FILE), "another secret")
    assert drawn != [tuple(others.of(f"s{n}").numbers.values()) for n in range(60)]


@pytest.mark.parametrize("seed", ["0", "1", "123"])
def test_hashes_of_python_do_not_matter(seed: str) -> None:
    code = (
        "import sys; from cnncalc.teach.reading import load_exercise; from cnncalc.teach.variants import variant;"
        "print(dict(variant(load_exercise('-'), 'chalk', 'b12901001').numbers))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", code], input=json.dumps(FILE), capture_output=True, text=True, env=environment, check=True)  # fmt: skip
    assert run.stdout.strip() == str(by_hand("b12901001"))


WORDED = [{"ask": "shape", "layers": "all", "points": 3, "text": {"zh-TW": "形狀？"}, "expect": {"conv2d": [24, 24, 8]}}, QUESTIONS[1]]  # fmt: skip

SAME = [
    FILE | {"title": "Another title"},
    FILE | {"text": {"zh-TW": "請寫出每一層的形狀"}},
    FILE | {"questions": WORDED},
    FILE | {"marking": {"carry_forward": "1/2"}},
    FILE | {"variants": {"n": [40, 33, 28], "F": [12, 8, 7, 3]}},
    FILE | {"architecture": NETWORK | {"name": "net"}},
    dict(reversed(FILE.items())),
]


@pytest.mark.parametrize("data", SAME)
def test_wording_and_order_do_not_move_numbers(data: dict[str, Any]) -> None:
    assert identity(read(data)) == identity(read(FILE))
    assert numbers(data) == numbers(FILE)


OTHER = [
    FILE | {"questions": [QUESTIONS[1]]},
    FILE | {"variants": VALUES | {"n": [28, 33]}},
    FILE | {"architecture": NETWORK | {"input": ["n", "n", 4]}},
]


@pytest.mark.parametrize("data", OTHER)
def test_another_network_is_another_exercise(data: dict[str, Any]) -> None:
    assert identity(read(data)) != identity(read(FILE))


def test_what_set_sets_is_part_of_the_network() -> None:
    """Its file is the same, and the numbers in it are not."""
    network = {**NETWORK, "variables": {"F": 8, "n": 28, "K": 5}}
    network["layers"] = [{"Conv2D": {"filters": "F", "kernel_size": "K"}}]
    one, other = (read({**FILE, "architecture": network, "set": {"K": size}}) for size in (5, 7))
    assert identity(one) != identity(other)
    assert Combinations(one)[0].numbers == Combinations(other)[0].numbers
    tried = (trial.exercise for trial in Combinations(other).first(12) if trial.exercise)
    assert {each.numbers["K"] for each in tried} == {7}


def test_a_value_that_is_listed_twice_counts_once() -> None:
    twice = {"F": [12, 3, 7, 8, 3], "n": [28, 40, 33, 28]}
    assert identity(read({**FILE, "variants": twice})) == identity(read(FILE))
    assert Combinations(read({**FILE, "variants": twice})).count == 12


def test_what_is_too_large_for_people_is_not_handed_out() -> None:
    """10,007 filters have five digits; nothing is wrong with them otherwise."""
    trials = {
        trial.numbers["F"]: trial for trial in Combinations(read({**FILE, "variants": {"F": [7, 10_007]}})).first(2)
    }
    large = trials[10_007]
    assert large.lint is not None
    assert (large.lint.full, bool(large.burdens), large.eligible, large.exercise) == (True, True, False, None)
    assert trials[7].eligible


def test_what_is_drawn_has_a_full_score_and_fits_a_calculator() -> None:
    combinations = Combinations(read(FILE))
    assert combinations.count == 12
    eligible = [trial for trial in combinations.first(99) if trial.eligible]
    assert [tuple(trial.numbers.values()) for trial in eligible] == [(F, n) for F in (7, 8) for n in (28, 33, 40)]
    for trial in eligible:
        assert trial.exercise is not None
        assert lint(trial.exercise).full
        assert not burdens(trial.exercise)
        assert trial.exercise.summary is not None
        filters, n = trial.numbers["F"], trial.numbers["n"]
        assert keys_of(trial.exercise)["conv2d.shape"].value == (n - 4, n - 4, filters)
        assert keys_of(trial.exercise)["conv2d.params"].value == 5 * 5 * 3 * filters + filters


def test_every_combination_is_tried_once() -> None:
    variants = Variants(read(FILE), SECRET)
    assert variants.of("a") is variants.of("a")
    for n in range(200):
        variants.of(f"s{n}")
    assert len(variants.combinations.tried) <= 12


def test_numbers_too_large_for_people() -> None:
    """10,000 filters have five digits; 9,999 of 5·5·3 weights each are fewer than 100,000,000."""
    layer = {"Conv2D": {"filters": 10_000, "kernel_size": 5}}
    found = burdens(
        read({"exercise": 1, "architecture": {"input": [28, 28, 3], "layers": [layer]}, "questions": QUESTIONS})
    )
    assert [(each.place, each.number) for each in found] == [("conv2d", 10_000)]
    wide = {"input": [9_999], "layers": [{"Dense": 9_999}, {"Dense": 1}]}
    asked = [{"ask": "params", "layers": "all"}]
    found = burdens(read({"exercise": 1, "architecture": wide, "questions": asked}))
    assert [(each.place, each.number) for each in found] == []
    asked = [{"ask": "memory", "dtype": "float64"}]
    found = burdens(read({"exercise": 1, "architecture": wide, "questions": asked}))
    assert [each.place for each in found] == ["memory.weights"]


def dense(inputs: int, units: int) -> Exercise:
    network = {"input": [inputs], "layers": [{"Dense": units}]}
    return read({"exercise": 1, "architecture": network, "questions": [{"ask": "params", "layer": "dense"}]})


@pytest.mark.parametrize(
    ("inputs", "units", "places"),
    [
        (9_998, 10_001, ["dense"]),  # 9,999 · 10,001 = 99,999,999: eight digits, but a factor of five
        (9_999, 9_999, []),  # 10,000 · 9,999 = 99,990,000
        (9_999, 10_001, ["dense.params", "dense"]),  # 10,000 · 10,001 = 100,010,000
    ],
)
def test_a_pocket_calculator_has_eight_digits(inputs: int, units: int, places: list[str]) -> None:
    assert [burden.place for burden in burdens(dense(inputs, units))] == places


def test_an_array_of_weights_may_have_the_one_large_axis() -> None:
    """A layer of 10,000 words takes numbers and gives 4 axes: only its table is large."""
    network = {"input": [5], "layers": [{"Embedding": {"input_dim": 10_000, "output_dim": 4}}]}
    exercise = read({"exercise": 1, "architecture": network, "questions": [{"ask": "shape", "layer": "embedding"}]})
    assert [burden.place for burden in burdens(exercise)] == ["embedding"]


class Numbered:
    """A thousand combinations that are their numbers."""

    count = 1000

    def __getitem__(self, index: int) -> int:
        return index


def test_candidates_are_64_draws_and_then_all_from_the_first_on() -> None:
    """What is the n-th candidate is part of who has which numbers, and stays so."""
    variants: Any = Variants(read(FILE), SECRET)
    variants.combinations = Numbered()
    found = list(variants._candidates("ann"))
    assert found[:64] == [variants.drawn("ann", counter) for counter in range(64)]
    assert found[64:] == [*range(found[0], 1000), *range(found[0])]


def fault(data: dict[str, Any]) -> Any:
    with pytest.raises(ArchitectureError) as caught:
        numbers(data)
    return caught.value.first


def test_where_no_combination_does_the_best_is_told() -> None:
    """9 and 12 filters are multiples of 3 channels: the multiple is right (H03)."""
    found = fault(FILE | {"variants": {"F": [12, 9]}})
    assert found.code == "no-variant"
    assert "2 combinations" in str(found.message)
    assert "F=9" in str(found.remedies[0])
    assert "H03" in str(found.remedies[0])


def test_numbers_that_do_not_work_are_told() -> None:
    found = fault(FILE | {"variants": {"n": [2, 3]}})
    assert found.code == "no-variant"
    assert "conv2d" in str(found.remedies[0])


def test_an_exercise_without_variants_says_so() -> None:
    assert fault({key: value for key, value in FILE.items() if key != "variants"}).code == "no-variants"


def test_a_question_without_an_answer_is_not_handed_out() -> None:
    """`solve` asks for 28x28; of these sizes 28 alone can have it, with padding."""
    solve = {"ask": "solve", "layer": "conv2d", "field": "padding", "for": {"shape": [28, 28, 8]}}
    data = FILE | {"questions": [*QUESTIONS, solve], "variants": {"F": [7, 8], "n": [28, 33]}}
    assert {tuple(Variants(read(data), SECRET).of(f"s{n}").numbers.values()) for n in range(20)} == {(8, 28)}


def test_set_sets_variables() -> None:
    found = read(FILE | {"set": {"F": 24}})
    assert keys_of(found)["conv2d.shape"].value == (24, 24, 24)
    assert keys_of(found)["conv2d.params"].value == 5 * 5 * 3 * 24 + 24
    assert dict(found.numbers) == {"F": 24}


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({"G": 1}, "unknown-variable", "'G'"),
        ({"F": "many"}, "bad-value", "F"),
        ({"F": True}, "bad-value", "F"),
        ({"F": 0}, "bad-value", "filters"),
        ({"n": 2}, "window", "5"),
        ([1], "bad-section", "set"),
    ],
)
def test_what_set_does_not_take(given: Any, code: str, told: str) -> None:
    with pytest.raises(ArchitectureError) as caught:
        read(FILE | {"set": given})
    assert caught.value.first.code == code
    assert told in str(caught.value)


def cnncalc(*words: str, seed: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({"CNNCALC_SEED": seed} if seed else {})
    return subprocess.run([sys.executable, "-m", "cnncalc", *words], capture_output=True, text=True, env=environment, check=False)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The exercise in a folder, with its network in a file beside it."""
    folder = tmp_path / "exercises"
    folder.mkdir()
    (folder / "net.yaml").write_text(yaml.safe_dump(NETWORK), encoding="utf-8")
    path = folder / "ex.yaml"
    path.write_text(yaml.safe_dump(FILE | {"architecture": "net.yaml"}, allow_unicode=True), encoding="utf-8")
    return path


def test_a_variant_is_a_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "variant.yaml"
    student = ("--seed", SECRET, "--student", "王小明")
    assert cnncalc("exercise", "new", str(file), *student, "-o", str(out)).returncode == 0
    written = yaml.safe_load(out.read_text(encoding="utf-8"))
    drawn = variant(load_exercise(str(file), load), SECRET, "王小明")
    assert written["set"] == dict(drawn.numbers)
    assert written["architecture"] == "../exercises/net.yaml"
    assert "variants" not in written
    assert written["title"] == FILE["title"]
    Draft202012Validator(exercise_schema()).validate(written)
    again = load_exercise(str(out), load)
    assert {name: key.value for name, key in keys_of(again).items()} == {name: key.value for name, key in keys_of(drawn).items()}  # fmt: skip
    assert cnncalc("exercise", "key", str(out)).stdout == cnncalc("exercise", "key", str(file), *student).stdout
    assert cnncalc("exercise", "check", str(file), *student).returncode == 0
    assert cnncalc("exercise", "lint", str(out)).returncode == 0


def test_a_variant_in_another_folder_finds_network_and_labels(tmp_path: Path) -> None:
    """Both are named as seen from the file that names them."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "true.csv").write_text("cat\ndog\n", encoding="utf-8")
    (tmp_path / "lab" / "net.json").write_text(json.dumps(NETWORK), encoding="utf-8")
    asked = [*QUESTIONS, {"ask": "predictions", "labels": "true.csv"}]
    lab = tmp_path / "lab" / "ex.json"
    lab.write_text(json.dumps(FILE | {"architecture": "net.json", "questions": asked}), encoding="utf-8")
    output = tmp_path / "own" / "ann.yaml"
    output.parent.mkdir()
    output.write_text(standalone(variant(load_exercise(str(lab)), SECRET, "ann"), str(output)), encoding="utf-8")
    written = yaml.safe_load(output.read_text(encoding="utf-8"))
    assert (written["architecture"], written["questions"][-1]["labels"]) == ("../lab/net.json", "../lab/true.csv")
    assert load_exercise(str(output)).labels["../lab/true.csv"].labels == ("cat", "dog")


def test_a_worksheet_knows_whose_it_is(file: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.md"
    full_width = "ｂ１２９０１００１ "
    run = cnncalc("exercise", "worksheet", str(file), "--seed", SECRET, "--student", full_width, "-o", str(sheet))
    assert run.returncode == 0
    drawn = variant(load_exercise(str(file), load), SECRET, "b12901001")
    size = drawn.numbers["n"]
    assert f"{size}×{size}×3" in sheet.read_text(encoding="utf-8")
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("____", "7"), encoding="utf-8")
    (row,) = read_sheet(str(sheet), [item.id for item in drawn.items])
    assert row.student == "b12901001"
    assert row.texts == ("7", "7")


def test_one_option_without_the_other(file: Path) -> None:
    alone = cnncalc("exercise", "key", str(file), "--seed", SECRET)
    assert alone.returncode == 2
    assert "--student" in alone.stderr
    alone = cnncalc("exercise", "key", str(file), "--student", "a")
    assert alone.returncode == 2
    assert "CNNCALC_SEED" in alone.stderr
    nobody = cnncalc("exercise", "key", str(file), "--student", " ", "--seed", SECRET)
    assert nobody.returncode == 2
    assert "Traceback" not in alone.stderr + nobody.stderr


def test_the_secret_may_come_from_the_environment(file: Path) -> None:
    given = cnncalc("exercise", "key", str(file), "--seed", SECRET, "--student", "a")
    assert given.returncode == 0
    assert cnncalc("exercise", "key", str(file), "--student", "a", seed=SECRET).stdout == given.stdout
    assert cnncalc("exercise", "key", str(file), seed=SECRET).stdout == cnncalc("exercise", "key", str(file)).stdout


def test_lint_counts_the_combinations(file: Path) -> None:
    run = cnncalc("exercise", "lint", str(file), "--format", "json")
    assert json.loads(run.stdout)["variants"] == {"full": 6, "eligible": 6, "tried": 12, "total": 12}
    mine = cnncalc("exercise", "lint", str(file), "--seed", SECRET, "--student", "a", "--format", "json")
    assert json.loads(mine.stdout)["variants"] is None
    assert mine.returncode == 0


def sheet_of(folder: Path, *students: str, numbers_of: str | None = None) -> Path:
    """Right answers by hand: an axis is n - 5 + 1; each filter has 5·5·3 weights and a bias."""
    lines = ["student,conv2d.shape,conv2d.params"]
    for student in students:
        filters, size = by_hand(numbers_of or student).values()
        lines.append(f"{student},{size - 4}x{size - 4}x{filters},{76 * filters}")
    sheet = folder / "answers.csv"
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sheet


def graded(file: Path, sheet: Path, *words: str, seed: str | None = SECRET) -> dict[str, Any]:
    drawn = () if seed is None else ("--seed", seed)
    run = cnncalc("grade", str(file), str(sheet), "--format", "json", *drawn, *words)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_everybody_is_marked_with_their_own_numbers(file: Path, tmp_path: Path) -> None:
    assert len({tuple(by_hand(student).values()) for student in STUDENTS}) > 1
    sheet = sheet_of(tmp_path, *STUDENTS)
    for each in graded(file, sheet)["students"]:
        assert (each["score"], each["numbers"]) == ("2", by_hand(each["student"]))
    assert graded(file, sheet, "--jobs", "2") == graded(file, sheet)
    assert graded(file, sheet, seed=None)["remarks"][0]["code"] == "no-seed"
    assert any(each["score"] != "2" for each in graded(file, sheet, seed="another")["students"])


def test_anothers_numbers_are_wrong(file: Path, tmp_path: Path) -> None:
    other = next(student for student in STUDENTS if by_hand(student)["F"] != by_hand(STUDENTS[0])["F"])
    (student,) = graded(file, sheet_of(tmp_path, STUDENTS[0], numbers_of=other))["students"]
    assert [each["verdict"] for each in student["items"]] == ["wrong", "wrong"]


def test_hidden_names_keep_their_numbers(file: Path, tmp_path: Path) -> None:
    """A capital is the same student; the numbers are drawn before names are hidden."""
    (tmp_path / "secret").write_text("a secret of the teacher's", encoding="utf-8")
    sheet = sheet_of(tmp_path, STUDENTS[0].upper(), numbers_of=STUDENTS[0])
    (student,) = graded(file, sheet, "--anonymous", str(tmp_path / "secret"))["students"]
    assert student["student"] != STUDENTS[0].upper()
    assert student["score"] == "2"


def test_other_numbers_are_the_reason_of_other_marks(file: Path, tmp_path: Path) -> None:
    sheet, before = sheet_of(tmp_path, *STUDENTS), tmp_path / "before.json"
    before.write_text(json.dumps(graded(file, sheet)), encoding="utf-8")
    run = cnncalc("grade", str(file), str(sheet), "--seed", SECRET, "--format", "json", "-o", str(before))
    assert run.returncode == 0
    again = graded(file, sheet, "--before", str(before), seed="another")
    reasons = {item["why"] for student in again["students"] if "before" in student for item in student["before"]["items"]}  # fmt: skip
    assert reasons == {"other numbers were drawn"}


def test_variants_that_ask_other_things_cannot_stand_in_one_sheet(tmp_path: Path) -> None:
    """Another number of layers is another number of questions."""
    network = {
        "variables": {"n": 1, "F": 8},
        "input": [28, 28, 3],
        "layers": [{"Repeat": {"times": "n", "layers": [{"Conv2D": {"filters": "F", "kernel_size": 5}}]}}],
    }
    data = {**FILE, "architecture": network, "variants": {"n": [2]}, "set": {"n": 1}}
    file = tmp_path / "ex.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "a.csv").write_text("student,conv2d.shape\na,24x24x8\n", encoding="utf-8")
    run = cnncalc("grade", str(file), str(tmp_path / "a.csv"), "--seed", SECRET)
    assert run.returncode == 2
    assert "cannot stand in one sheet" in run.stderr
    empty = cnncalc("grade", str(file), str(tmp_path / "a.csv"), "--seed", "")
    assert (empty.returncode, "Traceback" in empty.stderr) == (2, False)
