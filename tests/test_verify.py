"""Comparing with what others see, told by a witness of our own; test_live.py asks the real ones."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from strategies import networks

from cnncalc.architecture import Architecture, build
from cnncalc.cli import verify as command
from cnncalc.cli.app import run
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.feasible import need_numbers
from cnncalc.interop import frameworks, load
from cnncalc.language import Text, use
from cnncalc.layers import HOME, kind
from cnncalc.opinion import Answer, Convention, Opinion, Refusal, Seen
from cnncalc.verify import Verification, compare
from cnncalc.view import verification as view
from cnncalc.witness import opinion

EXAMPLES = Path(__file__).parents[1] / "examples"

NETWORK = {"input": [4], "layers": [{"Dense": 3}, {"Dense": 2}]}
RIGHT: dict[str, Answer] = {"input": Seen(((4,),)), "dense": Seen(((3,),), 15), "dense_1": Seen(((2,),), 8)}
"""By hand: 4*3 + 3 and 3*2 + 2."""

BRIDGED = Convention("half", Text("agrees"))


def compared(**others: Answer | None) -> Verification:
    """The network beside a witness that sees some layers otherwise, or with None not at all."""
    told = {name: answer for name, answer in {**RIGHT, **others}.items() if answer is not None}
    return compare(derive(build(NETWORK)), [Opinion("fake", "1.0", told)])


def test_agreement() -> None:
    found = compared()
    assert found.ok
    assert view.plain(found).splitlines()[-3:] == [
        "dense_1  Dense  2                     8              0     6  agrees",
        "",
        "All 3 layers agree with fake 1.0",
    ]


@pytest.mark.parametrize(
    ("answer", "differs", "cell"),
    [
        (Seen(((3,),), 14), ("trainable",), "trainable 14"),
        (Seen(((3,),), 15, 1), ("non_trainable",), "non-trainable 1"),
        (Seen(((3, 1),), 15), ("shapes",), "shape 3×1"),
        (Seen(((3,),), 15, macs=13), ("macs",), "MACs 13"),
        (Seen(((3,), (3,)), 15), ("shapes",), "shape 3, 3"),
        (Seen(((7,),), 12, 3), ("shapes", "trainable", "non_trainable"), "shape 7; trainable 12; non-trainable 3"),
        (Refusal("too wide"), ("refused",), "refused: too wide"),
        (None, ("unseen",), "– (a layer before was refused)"),
    ],
)
def test_differences(answer: Answer | None, differs: tuple[str, ...], cell: str) -> None:
    found = compared(dense=answer)
    assert not found.ok
    layer = found.layers[1]
    assert layer.differences("fake") == differs
    assert [each.agrees for each in found.layers] == [True, False, True]
    line = view.plain(found).splitlines()[3]
    assert line.endswith(cell)
    assert "1 of 3 layers differ from fake 1.0" in view.markdown(found)


def test_json() -> None:
    found = json.loads(view.json_text(compared(dense=Seen(((3,),), 15, conventions=(BRIDGED,)), dense_1=Refusal("no"))))
    first = {"shape": [4], "params": 0, "trainable": 0, "non_trainable": 0}
    dense = {"shape": [3], "params": 15, "trainable": 15, "non_trainable": 0}
    last = {"shape": [2], "params": 8, "trainable": 8, "non_trainable": 0}
    assert found == {
        "schema": 1,
        "name": "network",
        "against": {"fake": "1.0"},
        "ok": False,
        "layers": [
            {"name": "input", "derived": {**first, "macs": 0}, "fake": first, "agrees": True},
            {"name": "dense", "derived": {**dense, "macs": 12}, "fake": {**dense, "conventions": ["half"]}, "agrees": True},
            {"name": "dense_1", "derived": {**last, "macs": 6}, "fake": {"refuses": "no"}, "agrees": False},
        ],
    }  # fmt: skip


def verified(network: dict[str, Any]) -> Verification:
    """The network beside NumPy."""
    summary = derive(build(network))
    return compare(summary, [opinion(summary.architecture)])


def test_zeros_of_the_padding_are_counted() -> None:
    """3x3 taps at 9 places of a 3x3 map: at a corner 5 stand on the padding, at an edge 3, in the middle none: 20 + 12."""
    found = verified({"input": [3, 3, 1], "layers": [{"Conv2D": {"filters": 1, "kernel_size": 3, "padding": "same"}}]})
    assert (found.ok, found.on_padding) == (True, 32)
    assert found.to_dict()["layers"][1]["witnessed"]["on_padding"] == 32
    assert "Multiplications with a zero of the padding, which MACs count too: 32" in view.plain(found)
    bare = verified({"input": [3, 3, 1], "layers": [{"Conv2D": {"filters": 1, "kernel_size": 3}}]})
    assert "zero of the padding" not in view.plain(bare)


@pytest.mark.parametrize(
    "crop",
    [
        {"Cropping2D": [[0, 0], [0, 1]]},
        {"Conv2DTranspose": {"filters": 1, "kernel_size": 1, "padding": [[0, 0], [0, 1]]}},
    ],
)
def test_a_pixel_that_was_cropped_is_not_missed(crop: dict[str, Any]) -> None:
    """The last windows lie inside the input, but on zeros: the pixel there was cut off before."""
    again = {"Conv2D": {"filters": 1, "kernel_size": 3, "padding": "same"}}
    assert verified({"input": [6, 6, 1], "layers": [crop, again, "ReLU"]}).ok


def test_the_witness_agrees_with_the_course() -> None:
    """Keras prints 320, 18496, 1179776 and 1290 for this network."""
    summary = derive(load(str(EXAMPLES / "mnist_cnn.yaml")))
    seen = opinion(summary.architecture).layers
    weighted = {
        name: answer.trainable for name, answer in seen.items() if isinstance(answer, Seen) and answer.trainable
    }
    assert weighted == {"conv2d": 320, "conv2d_1": 18496, "dense": 1179776, "dense_1": 1290}
    assert compare(summary, [opinion(summary.architecture)]).ok


def test_the_command_asks_numpy(network: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", network, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["layers"][1]["witnessed"] == {
        "shape": [3],
        "params": 15,
        "trainable": 15,
        "non_trainable": 0,
        "macs": 12,
        "on_padding": 0,
    }


@given(networks())
def test_random_networks(data: dict[str, Any]) -> None:
    """Whole networks, run and poked: all that is derived is seen."""
    try:
        summary = derive(build(data))
    except ArchitectureError:
        assume(False)
    assume(int(summary.total_macs) < 2 * 10**6)
    found = compare(summary, [opinion(summary.architecture)])
    assert found.ok, [layer.to_dict() for layer in found.layers if not layer.agrees]


CHAIN = {"input": [30, 30, 1], "layers": [
    {"Conv2D": {"filters": 2, "kernel_size": 3, "strides": 2}}, {"Conv2D": {"filters": 2, "kernel_size": 3, "dilation_rate": 2}},
    {"MaxPooling2D": 2}]}  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"stride": 3}, {"size": 4}, {"size": 2}, {"padding": (1, 0)}, {"padding": (-1, 0)}, {"dilation": 2}]
)
def test_a_wrong_receptive_field_is_caught(change: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first window misread: its layer and what follows are named, though shapes and counts are right."""
    summary = derive(build(CHAIN))
    assert verified(CHAIN).ok
    seen = opinion(summary.architecture)
    conv = kind("Conv2D").__mro__[1]
    right = conv.windows  # type: ignore[attr-defined]
    facts = conv.facts

    def wrong(self: Any, xs: Any) -> Any:
        told = facts(self, xs)
        return (
            told._replace(reading=tuple(each._replace(**change) for each in right(self, xs[0])))
            if self.strides == (2, 2)
            else told
        )

    monkeypatch.setattr(conv, "facts", wrong)
    found = compare(derive(build(CHAIN)), [seen])
    assert [layer.row.name for layer in found.layers if not layer.agrees] == ["conv2d", "conv2d_1", "max_pooling2d"]
    assert found.layers[1].differences("numpy") == ("receptive_field",)
    assert "receptive field: a poked pixel" in view.plain(found)
    assert found.layers[1].to_dict()["receptive_field"] is False


RULES = ("asked", "demands", "facts", "needs", "output", "reading", "weights", "macs", "windows", "channels", "split", "join",
         "map", "slide", "paddings", "learns", "state", "step_macs", "adapter")  # fmt: skip


def test_the_witness_asks_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every rule method gone, it sees the same."""
    architectures = [load(str(EXAMPLES / f"{name}.yaml")) for name in ("mnist_cnn", "separable_and_full", "lenet5")]
    before = [opinion(architecture) for architecture in architectures]

    def gone(self: Any, *given: Any) -> Any:
        raise AssertionError("a rule was asked")

    for name in HOME:
        for cls in kind(name).__mro__:
            for rule in RULES:
                if rule in vars(cls):
                    monkeypatch.setattr(cls, rule, gone)
    with pytest.raises(AssertionError, match="a rule was asked"):
        derive(architectures[0])
    assert [opinion(architecture) for architecture in architectures] == before


def test_a_network_beyond_the_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said before anything is made: 10^5 x 10^5 x 3 numbers are 120 GB."""
    path = tmp_path / "net.yaml"
    path.write_text("input: [100000, 100000, 3]\nlayers:\n  - Conv2D: {filters: 3, kernel_size: 1}\n")
    assert run(["verify", str(path)]) == 2
    told = capsys.readouterr().err
    assert "720,000,000,048 bytes of memory" in told


def test_several_outputs() -> None:
    summary = derive(build({"input": [5, 4], "layers": [{"LSTM": {"units": 3, "return_state": True}}]}))
    (layer,) = compare(summary, []).layers[1:]
    assert layer.to_dict()["derived"]["shapes"] == [[3], [3], [3]]
    assert "shape" not in layer.to_dict()["derived"]


def test_conventions_are_said_once() -> None:
    found = compared(dense=Seen(((3,),), 15, 0, (BRIDGED,)), dense_1=Seen(((2,),), 8, 0, (BRIDGED,)))
    assert list(found.bridged()) == [("fake", BRIDGED, ["dense", "dense_1"])]
    assert view.plain(found).splitlines()[-1] == "fake: agrees (2 layers)"


def test_several_witnesses() -> None:
    summary = derive(build(NETWORK))
    found = compare(summary, [Opinion("one", "1", RIGHT), Opinion("two", "2", {**RIGHT, "dense": Seen(((3,),), 16)})])
    assert (found.ok, found.layers[1].agrees, found.layers[2].agrees) == (False, False, True)
    assert view.plain(found).splitlines()[0].split()[-2:] == ["one", "two"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            {"input": ["H", 4, 1], "variables": {"H": None}, "layers": [{"Conv2D": {"filters": 2, "kernel_size": 3}}]},
            "open: H",
        ),
        ({"input": [None, 4], "layers": [{"Dense": 2}]}, "open: null"),
        ({"input": [9], "variables": {"F": None}, "layers": [{"Dense": "F"}, {"Dense": "2*F"}]}, "open: F"),
    ],
)
def test_symbols_cannot_be_built(data: dict[str, Any], told: str) -> None:
    with pytest.raises(ArchitectureError, match=told):
        need_numbers(derive(build(data)))


@pytest.fixture
def network(tmp_path: Path) -> str:
    path = tmp_path / "network.json"
    path.write_text(json.dumps(NETWORK), encoding="utf-8")
    return str(path)


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """A framework that is always there and always right."""

    def ask(name: str, architecture: Architecture) -> Opinion:
        return Opinion(name, "1.0", RIGHT)

    monkeypatch.setattr(command, "missing", lambda name: None)
    monkeypatch.setattr(command, "ask", ask)


@pytest.mark.usefixtures("witness")
def test_the_command_says_yes(network: str, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("table", "markdown", "json"):
        assert run(["verify", network, "--against", "torch, keras", "--format", form]) == 0
    told = capsys.readouterr().out
    assert f"All 3 layers agree with numpy {np.__version__}, torch 1.0, keras 1.0" in told


@pytest.mark.usefixtures("witness")
def test_a_wrong_rule_is_caught(network: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A Dense layer that forgets its bias: the exit code is 1, and each layer that differs is named."""
    monkeypatch.setattr(kind("Dense"), "weights", lambda self, x: {"kernel": (x[-1], self.units)})
    assert run(["verify", network, "--against", "torch", "--format", "json"]) == 1
    layers = json.loads(capsys.readouterr().out)["layers"]
    assert [(layer["name"], layer["agrees"]) for layer in layers] == [("input", True), ("dense", False), ("dense_1", False)]  # fmt: skip
    assert run(["verify", network, "--against", "torch"]) == 1
    assert "2 of 3 layers differ" in capsys.readouterr().out


@pytest.mark.usefixtures("witness")
def test_a_network_that_cannot_be_derived(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [4, 4, 1]\nlayers:\n  - Conv2D: {filters: 1, kernel_size: 7}\n")
    assert run(["verify", str(path), "--against", "torch", "--format", "json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["errors"][0]["layer"] == "conv2d"
    assert "K ≤ H, 7 ≤ 4 is false" in told.err


@pytest.mark.usefixtures("witness")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--against", "keras,tensorflow"], "there is no framework 'tensorflow'; there are: keras, torch"),
        (["--against", "torch", "--format", "xml"], "--format"),
        (["--against", "torch", "--input", "H"], "only a network of numbers can be built, and this is open: H"),
    ],
)
def test_mistakes(arguments: list[str], told: str, network: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", network, *arguments]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("keras", "Keras is not installed here: python -m pip install keras torch"),
        ("torch", "PyTorch is not installed here: python -m pip install torch"),
    ],
)
def test_a_framework_that_is_missing(name: str, told: str, network: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setattr(frameworks, "find_spec", lambda package: None)
    assert run(["verify", network, "--against", name]) == 2
    assert told in capsys.readouterr().err
    use("zh-TW")
    assert "尚未安裝" in str(frameworks.missing(name))


def test_keras_without_a_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(frameworks, "find_spec", lambda package: find_spec("json") if package == "keras" else None)
    assert str(frameworks.missing("keras")) == "Keras has no backend here: python -m pip install keras torch"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert frameworks.missing("keras") is None
