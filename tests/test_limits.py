"""Limits of a file, held against its numbers; the course's network has 1,199,882 parameters, as Keras prints it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cnncalc.architecture import build
from cnncalc.cli.app import run
from cnncalc.derive import derive
from cnncalc.derive.limits import check, read
from cnncalc.errors import ArchitectureError

MNIST = """
input: [28, 28, 1]
layers:
  - Conv2D: {filters: 32, kernel_size: 3}
  - Conv2D: {filters: 64, kernel_size: 3}
  - MaxPooling2D: 2
  - Flatten
  - Dense: 128
  - Dense: 10
limits:
"""


def checked(path: Path, limits: str) -> int:
    path.write_text(MNIST + "".join(f"  {line}\n" for line in limits.split("; ")), encoding="utf-8")
    return run(["check", str(path)])


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ('params: "<= 1.2M"', 0),
        ('params: "<= 1199882"', 0),
        ('params: "< 1199882"', 1),
        ("params: 1199881", 1),
        ('params: "== 1,199,882"', 0),
        ('trainable: ">= 1.3M"', 1),
        ('macs: "<= 12M"; flops: "<= 24M"', 0),
        ('macs: "<= 11.9M"', 1),
        ('receptive_field: ">= 6"', 0),
        ('receptive_field: ">= 7"', 1),
        ('memory: "<= 5 MiB"', 0),
        ('memory: "<= 4 MiB"', 1),
        ("layers: 7", 0),
        ("layers: 6", 1),
    ],
)
def test_limits(limits: str, code: int, tmp_path: Path) -> None:
    """11,992,448 MACs; two 3x3 windows and a 2x2 one see 6 pixels; 4.58 MiB of weights and 0.22 MiB of outputs."""
    assert checked(tmp_path / "net.yaml", limits) == code


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path / "net.yaml", 'params: "<= 1.2M"; receptive_field: ">= 14"') == 1
    assert capsys.readouterr().out.splitlines()[1:] == ["  holds: params 1,199,882 <= 1.2M", "  BROKEN: receptive_field 6×6 >= 14"]  # fmt: skip


def test_several_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is wrong stops none of the others."""
    good, bad, none = (tmp_path / name for name in ("good.yaml", "bad.yaml", "none.yaml"))
    checked(good, "params: 5M")
    bad.write_text("input: [4]\nlayers: [Dens: 3]\n")
    none.write_text("input: [4]\nlayers: [Dense: 3]\n")
    capsys.readouterr()
    assert run(["check", str(bad), str(good), str(none), "--format", "json"]) == 2
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["schema"], told["ok"]) == (1, False)
    assert [(Path(each["file"]).name, each["ok"]) for each in told["files"]] == [("good.yaml", True), ("none.yaml", True), ("bad.yaml", False)]  # fmt: skip
    assert told["files"][0]["limits"] == [{"limit": "params", "wanted": "5M", "value": 1199882, "holds": True}]
    assert "Dens" in printed.err
    assert run(["check", str(none)]) == 0
    assert "no limits are set" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("written", "relation", "bound"),
    [("<= 1.2M", "<=", 1_200_000), (">=14", ">=", 14), ("≤ 3k", "<=", 3000), ("2 KiB", "<=", 2048), ("< 1_000", "<", 1000), (7, "<=", 7), ("== 1.5g", "==", 1_500_000_000)],
)  # fmt: skip
def test_reading(written: Any, relation: str, bound: int) -> None:
    limit = read("params", written)
    assert limit is not None
    assert (limit.relation, limit.bound) == (relation, Decimal(bound))


@pytest.mark.parametrize("written", ["many", "<= x", "=< 3", "<= 3 pixels", True, 1.5, None, [3], "", "<="])
def test_what_is_no_limit(written: Any) -> None:
    assert read("params", written) is None


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"parms": "<= 3"}, "there is no limit named 'parms'; did you mean params?"),
        ({"params": "few"}, "takes a relation and a number such as \"<= 1.2M\", not 'few'"),
        ({"receptive_field": ">= 3"}, "receptive_field of this network is no number"),
    ],
)
def test_mistakes(limits: dict[str, Any], told: str) -> None:
    with pytest.raises(ArchitectureError) as caught:
        check(derive(build({"input": [4], "layers": [{"Dense": 3}], "limits": limits})))
    assert told in str(caught.value)


def test_symbols_have_no_limit() -> None:
    data = {"input": ["H", 4], "variables": {"H": None}, "layers": ["Flatten", {"Dense": 3}], "limits": {"params": 9}}
    with pytest.raises(ArchitectureError, match="is no number"):
        check(derive(build(data)))
