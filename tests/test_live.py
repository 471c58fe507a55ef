"""Every layer built for real in Keras and PyTorch, where they are installed, and compared with what is derived.

What they put out is compared with the witness, too, on the same inputs and weights. Nothing here is recorded:
`python -m pip install torch keras && python -m pytest -m live` asks the frameworks themselves.
LIVE_EXAMPLES says how many cases of each kind are drawn.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from framework_values import difference, keras_answer, keras_run, torch_answer, witness_outputs
from hypothesis import HealthCheck, given, settings
from strategies import cases, networks
from value_cases import inputs_for, takes
from value_differences import always_differs, differs
from value_networks import inputs_of, weights_of

from cnncalc.architecture import Architecture, Node, build
from cnncalc.cli.app import run
from cnncalc.derive import derive
from cnncalc.derive.walk import Failure, Walk, walk
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.interop.frameworks import FRAMEWORKS, ask, missing
from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.opinion import Opinion, Refusal, Seen
from cnncalc.verify import Compared, compare
from cnncalc.witness import Store, execute

pytestmark = [pytest.mark.live, pytest.mark.filterwarnings("ignore")]

ASKED = [pytest.param(name, marks=pytest.mark.skipif(missing(name) is not None, reason=str(missing(name)))) for name in FRAMEWORKS]  # fmt: skip
EXAMPLES = Path(__file__).parents[1] / "examples"
DRAWN = settings(
    max_examples=int(os.environ.get("LIVE_EXAMPLES", "15")), deadline=None, suppress_health_check=list(HealthCheck)
)

RANDOM = {kind for kind, family in HOME.items() if family == "augmentation"} - {"Resizing", "CenterCrop", "RandomCrop"}
UNKEPT = {
    "RandomBrightness", "RandomContrast", "RandomHue", "RandomRotation", "RandomSaturation", "RandomSharpness",
    "RandomTranslation", "RandomZoom",
}  # fmt: skip

ABSENT = {
    "torch": RANDOM | {"CenterCrop", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Custom", "EinsumDense", "Normalization",
                       "RandomCrop", "ReversibleEmbedding"},
    "keras": UNKEPT | {
        "ChannelShuffle", "CircularPadding1D", "CircularPadding2D", "CircularPadding3D", "Custom", "EmbeddingBag", "ExpandDims", "Fold",
        "FractionalMaxPooling2D", "FractionalMaxPooling3D", "GLU", "LPPooling1D", "LPPooling2D", "LPPooling3D",
        "LocalResponseNormalization", "PixelShuffle", "PixelUnshuffle", "Reduce", "ReflectionPadding1D", "ReflectionPadding2D",
        "ReflectionPadding3D", "ReplicationPadding1D", "ReplicationPadding2D", "ReplicationPadding3D", "Squeeze", "StackedGRU",
        "StackedLSTM", "StackedRNN", "TransformerDecoderLayer", "TransformerEncoderLayer", "Unflatten", "Unfold", "Upsample",
    },
}  # fmt: skip
"""The kinds that a framework does not have, or that nothing exact was found for; all others must be compared."""

THEY_REFUSE = [
    ("torch", "(Average|LP)Pooling3D", "smaller than kernel size", "in 3D PyTorch's ceil_mode knows no window past the end"),
    ("keras", "ReversibleEmbedding", "None", "Keras 3.15 cannot adapt a table that is not tied"),
]  # fmt: skip
"""What a framework refuses and cnncalc derives: framework, kind, words of the refusal, reason."""

WE_REFUSE = [
    (".*", ".*Pooling.D", "padding of a pool may be at most half", "the padding is done before the pool, which never sees it"),
    ("keras", "InstanceNormalization", "a map of one pixel has no spread", "PyTorch's rule"),
    ("keras", "Conv.DTranspose", "output_padding must be smaller than", "PyTorch's rule, and Keras only crops less"),
]  # fmt: skip
"""What cnncalc refuses and a framework takes: framework, kind, words of the rule, reason."""


def is_known(table: list[tuple[str, str, str, str]], framework: str, kind: str, told: str) -> bool:
    """Whether a disagreement stands in the table."""
    return any(
        re.fullmatch(asked, framework) and re.fullmatch(kinds, kind) and words in told
        for asked, kinds, words, _ in table
    )


def alone(layer: Any, xs: tuple[tuple[int, ...], ...]) -> Architecture:
    """A network of one layer."""
    inputs = [Node(f"in{number}", kind_of("Input")(shape=x)) for number, x in enumerate(xs)]  # type: ignore[call-arg]
    return Architecture("case", (*inputs, Node("layer", layer, tuple(node.name for node in inputs))), ("layer",))


def disagreements(architecture: Architecture, framework: str, opinion: Opinion) -> Iterator[str]:
    """What cnncalc and the framework see differently, refusals among it, but for what stands in the tables."""
    found: Walk = walk(architecture)
    for row in found.rows:
        answer = opinion.layers.get(row.name)
        compared = Compared(row, {framework: answer})
        if isinstance(answer, Refusal):
            if not is_known(THEY_REFUSE, framework, row.kind, answer.reason):
                yield f"{framework} refuses {row.layer!r} on {row.input_shapes}: {answer.reason}"
        elif answer is not None and not compared.agrees:
            yield f"{row.layer!r} on {row.input_shapes}: derived {compared.derived}, {framework} {answer}"
    for failure in found.failures:
        yield from _should_refuse(failure, opinion.layers.get(failure.node.name), framework)


ANSWERS = {"keras": keras_answer, "torch": torch_answer}


def unlike(layer: Any, xs: tuple[tuple[int, ...], ...], framework: str) -> Iterator[str]:
    """Where the witness puts out other numbers than the framework, which takes the layer on these inputs."""
    numbers = inputs_for(layer, xs)
    weights, outputs = ANSWERS[framework](layer, numbers)
    told = difference(witness_outputs(layer, numbers, weights), outputs, tolerance=5e-5)  # states may grow
    if told:
        yield f"{layer!r} on {xs}: {told}"


def _should_refuse(failure: Failure, answer: Any, framework: str) -> Iterator[str]:
    """A layer that cnncalc refuses; PyTorch makes maps without a pixel where cnncalc makes none."""
    kind, rule = failure.node.layer.kind(), str(failure.demand.rule)
    taken = isinstance(answer, Seen) and not any(0 in shape for shape in answer.shapes)
    if taken and not is_known(WE_REFUSE, framework, kind, rule):
        yield f"{framework} takes {failure.node.layer!r} on {failure.input_shapes} ({rule}): {answer}"


@pytest.mark.parametrize("framework", ASKED)
@pytest.mark.parametrize("kind", [kind for kind in HOME if kind != "Input"])
def test_kinds(kind: str, framework: str) -> None:
    seen: Counter[str] = Counter()

    @DRAWN
    @given(cases(kind))
    def judged(case: tuple[Any, Any]) -> None:
        architecture = alone(*case)
        try:
            opinion = ask(framework, architecture)
        except ArchitectureError as error:
            assert error.layer == "layer"
            seen["impossible"] += 1
            return
        found = list(disagreements(architecture, framework, opinion))
        if isinstance(opinion.layers.get("layer"), Seen) and takes(*case) and not differs(framework, case[0]):
            found += unlike(*case, framework)
            seen["values"] += 1
        assert not found, found
        seen["compared"] += 1

    judged()
    assert bool(seen["compared"]) == (kind not in ABSENT[framework]), seen
    assert bool(seen["values"]) == (kind not in ABSENT[framework] and not always_differs(framework, kind)), seen


@pytest.mark.parametrize("framework", ASKED)
def test_networks(framework: str) -> None:
    @DRAWN
    @given(networks())
    def judged(data: dict[str, Any]) -> None:
        try:
            architecture = build(data)
            opinion = ask(framework, architecture)
        except ArchitectureError:
            return
        assert not list(disagreements(architecture, framework, opinion))
        whole = not walk(architecture).failures and all(isinstance(seen, Seen) for seen in opinion.layers.values())
        if framework == "keras" and whole:
            assert not list(network_unlike(architecture))

    judged()


def network_unlike(architecture: Architecture) -> Iterator[str]:
    """The layers of a network that put out other numbers in Keras, each fed by those before it."""
    inputs, weights = inputs_of(architecture), weights_of(architecture)
    theirs = keras_run(architecture, inputs, weights)
    for ran in execute(architecture, inputs, Store(weights)):
        told = difference(list(ran.outputs), theirs[ran.node.name], tolerance=1e-4)  # errors add up from layer to layer
        if told:
            yield f"{ran.node.name} {ran.node.layer!r}: {told}"


FILES = [*sorted(EXAMPLES.glob("*.yaml")), *(EXAMPLES / "zoo" / f"{name}.yaml" for name in (
    "ct_scan_3d", "dcgan_generator", "densenet121", "efficientnet_b0", "inception_v3", "lenet5_1998", "mobilenet_v3_small",
    "resnet18", "shufflenet_v1", "squeezenet1_1", "unet_xception", "xception",
))]  # fmt: skip
NOT_IN_KERAS = {"squeezenet1_1": "Keras has no ceil_mode"}


@pytest.mark.parametrize("framework", ASKED)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples(path: Path, framework: str) -> None:
    summary = derive(load(path))
    if framework == "keras" and path.stem in NOT_IN_KERAS:
        with pytest.raises(ArchitectureError, match=NOT_IN_KERAS[path.stem]):
            ask(framework, summary.architecture)
        return
    found = compare(summary, [ask(framework, summary.architecture)])
    assert len(found.layers) == len(summary.rows)
    assert found.ok, [layer.to_dict() for layer in found.layers if not layer.agrees]


MIXED = """
input: [12, 10]
layers:
  - LSTM: {units: 5, return_sequences: true, return_state: true, name: first}
  - LSTM: {units: 5, inputs: [first, "first:1", "first:2"], return_sequences: true}
  - Bidirectional: {layer: {GRU: {units: 3, return_sequences: true}}}
  - Dense: {units: 4, name: again}
  - Dense: 6
  - Shared: {layer: again}
  - MultiHeadAttention: {num_heads: 2, key_dim: 3, inputs: [again, again]}
  - BatchNormalization
"""


@pytest.mark.parametrize("framework", ASKED)
def test_states_shared_layers_and_conventions(framework: str, tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(MIXED)
    summary = derive(load(path))
    found = compare(summary, [ask(framework, summary.architecture)])
    assert found.ok, [layer.to_dict() for layer in found.layers if not layer.agrees]
    bridged = {convention.name for _, convention, _ in found.bridged()}
    assert bridged == ({"bias-once", "batch-counter"} if framework == "torch" else set())


@pytest.mark.parametrize("framework", ASKED)
def test_a_wrong_rule_is_caught(framework: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A convolution that loses its bias in the counting: exit code 1, and the layers named."""
    conv = kind_of("Conv2D").__mro__[1]
    weights = conv.weights  # type: ignore[attr-defined]
    monkeypatch.setattr(conv, "weights", lambda self, x: {"kernel": weights(self, x)["kernel"]})
    code = run(["verify", str(EXAMPLES / "mnist_cnn.yaml"), "--against", framework, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["ok"]) == (1, False)
    assert [layer["name"] for layer in told["layers"] if not layer["agrees"]] == ["conv2d", "conv2d_1"]
    assert told["layers"][1][framework]["trainable"] == 320


@pytest.mark.parametrize("framework", ASKED)
def test_the_command(framework: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(EXAMPLES / "mnist_cnn.yaml"), "--against", framework]) == 0
    assert "All 9 layers agree with" in capsys.readouterr().out


@pytest.mark.parametrize("framework", ASKED)
def test_a_layer_that_is_not_there(framework: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [4]\nlayers:\n  - Dense: 3\n  - Custom: {params: 3, name: mine}\n")
    assert run(["verify", str(path), "--against", framework]) == 2
    told = capsys.readouterr().err
    assert "mine (Custom)" in told
    assert f"{path}:4:5" in told
