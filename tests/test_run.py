"""A network on an image: what is told of each layer, the sheets of feature maps, the arrays."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image
from test_cli import run

from cnncalc.witness.showing.sheets import png, sheet

SIX = ["run", "examples/course/six.yaml", "--image", "examples/course/six.csv", "--weights", "examples/course/six_weights.yaml"]  # fmt: skip
DIGIT = ["run", "examples/course/digit.yaml", "--image", "examples/course/six.csv", "--weights", "examples/course/digit_weights.yaml"]  # fmt: skip


def test_numbers_of_each_layer() -> None:
    """The two maps on the slides add up to -11 and -15: a mean of -26 / 32; pooled 3 0 3 1 and -1 1 0 3: 10 / 8."""
    told = json.loads(run(*SIX, "--format", "json").stdout)
    assert told["layers"][1] == {"name": "conv2d", "kind": "Conv2D", "shape": [4, 4, 2], "min": -4, "mean": -26 / 32, "max": 3}  # fmt: skip
    assert [(each["min"], each["mean"], each["max"]) for each in told["layers"]] == [(0, 12 / 36, 1), (-4, -26 / 32, 3), (-1, 1.25, 3), (-1, 1.25, 3)]  # fmt: skip
    values = [{"at": [i], "value": v} for i, v in ((0, 3), (4, 3), (7, 3), (3, 1), (6, 1))]
    assert told["top"] == [{"layer": "flatten", "shares": False, "values": values}]
    assert told["notes"] == []


def test_shares() -> None:
    """Two units with 1 and 2: 1 / (1 + e) and e / (1 + e)."""
    found = run(*DIGIT)
    assert found.stdout.splitlines()[-2:] == ["           1  73.11%", "           0  26.89%"]
    assert run(*DIGIT, "--format", "markdown", "--top", "1").stdout.split()[-5:] == ["|", "1", "|", "73.11%", "|"]


def test_what_is_drawn_is_said() -> None:
    found = run("run", "examples/course/six.yaml", "--seed", "7")
    assert "the image is drawn with seed 7" in found.stdout
    assert "the weights are drawn with seed 7" in found.stdout
    assert run("run", "examples/course/six.yaml", "--seed", "7").stdout == found.stdout
    assert run("run", "examples/course/six.yaml", "--seed", "8").stdout != found.stdout


def test_sheets(tmp_path: Path) -> None:
    folder = tmp_path / "特徵圖"
    assert run(*SIX, "-o", str(folder)).returncode == 0
    assert sorted(file.name for file in folder.iterdir()) == ["00_input.png", "01_conv2d.png", "02_max_pooling2d.png", "03_flatten.png"]  # fmt: skip
    assert [file.name for file in tmp_path.iterdir()] == ["特徵圖"]
    with Image.open(folder / "00_input.png") as page:  # 6 x 6, each pixel 10 x 10, an edge of 2
        assert (page.mode, page.size) == ("L", (64, 64))
        assert [page.getpixel((2 + 10 * column, 2)) for column in range(6)] == [255, 0, 0, 0, 0, 255]
    with Image.open(
        folder / "02_max_pooling2d.png"
    ) as page:  # two maps, 3 0 / 3 1 and -1 1 / 0 3, each to its own scale
        assert page.size == (2 * 66 + 2, 66 + 2)
        assert [page.getpixel((x, y)) for y in (2, 40) for x in (2, 40)] == [255, 0, 255, 85]
        assert [page.getpixel((x, y)) for y in (2, 40) for x in (68, 106)] == [0, 128, 64, 255]
    again = run(*SIX, "-o", str(folder))
    assert (again.returncode, "the folder is not empty" in again.stderr) == (2, True)
    assert run(*SIX, "-o", str(folder), "--force").returncode == 0


def test_arrays(tmp_path: Path) -> None:
    target = tmp_path / "all.npz"
    assert run(*SIX, "-o", str(target)).returncode == 0
    with np.load(target) as arrays:
        assert sorted(arrays) == ["conv2d", "flatten", "input", "max_pooling2d"]
        assert arrays["conv2d"][0, :, 0].tolist() == [3, -1, -3, -1]
        assert arrays["flatten"].dtype == np.int64
    assert "--force replaces it" in run(*SIX, "-o", str(target)).stderr


def test_all_or_nothing(tmp_path: Path) -> None:
    """The last layer's weights are missing: sheets of the layers before are not left behind."""
    (tmp_path / "w.yaml").write_text("weights: {conv2d: {kernel: [[[1, 0], [0, 1]]]}}", encoding="utf-8")
    (tmp_path / "net.yaml").write_text(
        "input: [3, 3, 1]\nlayers:\n  - Conv2D: {filters: 1, kernel_size: 2, use_bias: false}\n  - Dense: 2\n",
        encoding="utf-8",
    )
    found = run("run", str(tmp_path / "net.yaml"), "--weights", str(tmp_path / "w.yaml"), "-o", str(tmp_path / "maps"))
    assert (found.returncode, "the weights of dense lack kernel" in found.stderr) == (2, True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["net.yaml", "w.yaml"]


@pytest.mark.parametrize(
    ("shape", "first", "size"),
    [((8, 8, 3), False, (2 * 66 + 2, 2 * 66 + 2)), ((3, 8, 8), True, (2 * 66 + 2, 2 * 66 + 2)), ((5,), False, (64, 20)),
     ((4, 7, 7, 2), False, (3 * 65 + 2, 3 * 65 + 2)), ((), False, (68, 68)), ((100, 3), False, (104, 3 * 18 + 2))],
)  # fmt: skip
def test_sheets_of_any_shape(shape: tuple[int, ...], first: bool, size: tuple[int, int]) -> None:  # noqa: FBT001
    numbers = np.random.default_rng(0).standard_normal(shape)
    page = Image.open(BytesIO(png(sheet(numbers, first))))
    page.load()
    assert page.size == size


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_can_be_drawn(wrong: float) -> None:
    for numbers in (np.array([[[1.0], [wrong]]]), np.full((2, 2, 1), wrong)):
        assert sheet(numbers, False).dtype == np.uint8


def test_names_cannot_leave_the_folder(tmp_path: Path) -> None:
    network = "input: [2, 2, 1]\nlayers:\n  - Flatten: {name: ../../up}\n"
    (tmp_path / "net.yaml").write_text(network, encoding="utf-8")
    assert run("run", str(tmp_path / "net.yaml"), "-o", str(tmp_path / "deep" / "maps")).returncode == 0
    assert sorted(file.name for file in (tmp_path / "deep" / "maps").iterdir()) == ["00_input.png", "01_.._.._up.png"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["deep", "net.yaml"]


def test_symbols_cannot_be_run() -> None:
    assert "this is open: H" in run("run", "examples/course/six.yaml", "--input", "H,6,1").stderr


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file", tmp_path / "file" / "maps", tmp_path / "file" / "a.npz"):
        found = run(*SIX, "-o", str(target))
        assert found.returncode == 2
        assert "Traceback" not in found.stderr
        assert found.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ("[Masking, {LSTM: 2}]", "lstm leaves out the steps"),
        ("[Masking, {Dropout: 0.1}, {Bidirectional: {layer: {GRU: 2}}}]", "bidirectional leaves out the steps"),
        ("[Masking, {Dense: 3}, GlobalAveragePooling1D]", "global_average_pooling1d leaves out the steps"),
    ],
)
def test_masks_are_refused(layers: str, told: str, tmp_path: Path) -> None:
    """Keras would leave masked steps out: other numbers than these."""
    path = tmp_path / "net.yaml"
    path.write_text(f"input: [5, 3]\nlayers: {layers}\n")
    found = run("run", str(path))
    assert found.returncode == 2
    assert told in found.stderr


def test_a_mask_that_nobody_reads(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [5, 3]\nlayers: [Masking, Flatten, {Dense: 2}]\n")
    assert run("run", str(path)).returncode == 0


def test_what_was_written_is_said(tmp_path: Path) -> None:
    assert run(*SIX, "-o", str(tmp_path / "maps")).stdout.splitlines()[-1] == f"written: {tmp_path / 'maps'}"
    refused = run(*SIX, "-o", str(tmp_path / "six.png"))
    assert (refused.returncode, "name a folder" in refused.stderr) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["maps"]


def test_a_model_that_holds_weights(tmp_path: Path) -> None:
    """A network read from a .keras file is run with numbers drawn by chance; its reader is told where the weights are."""
    keras_file(tmp_path / "m.keras")
    found = run("run", str(tmp_path / "m.keras"))
    assert f"weights in {tmp_path}/m.keras are read with --weights {tmp_path}/m.keras" in found.stdout
    assert "are read with" not in run("run", "examples/course/six.yaml").stdout


def keras_file(path: Path) -> None:
    """What Keras would write of a network without weights."""
    layer = {"module": "keras.layers", "class_name": "Flatten", "config": {"name": "flatten"}}
    first = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 2, 2, 1], "name": "input"}}  # fmt: skip
    model = {"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [first, layer]}}
    with ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(model))
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
