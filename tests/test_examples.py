"""The examples against what was published with them: course documents, papers, framework documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cnncalc.architecture import load
from cnncalc.derive import Summary, derive

EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name: str, **variables: Any) -> Summary:
    return derive(load(EXAMPLES / f"{name}.yaml", variables=variables))


def shapes(summary: Summary) -> dict[str, tuple[int, ...]]:
    return {row.name: row.output_shape for row in summary.rows}


def test_mnist_cnn() -> None:
    """The listing of a course's slides, layer by layer."""
    found = example("mnist_cnn")
    published = [
        ("conv2d", (26, 26, 32), 320),
        ("conv2d_1", (24, 24, 64), 18496),
        ("max_pooling2d", (12, 12, 64), 0),
        ("dropout", (12, 12, 64), 0),
        ("flatten", (9216,), 0),
        ("dense", (128,), 1179776),
        ("dropout_1", (128,), 0),
        ("dense_1", (10,), 1290),
    ]
    assert [(row.name, row.output_shape, row.params) for row in found.rows[1:]] == published
    assert (found.total_params, found.trainable_params, found.non_trainable_params) == (1_199_882, 1_199_882, 0)
    assert 12 * 12 * 64 == 9216


def test_two_filters_on_7x7() -> None:
    """7x7x3 -> 7x7x2 -> 5x5x2 -> 5x5x2 -> 3x3x2 -> 18, a course's worked example."""
    found = shapes(example("two_filters_7x7"))
    assert found["input"] == (7, 7, 3)
    published = {"conv1": (7, 7, 2), "maxpool1": (5, 5, 2), "conv2": (5, 5, 2), "maxpool2": (3, 3, 2), "flatten": (18,)}
    assert {name: found[name] for name in published} == published
    rows = example("two_filters_7x7")
    assert rows.row("conv1").weights["kernel"] == (3, 3, 3, 2)  # two filters of 3*3*3
    assert rows.row("conv2").weights["kernel"] == (3, 3, 2, 2)  # two filters of 3*3*2


def test_two_filters_on_6x6() -> None:
    """6x6 -> 4x4 -> 2x2, one map per filter."""
    found = shapes(example("two_filters_6x6"))
    assert (found["conv2d"], found["max_pooling2d"], found["flatten"]) == ((4, 4, 2), (2, 2, 2), (8,))


def test_separable_beside_full() -> None:
    """By hand: (3*3*3 + 1)*128 = 3584, and 3*3*3*1 + 3*128 + 128 = 539."""
    found = example("separable_and_full")
    assert found.row("full").params == (3 * 3 * 3 + 1) * 128 == 3584
    assert found.row("separable").params == 3 * 3 * 3 + 3 * 128 + 128 == 539
    assert found.row("full").output_shape == found.row("separable").output_shape == (32, 32, 128)


def test_fully_connected_beside_cnn() -> None:
    """A 100x100 colour picture has 30000 numbers; 1000 neurons make 30000 x 1000 weights."""
    full = example("fully_connected_100x100")
    assert full.row("flatten").output_shape == (30000,)
    assert full.row("dense").weights["kernel"] == (30000, 1000)
    assert full.row("dense").params == 30000 * 1000 + 1000
    assert example("cnn_100x100").total_params < full.total_params // 10


@pytest.mark.parametrize(
    ("name", "variables", "published"),
    [
        ("lenet5", {}, 61_706),
        ("alexnet", {}, 60_965_224),
        ("alexnet", {"towers": 1}, 62_378_344),
        ("vgg16", {}, 138_357_544),
        ("resnet50", {}, 25_636_712),
        ("resnet50", {"stage3": 23}, 44_707_176),
        ("resnet50", {"stage2": 8, "stage3": 36}, 60_419_944),
    ],
)
def test_published_totals(name: str, variables: dict[str, int], published: int) -> None:
    """LeNet-5 in its modern form; AlexNet with and without groups; VGG16; Keras's ResNets."""
    assert example(name, **variables).total_params == published


def test_resnet50_statistics_and_field() -> None:
    """53,120 parameters that no gradient changes (Keras); a receptive field of 483 (Araujo et al. 2019)."""
    found = example("resnet50")
    assert found.non_trainable_params == 53_120
    field = found.row("activation_48").receptive_field
    assert field is not None
    assert (field.size, field.jump, field.aligned) == ((483, 483), (32, 32), True)


def test_vgg16_macs_and_field() -> None:
    """15,470,264,320 multiply-accumulates, by the sum over its layers; a field of 212 (Araujo et al. 2019)."""
    found = example("vgg16")
    sizes = [(224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256), (56, 256, 256), (56, 256, 256),
             (28, 256, 512), (28, 512, 512), (28, 512, 512), (14, 512, 512), (14, 512, 512), (14, 512, 512)]  # fmt: skip
    by_hand = sum(n * n * 9 * c * f for n, c, f in sizes) + 25088 * 4096 + 4096 * 4096 + 4096 * 1000
    assert found.total_macs == by_hand == 15_470_264_320
    field = found.row("max_pooling2d_4").receptive_field
    assert field is not None
    assert (field.size, field.jump) == ((212, 212), (32, 32))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_derives(path: Path) -> None:
    assert derive(load(path)).total_params > 0
