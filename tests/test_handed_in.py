"""Networks and predictions that students hand in: conditions by hand, confusion by hand, and files that are not theirs."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cnncalc.architecture import build
from cnncalc.architecture.files import parse_text
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.teach.answers.handed import Handed, harmless_name
from cnncalc.teach.answers.sheets import read_sheet
from cnncalc.teach.conditions import Condition, conditions_of, measured
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.grading import Grader, fingerprints
from cnncalc.teach.handing_in import handed_in, renamed, with_files
from cnncalc.teach.outcomes import Outcomes
from cnncalc.teach.predictions import MAX_MATRIX, confused, confusion, evidence, percent
from cnncalc.teach.reading import load_exercise
from cnncalc.teach.results import ItemResult, StudentResult
from cnncalc.view import feedback

ROOT = Path(__file__).parents[1]

MUST = '{params: "<= 500", output: [10], layers: {Conv2D: 1, Dropout: 0}}'

NETWORK = """input: [4, 4, 1]
layers:
  - Conv2D: {filters: 8, kernel_size: 3}
  - Flatten
  - Dense: 10
"""
"""(3·3 + 1)·8 = 80 parameters, then 2·2·8 = 32 values: (32 + 1)·10 = 330. In all 410."""


def exercise(folder: Path, *questions: str, marking: str = "{}") -> Exercise:
    listed = "\n".join(f"  - {question}" for question in questions)
    (folder / "ex.yaml").write_text(f"exercise: 1\nmarking: {marking}\nquestions:\n{listed}\n", encoding="utf-8")
    return load_exercise(str(folder / "ex.yaml"), load)


def graded(of: Exercise, path: Path) -> dict[str, dict[str, ItemResult]]:
    grader = Grader(of)
    sheet = read_sheet(str(path), [item.id for item in of.items])
    results = [grader.result(row, person) for row, person in with_files(handed_in([sheet]), of.items)]
    return {result.student: {item.item: item for item in result.items} for result in results}


def handing_in(folder: Path, text: str, must: str = MUST, name: str = "architecture.yaml", marking: str = "{}") -> ItemResult:  # fmt: skip
    """What becomes of a network in ann's folder."""
    own = folder / "class" / "ann"
    own.mkdir(parents=True)
    (own / name).write_text(text, encoding="utf-8")
    asked = exercise(folder, f"{{ask: architecture, points: 4, must: {must}}}", marking=marking)
    return graded(asked, folder / "class")["ann"]["architecture"]


def test_a_network_that_meets_its_conditions(tmp_path: Path) -> None:
    found = handing_in(tmp_path, NETWORK)
    assert (found.verdict, found.score, found.feedback) == ("right", 4, None)
    assert found.echo == "params 410, output 10, layers.Conv2D 1, layers.Dropout 0"
    assert found.raw.startswith("architecture.yaml (sha256 ")
    data = found.to_dict()
    assert data["understood"] == [["params", 410], ["output", [10]], ["layers.Conv2D", 1], ["layers.Dropout", 0]]
    assert data["evidence"]["conditions"][0] == {"name": "params", "wanted": "at most 500", "value": 410, "holds": True}
    json.dumps(data)


def test_a_network_that_misses_some(tmp_path: Path) -> None:
    """With 20 outputs: (32 + 1)·20 = 660, in all 740."""
    found = handing_in(tmp_path, NETWORK.replace("10", "20"))
    assert (found.verdict, found.score) == ("wrong", 0)
    assert (
        str(found.feedback) == "params: there is 740, and at most 500 is asked; output: there is 20, and 10 is asked."
    )


def test_conditions_that_hold_count_where_parts_count(tmp_path: Path) -> None:
    found = handing_in(tmp_path, NETWORK.replace("10", "20"), marking="{per_axis: true}")
    assert (found.verdict, found.score) == ("partial", Fraction(2, 4) * 4)


@pytest.mark.parametrize(
    ("must", "holds"),
    [
        ("{params: 410}", True), ("{params: 411}", False), ("{params: 400..420}", True), ("{params: 410..420}", True), ("{params: 400..410}", True), ("{params: 411..420}", False),
        ('{params: "< 410"}', False), ('{params: "≥ 0.41k"}', True), ('{params: "> 410"}', False), ("{trainable_params: 410}", True),
        ("{non_trainable_params: 0}", True), ("{macs: 608}", True),  # 2·2·8·9 + 32·10
        ("{flops: 1216}", True), ("{memory.weights: 1640}", True), ("{memory.inference_peak: 256}", True),  # 32 + 32 numbers
        ("{memory: 1896}", True), ("{memory.training_sum: 3640}", True),  # 2·1640 + 4·(16 + 32 + 32 + 10)
        ("{receptive_field: 3}", True), ("{depth: 2}", True), ("{layers: 3}", True), ("{input: [4, 4, 1]}", True),
        ("{input: 4x4x1}", True), ("{output: 10}", True), ("{output: [1, 10]}", False), ('{layers: {Dense: ">= 1", Conv2D: 0}}', False),
    ],
)  # fmt: skip
def test_every_kind_of_condition(tmp_path: Path, must: str, holds: object) -> None:
    assert (handing_in(tmp_path, NETWORK, must).verdict == "right") is holds


@pytest.mark.parametrize(
    ("must", "told"),
    [
        ("{paramz: 3}", "ex.yaml:4:32: there is no condition named 'paramz'; did you mean params?"),
        ("{params: many}", """ex.yaml:4:32: params takes a number, a relation such as "<= 1.2M" or a range such as 2..5, not 'many'"""),
        ("{params: 2..}", """ex.yaml:4:32: params takes a number, a relation such as "<= 1.2M" or a range such as 2..5, not '2..'"""),
        ("{params: 2.5}", """ex.yaml:4:32: params takes a number, a relation such as "<= 1.2M" or a range such as 2..5, not 2.5"""),
        ("{params: -3}", """ex.yaml:4:32: params takes a number, a relation such as "<= 1.2M" or a range such as 2..5, not -3"""),
        ("{layers: {Conv2: 3}}", "ex.yaml:4:41: there is no layer kind 'Conv2'; did you mean Conv2D?"),
        ("{output: ten}", "ex.yaml:4:32: output takes a shape such as [28, 28, 1], not 'ten'"),
        ("{output: [10, 0]}", "ex.yaml:4:32: output takes a shape such as [28, 28, 1], not [10, 0]"),
    ],
)  # fmt: skip
def test_conditions_that_cannot_be_read(tmp_path: Path, must: str, told: str) -> None:
    with pytest.raises(ArchitectureError) as caught:
        exercise(tmp_path, f"{{ask: architecture, must: {must}}}")
    assert str(caught.value) == f"{tmp_path}/{told}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("architecture.json", '{"input": [4, 4, 1], "layers": [{"Conv2D": {"filters": 8, "kernel_size": 3}}, "Flatten", {"Dense": 10}]}'),
        ("architecture.py", "import keras\nfrom keras import layers\nmodel = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(8, 3),\n    layers.Flatten(), layers.Dense(10)])\n"),
        ("architecture.toml", 'input = [4, 4, 1]\nlayers = [{Conv2D = {filters = 8, kernel_size = 3}}, "Flatten", {Dense = 10}]\n'),
    ],
)  # fmt: skip
def test_every_form_of_network(tmp_path: Path, name: str, text: str) -> None:
    assert handing_in(tmp_path, text, name=name).verdict == "right"


def test_code_is_read_and_not_run(tmp_path: Path) -> None:
    found = handing_in(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')\n", name="architecture.py")
    assert found.verdict == "unreadable"
    assert not (tmp_path / "ran").exists()


def test_a_network_that_does_not_fit_together_is_told_with_its_place(tmp_path: Path) -> None:
    found = handing_in(tmp_path, NETWORK.replace("kernel_size: 3", "kernel_size: 5"))
    assert (found.verdict, found.score) == ("unreadable", 0)
    assert str(found.feedback).startswith("architecture.yaml:3:5: conv2d (Conv2D): the window must fit into its input")
    assert str(tmp_path) not in str(found.feedback)


def test_a_network_in_a_cell(tmp_path: Path) -> None:
    asked = exercise(tmp_path, f"{{ask: architecture, must: {MUST}}}")
    sheet = tmp_path / "answers.csv"
    inline = "{input: [4, 4, 1], layers: [Conv2D: {filters: 8, kernel_size: 3}, Flatten, Dense: 10]}"
    sheet.write_text(
        f'student,architecture\nann,"{inline}"\nbob,"{NETWORK}"\ncat,{"x" * 30}\ndan,\neve,-\n', encoding="utf-8"
    )
    found = {student: items["architecture"].verdict for student, items in graded(asked, sheet).items()}
    assert found == {"ann": "right", "bob": "right", "cat": "unreadable", "dan": "blank", "eve": "blank"}
    answers = tmp_path / "fay.yaml"
    answers.write_text(f"architecture: {inline}\n")
    assert graded(asked, answers)["fay"]["architecture"].verdict == "right"


def test_files_beside_a_sheet_stand_in_folders_of_the_students_names(tmp_path: Path) -> None:
    """Bob names Ann's file, the teacher's and one behind a link; none of them is his."""
    asked = exercise(tmp_path, f"{{ask: architecture, must: {MUST}}}")
    (tmp_path / "reference.yaml").write_text(NETWORK)
    for student in ("ann", "bob"):
        (tmp_path / student).mkdir()
    (tmp_path / "ann" / "net.yaml").write_text(NETWORK)
    (tmp_path / "bob" / "link.yaml").symlink_to(tmp_path / "reference.yaml")
    (tmp_path / "bob" / "architecture").symlink_to(tmp_path / "ann")
    sheet = tmp_path / "answers.csv"
    for cell in ("../ann/net.yaml", "net.yaml", "../reference.yaml", "reference.yaml", "link.yaml", str(tmp_path / "reference.yaml"), "..", "architecture/net.yaml"):  # fmt: skip
        sheet.write_text(f"student,architecture\nann,net.yaml\nbob,{cell}\n..,answers.csv\n")
        found = {student: items["architecture"].verdict for student, items in graded(asked, sheet).items()}
        assert found == {"ann": "right", "bob": "unreadable", "..": "unreadable"}, cell


def test_a_written_hash_is_no_file(tmp_path: Path) -> None:
    asked = exercise(tmp_path, f"{{ask: architecture, must: {MUST}}}")
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "net.yaml").write_text(NETWORK)
    sheet = tmp_path / "answers.csv"
    sheet.write_text("student,architecture\nann,net.yaml\n")
    raw = graded(asked, sheet)["ann"]["architecture"].raw
    sheet.write_text(f"student,architecture\nann,net.yaml\nbob,{raw}\n")
    assert graded(asked, sheet)["bob"]["architecture"].verdict == "unreadable"


def test_names_of_files_are_hidden_with_the_students(tmp_path: Path) -> None:
    (tmp_path / "Ann Lee").mkdir()
    (tmp_path / "Ann Lee" / "annlee.yaml").write_text("layers: [Conv3D: {}]")
    (tmp_path / "answers.csv").write_text("student,architecture\nAnn Lee,annlee.yaml\n")
    asked = exercise(tmp_path, f"{{ask: architecture, must: {MUST}}}")
    rows = renamed(with_files(handed_in([read_sheet(str(tmp_path / "answers.csv"), ["architecture"])]), asked.items), lambda _: "s-1")  # fmt: skip
    (result,) = (Grader(asked).result(row, person) for row, person in rows)
    told = json.dumps(result.to_dict())
    assert "ann" not in told.lower()
    assert "file.yaml" in told


def test_a_file_stays_one_on_its_way_to_other_processes() -> None:
    file = Handed("net.yaml", "0" * 16, "/class/ann/net.yaml")
    copy: Any = pickle.loads(pickle.dumps(file))
    assert (copy, copy.name, copy.path, type(copy)) == (file, file.name, file.path, Handed)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "C:x", "x" * 300, "a\0b", " .. "])
def test_names_that_lead_somewhere_else(name: str) -> None:
    assert not harmless_name(name)


TRUE = "3\n5\n5\n0\n0\n0\n0\n1\n"
MINE = "3\n3\n3\n0\n0\n0\n9\n1\n"
"""Right are 3, three times 0, and 1: five of eight. 5 was taken for 3 twice, 0 once for a label that does not exist."""


def predicted(folder: Path, true: str, mine: str, accuracy: str = "0.75") -> ItemResult:
    (folder / "class" / "ann").mkdir(parents=True)
    (folder / "true.csv").write_text(true, encoding="utf-8")
    (folder / "class" / "ann" / "predictions.csv").write_text(mine, encoding="utf-8")
    asked = exercise(folder, f"{{ask: predictions, labels: true.csv, accuracy: {accuracy}, points: 2}}")
    return graded(asked, folder / "class")["ann"]["predictions"]


def test_predictions_below_the_threshold(tmp_path: Path) -> None:
    found = predicted(tmp_path, TRUE, MINE)
    assert (found.verdict, found.score, found.echo) == ("wrong", 0, "5/8 = 62.5 %")
    assert str(found.feedback) == (
        "5 of 8 labels are right, which is 62.5 %; at least 75 % are asked for. 5 was taken for 3 2 times. "
        "0 was taken for a label that does not exist 1 times."
    )
    data = found.to_dict()
    assert data["understood"] == [["0", "0", 3], ["0", None, 1], ["1", "1", 1], ["3", "3", 1], ["5", "3", 2]]
    assert data["evidence"] == {
        "accuracy": "5/8",
        "labels": ["0", "1", "3", "5"],
        "confusion": [[3, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 2, 0, 0]],
    }


@pytest.mark.parametrize(
    ("accuracy", "verdict"), [("5/8", "right"), ("0.625", "right"), ("0.6251", "wrong"), ("0", "right")]
)
def test_the_threshold_is_exact(tmp_path: Path, accuracy: str, verdict: str) -> None:
    assert predicted(tmp_path, TRUE, MINE, accuracy).verdict == verdict


@pytest.mark.parametrize(
    ("true", "mine"),
    [
        ("3\n5\n", "label\n3\n5\n"),  # a title
        ("label\n3\n5\n", "3.0\n5.\n"),  # floats
        ("id,label\na,3\nb,5\n", "b,5\na,3\n"),  # by id
        ("id,label\na,3\nb,5\n", "label,id\n5,b\n3,a\n"),
        ("id,label\na,3\nb,5\n", "3\n5\n"),  # in the order of the file
        ("3\n5\n", "id;label\n7;3\n8;5\n\n"),
        ("貓\n狗\n", "\ufeff標籤\r\n貓\r\n狗\r\n"),
        ("3\n5\n", "image,label,score\nx,3,0.9\ny,5,0.8\n"),
    ],
)
def test_forms_of_label_files(tmp_path: Path, true: str, mine: str) -> None:
    assert predicted(tmp_path, true, mine, "1").verdict == "right"


@pytest.mark.parametrize(
    ("mine", "told"),
    [
        ("3\n5\n1\n", "the file has 3 labels, and 2 are asked for"),
        ("id,label\na,3\nc,5\n", "the ids do not fit: 1 are missing, 1 are unknown, 0 are there again"),
        ("id,label\na,3\na,5\n", "the ids do not fit: 1 are missing, 0 are unknown, 1 are there again"),
        ("a,3\nb\n", "predictions.csv: label 2 cannot be read: a row is a label, or an id and a label"),
        ("1,2,3\n4,5,6\n", "predictions.csv: a row is a label, or an id and a label; of more columns one must be titled `label`"),
        ("", "predictions.csv: the file is empty"),
        ("label\n", "predictions.csv: the file has no labels"),
    ],
)  # fmt: skip
def test_label_files_that_cannot_be_held_against_the_truth(tmp_path: Path, mine: str, told: str) -> None:
    found = predicted(tmp_path, "id,label\na,3\nb,5\n", mine)
    assert (found.verdict, str(found.feedback)) == ("unreadable", told)


def test_true_labels_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ArchitectureError) as caught:
        exercise(tmp_path, "{ask: predictions, labels: true.csv}")
    assert str(caught.value) == f"{tmp_path}/ex.yaml:4:24: the true labels in true.csv: there is no such file"
    (tmp_path / "true.csv").write_text("id,label\na,3\na,4\n")
    with pytest.raises(ArchitectureError, match="an id is there twice"):
        exercise(tmp_path, "{ask: predictions, labels: true.csv}")


def test_results_follow_from_the_true_labels_too(tmp_path: Path) -> None:
    (tmp_path / "true.csv").write_text("3\n5\n")
    first = fingerprints(exercise(tmp_path, "{ask: predictions, labels: true.csv}"))
    (tmp_path / "true.csv").write_text("3\n6\n")
    second = fingerprints(exercise(tmp_path, "{ask: predictions, labels: true.csv}"))
    assert first["labels true.csv"] != second["labels true.csv"]


def test_a_folder_of_a_student_may_hold_answers_too(tmp_path: Path) -> None:
    """Ann names her file; Bob's is named after the item; Cat's folder holds nothing of the kind."""
    asked = exercise(tmp_path, f"{{ask: architecture, must: {MUST}}}", "{ask: value, image: [[2]], filter: [[3]]}")
    for student in ("ann", "bob", "cat"):
        (tmp_path / "class" / student).mkdir(parents=True)
    (tmp_path / "class" / "ann" / "answers.md").write_text("architecture: net.yaml\nvalue: 6\n")
    (tmp_path / "class" / "ann" / "net.yaml").write_text(NETWORK)
    (tmp_path / "class" / "bob" / "architecture.yaml").write_text(NETWORK)
    (tmp_path / "class" / "cat" / "photo.jpg").write_bytes(b"x")
    (tmp_path / "class" / "dan.md").write_text("value: 5\n")
    found = {student: [item.verdict for item in items.values()] for student, items in graded(asked, tmp_path / "class").items()}  # fmt: skip
    assert found == {"ann": ["right", "right"], "bob": ["right", "blank"], "dan": ["blank", "wrong"]}
    sheet = read_sheet(str(tmp_path / "class"), ["architecture", "value"])
    assert [Path(each.file).name for each in sheet.remarks] == ["cat"]


@pytest.mark.parametrize(
    ("name", "depth"), [("vgg16", 16), ("vgg19", 19), ("resnet50", 50), ("alexnet_torchvision", 8), ("lenet5", 5)]
)
def test_depth_is_what_networks_are_named_after(name: str, depth: int) -> None:
    path = next((ROOT / "examples").rglob(f"{name}.yaml"))
    assert measured(derive(load(str(path))), "depth") == depth


def test_the_example_of_a_lab() -> None:
    """Ann: (9 + 1)·8 + (72 + 1)·16 + (5·5·16 + 1)·10 = 5258 parameters, 10 of 12 labels; Bob: 320 + 18496 + 368650, a label short."""
    found = graded(load_exercise(str(ROOT / "examples/exercises/lab.yaml"), load), ROOT / "examples/answers/lab")
    ann, bob = found["ann"], found["bob"]
    assert dict(ann["architecture"].to_dict()["understood"])["params"] == 5258
    assert (ann["predictions"].verdict, ann["predictions"].to_dict()["evidence"]["accuracy"]) == ("right", "5/6")
    assert dict(bob["architecture"].to_dict()["understood"])["params"] == 387466
    assert (bob["architecture"].score, bob["predictions"].verdict) == (3, "unreadable")


def test_the_confusion_is_shown(tmp_path: Path) -> None:
    """Rows are true labels: 0 was found three times and once called something else, 5 was called 3 twice."""
    found = predicted(tmp_path, TRUE, MINE)
    result = StudentResult("ann", (found.spelling,), Outcomes((found.outcome,)))
    table = [line.split() for line in feedback.text(result, "Lab", "en").splitlines() if line[:3] == "   "]
    assert ["0", "3", "0", "0", "0", "1"] in table
    assert ["5", "0", "0", "2", "0", "0"] in table
    assert "<tr><th>5</th><td>0</td><td>0</td><td>2</td><td>0</td><td>0</td></tr>" in feedback.html(result, "Lab", "en")
    assert "|          5 |   0 |   0 |   2 |   0 |            0 |" in feedback.markdown(result, "Lab", "en")


def test_a_blank_cell_is_the_file_named_after_the_item(tmp_path: Path) -> None:
    asked = exercise(tmp_path, f"{{ask: architecture, must: {MUST}}}")
    (tmp_path / "ann" / "architecture").mkdir(parents=True)
    (tmp_path / "ann" / "architecture.yaml").write_text(NETWORK)
    (tmp_path / "answers.csv").write_text("student,architecture\nann,\nbob,\n")
    found = {
        student: items["architecture"].verdict for student, items in graded(asked, tmp_path / "answers.csv").items()
    }
    assert found == {"ann": "right", "bob": "blank"}


@pytest.mark.parametrize(
    ("share", "told"), [("2/3", "66.66"), ("99999/100000", "99.99"), ("1", "100"), ("1/8", "12.5"), ("0", "0")]
)
def test_a_percentage_is_never_rounded_up(share: str, told: str) -> None:
    assert percent(Fraction(share)) == told


@pytest.mark.parametrize(
    ("mine", "counts"),
    [("id,label\na,3\n", (1, 0, 0)), ("id,label\na,3\nb,5\nc,1\n", (0, 1, 0)), ("id,label\na,3\nb,5\na,3\n", (0, 0, 1))],
)  # fmt: skip
def test_ids_that_do_not_fit(tmp_path: Path, mine: str, counts: tuple[int, int, int]) -> None:
    found = predicted(tmp_path, "id,label\na,3\nb,5\n", mine)
    told = "the ids do not fit: {} are missing, {} are unknown, {} are there again".format(*counts)
    assert (found.verdict, str(found.feedback)) == ("unreadable", told)


def test_labels_are_numbers_by_size_then_words() -> None:
    true = ["cat", "10", "9", "9"]
    assert confusion(true, ["cat", "10", "10", "?"]) == [("9", "10", 1), ("9", None, 1), ("10", "10", 1), ("cat", "cat", 1)]  # fmt: skip


def test_the_commonest_confusions_are_told_the_first_among_equals() -> None:
    counts = [("0", "1", 1), ("0", "2", 1), ("1", "1", 9), ("1", "0", 2), ("2", "0", 1)]
    assert confused(counts) == [("1", "0", 2), ("0", "1", 1), ("0", "2", 1)]


@pytest.mark.parametrize("labels", [MAX_MATRIX, MAX_MATRIX + 1])
def test_a_confusion_matrix_has_at_most_100_labels(labels: int) -> None:
    found = evidence([(str(label), str(label), 1) for label in range(labels)])
    assert (len(found["labels"]), "confusion" in found) == (labels, labels <= 100)


@pytest.mark.parametrize(
    ("relation", "told"),
    [("< 5", "less than 5"), ("<= 1.2M", "at most 1,200,000"), ("> 5", "more than 5"), (">= 5", "at least 5"), (5, "exactly 5"), ("2..5", "at least 2 and at most 5")],
)  # fmt: skip
def test_conditions_in_words(relation: object, told: str) -> None:
    (condition,) = conditions_of({"params": relation})
    assert str(condition.wanted) == told


def test_what_a_network_does_not_have_meets_no_condition() -> None:
    """Two inputs have no one shape."""
    network = "{inputs: {a: [4], b: [4]}, layers: [Concatenate: {inputs: [a, b]}, Dense: 2]}"
    source = parse_text(network, "two.yaml")
    summary = derive(build(source.data, source=source))
    assert measured(summary, "input") is None
    (bounded,) = conditions_of({"receptive_field": "<= 9"})
    assert not bounded.holds(measured(summary, "receptive_field"))
    assert not Condition("input", shape=(4,)).holds(None)
    assert not bounded.holds(None)
