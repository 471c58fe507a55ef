"""What changed between two networks: layers paired, reasons and consequences by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from strategies import networks

from cnncalc.architecture import build
from cnncalc.cli.app import run
from cnncalc.derive import derive
from cnncalc.derive.diff import Diff, diff
from cnncalc.errors import ArchitectureError
from cnncalc.view import difference as view

EXAMPLES = Path(__file__).parents[1] / "examples"
CONV = {"Conv2D": {"filters": 32, "kernel_size": 3}}
SECOND = {"Conv2D": {"filters": 64, "kernel_size": 3}}


def compared(old: list[Any], new: list[Any], side: int = 28) -> Diff:
    return diff(*(derive(build({"input": [side, side, 1], "layers": layers})) for layers in (old, new)))


def test_a_setting_and_what_follows() -> None:
    """3*3*1*32 + 32 = 320 becomes 640; the next layer sees 64 channels: 3*3*64*64 + 64 = 36,928."""
    found = compared([CONV, SECOND], [{"Conv2D": {"filters": 64, "kernel_size": 3}}, SECOND])
    text = view.plain(found)
    assert "conv2d (Conv2D): filters 32 → 64\n  output 26×26×32 → 26×26×64\n  parameters 320 → 640 (+320)\n" in text
    assert "conv2d_1 (Conv2D): sees 64 channels instead of 32\n  parameters 18,496 → 36,928 (+18,432)\n" in text
    assert "Total params 18,816 → 37,568 (+18,752)" in text


def test_a_layer_in_between() -> None:
    found = compared([CONV, SECOND], [CONV, {"MaxPooling2D": 2}, SECOND])
    assert [(each.row.name, each.before is None, [effect.quantity for effect in each.effects]) for each in found.changes] == [
        ("max_pooling2d", True, ["output", "receptive_field"]),
        ("conv2d_1", False, ["output", "macs", "receptive_field"]),
    ]  # fmt: skip
    assert view.plain(found).startswith("max_pooling2d (MaxPooling2D) is new\n  output 13×13×32\n  receptive field 4×4")
    back = compared([CONV, {"MaxPooling2D": 2}, SECOND], [CONV, SECOND])
    assert view.plain(back).startswith("max_pooling2d (MaxPooling2D) is gone")


def test_another_name_alone_is_no_change() -> None:
    renamed = {"Conv2D": {"filters": 32, "kernel_size": 3, "name": "stem"}}
    assert compared([CONV, SECOND], [renamed, SECOND]).same


def test_frozen_weights() -> None:
    found = compared([CONV], [{"Conv2D": {"filters": 32, "kernel_size": 3, "trainable": False}}])
    assert "trainable True → False\n  non-trainable 0 → 320 (+320)" in view.plain(found)


def test_a_wider_view_alone() -> None:
    """A dilated window further up is seen by what follows, though its sizes stay."""
    same = {"filters": 4, "kernel_size": 3, "padding": "same"}
    found = compared([{"Conv2D": same}, {"Conv2D": same}], [{"Conv2D": {**same, "dilation_rate": 2}}, {"Conv2D": same}])
    assert "conv2d_1 (Conv2D): what comes before it reads more or less of the input\n  receptive field 5×5 → 7×7" in view.plain(found)  # fmt: skip


@given(networks())
def test_a_network_equals_itself(data: dict[str, Any]) -> None:
    try:
        summary = derive(build(data))
    except ArchitectureError:
        assume(False)
    assert diff(summary, derive(build(data))).same


@given(networks(), networks())
def test_differences_add_up(one: dict[str, Any], two: dict[str, Any]) -> None:
    """What the layers' parameters change by is what the totals change by."""
    try:
        old, new = derive(build(one)), derive(build(two))
    except ArchitectureError:
        assume(False)
    found = diff(old, new)
    params = [each for change in found.changes for each in change.effects if each.quantity == "params"]
    assert sum((each.after or 0) - (each.before or 0) for each in params) == new.total_params - old.total_params


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mnist = str(EXAMPLES / "mnist_cnn.yaml")
    assert run(["diff", mnist, mnist]) == 0
    assert "Nothing differs: 9 layers are the same" in capsys.readouterr().out
    assert run(["diff", mnist, "--input", "32,32,1", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["total_params"] == [1199882, 1625866]  # 14*14*64*128 instead of 12*12*64*128
    assert told["layers"][1]["inputs"] == [[[28, 28, 1], [32, 32, 1]]]
    path = tmp_path / "net.yaml"
    path.write_text("variables: {F: 32}\ninput: [28, 28, 1]\nlayers:\n  - Conv2D: {filters: F, kernel_size: 3}\n")
    assert run(["diff", str(path), "--set", "F=64", "--format", "markdown"]) == 1
    assert "- **conv2d (Conv2D): filters 32 → 64**" in capsys.readouterr().out
    assert run(["diff", mnist]) == 2
    assert "name a second file" in capsys.readouterr().err


def test_a_wrong_file_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [4]\nlayers: [Dens: 3]\n")
    assert run(["diff", str(EXAMPLES / "mnist_cnn.yaml"), str(path), "--format", "json"]) == 2
    assert "Dens" in json.loads(capsys.readouterr().out)["errors"][0]["message"]
