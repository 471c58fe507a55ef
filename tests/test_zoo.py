"""The networks under `examples/zoo` against what their papers and publishers count.

Keras counts the moving statistics of batch normalisation, so its numbers are totals ("params"); papers and PyTorch
do not, so theirs are the trainable parameters ("trainable").
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cnncalc import Summary, load, summarize

ZOO = Path(__file__).parents[1] / "examples" / "zoo"
FILES = sorted(path.stem for path in ZOO.glob("*.yaml"))

TORCHVISION = "torchvision 0.29, num_params of the weights"
KERAS = "Keras applications, table of models"
KERAS_IO = "keras.io, printed in the code example"
IMGCLSMOB = "osmr/imgclsmob, table of models"

PUBLISHED: dict[str, tuple[str, int, str]] = {
    "alexnet_2012": ("params", 60_965_224, "Netscope's AlexNet; the paper's abstract: 60 million"),
    "alexnet_one_tower": ("params", 62_378_344, IMGCLSMOB),
    "alexnet_torchvision": ("trainable", 61_100_840, TORCHVISION),
    "cifar10_cnn": ("params", 1_250_858, "printed by Keras for its example cifar10_cnn.py"),
    "ct_scan_3d": ("params", 1_352_897, KERAS_IO),
    "darknet53": ("trainable", 41_609_928, IMGCLSMOB),
    "dcgan_discriminator": ("trainable", 2_765_568, "printed by torchsummary for PyTorch's example dcgan"),
    "dcgan_generator": ("trainable", 3_576_704, "printed by torchsummary for PyTorch's example dcgan"),
    "denoising_autoencoder": ("params", 28_353, KERAS_IO),
    "densenet121": ("trainable", 7_978_856, TORCHVISION),
    "efficientnet_b0": ("trainable", 5_288_548, TORCHVISION),
    "fcn8s": ("params", 134_489_759, "YBIGTA/DL_Models, FCN in PyTorch; the paper's Table 1: 134 million"),
    "googlenet": ("trainable", 6_624_904, TORCHVISION),
    "inception_v3": ("trainable", 23_834_568, IMGCLSMOB),
    "lenet5": ("params", 61_706, "quoted by courses"),
    "lenet5_1998": ("trainable", 60_000, "the paper, section II-B"),
    "mnasnet1_0": ("trainable", 4_383_312, TORCHVISION),
    "mnist_cnn": ("params", 1_199_882, "printed by Keras 2 for its example mnist_cnn.py"),
    "mnist_convnet": ("params", 34_826, KERAS_IO),
    "mobilenet_v1": ("params", 4_253_864, KERAS),
    "mobilenet_v2": ("trainable", 3_504_872, TORCHVISION),
    "mobilenet_v3_small": ("trainable", 2_542_856, TORCHVISION),
    "network_in_network": ("params", 966_986, IMGCLSMOB),
    "r3d_18": ("trainable", 33_371_472, TORCHVISION),
    "regnet_x_400mf": ("trainable", 5_495_976, TORCHVISION),
    "resnet152": ("trainable", 60_192_808, TORCHVISION),
    "resnet18": ("trainable", 11_689_512, TORCHVISION),
    "resnet20_cifar": ("trainable", 272_474, IMGCLSMOB),
    "resnet50": ("trainable", 25_557_032, TORCHVISION),
    "resnet50_keras": ("params", 25_636_712, KERAS),
    "resnet50_v2_keras": ("params", 25_613_800, KERAS),
    "resnext50_32x4d": ("trainable", 25_028_904, TORCHVISION),
    "shufflenet_v1": ("trainable", 1_865_728, IMGCLSMOB),
    "squeezenet1_0": ("trainable", 1_248_424, TORCHVISION),
    "squeezenet1_1": ("trainable", 1_235_496, TORCHVISION),
    "unet": ("params", 31_030_658, "printed by Keras for implementations of the paper's Figure 1"),
    "unet_keras_256": ("params", 31_031_685, "printed by Keras for zhixuhao/unet and its descendants"),
    "unet_xception": ("params", 2_058_979, KERAS_IO),
    "vgg11": ("trainable", 132_863_336, TORCHVISION),
    "vgg16": ("params", 138_357_544, KERAS),
    "vgg19": ("params", 143_667_240, KERAS),
    "wide_resnet50_2": ("trainable", 68_883_240, TORCHVISION),
    "xception": ("params", 22_910_480, KERAS),
    "zfnet": ("params", 62_357_608, IMGCLSMOB),
}

GMACS = {
    "alexnet_torchvision": 0.714,
    "densenet121": 2.834,
    "efficientnet_b0": 0.386,
    "googlenet": 1.498,
    "inception_v3": 5.713,
    "mnasnet1_0": 0.314,
    "mobilenet_v1": 0.569,  # the paper's Table 4; all others: torchvision 0.29, _ops of the weights
    "mobilenet_v2": 0.301,
    "mobilenet_v3_small": 0.057,
    "r3d_18": 40.697,
    "regnet_x_400mf": 0.414,
    "resnet152": 11.514,
    "resnet18": 1.814,
    "resnet50": 4.089,
    "resnext50_32x4d": 4.230,
    "squeezenet1_0": 0.819,
    "squeezenet1_1": 0.349,
    "vgg11": 7.609,
    "vgg16": 15.470,
    "vgg19": 19.632,
    "wide_resnet50_2": 11.398,
}
"""Billions of multiply-accumulates, published to three decimals."""

ALSO: list[tuple[str, dict[str, int], str, int, str]] = [
    ("alexnet_2012", {"towers": 1}, "params", 62_378_344, IMGCLSMOB),
    ("ct_scan_3d", {}, "trainable", 1_351_873, KERAS_IO),
    ("densenet121", {}, "params", 8_062_504, KERAS),
    ("mobilenet_v1", {}, "trainable", 4_231_976, IMGCLSMOB),
    ("mobilenet_v2", {}, "params", 3_538_984, KERAS),
    ("resnet18", {"n2": 3, "n3": 4, "n4": 6, "n5": 3}, "trainable", 21_797_672, TORCHVISION),
    ("resnet20_cifar", {"n": 9}, "trainable", 855_770, IMGCLSMOB),
    ("resnet20_cifar", {"n": 18}, "trainable", 1_730_714, IMGCLSMOB),
    ("resnet50", {"n4": 23}, "trainable", 44_549_160, TORCHVISION),
    ("resnet50_keras", {"n4": 23}, "params", 44_707_176, KERAS),
    ("resnet50_keras", {"n3": 8, "n4": 36}, "params", 60_419_944, KERAS),
    ("unet_xception", {}, "trainable", 2_055_203, KERAS_IO),
    ("vgg16", {}, "trainable", 138_357_544, TORCHVISION),
    ("xception", {}, "trainable", 22_855_952, "the paper's Table 3"),
]
"""What else the comments of the files say, some of it with other variables."""


@cache
def network(name: str) -> Summary:
    return summarize(load(ZOO / f"{name}.yaml"))


def count(summary: Summary, quantity: str) -> Any:
    return {"params": summary.total_params, "trainable": summary.trainable_params}[quantity]


def test_every_file_has_its_number() -> None:
    assert sorted(PUBLISHED) == FILES
    assert GMACS.keys() <= PUBLISHED.keys()


def test_there_are_enough() -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters(name: str) -> None:
    quantity, published, source = PUBLISHED[name]
    assert count(network(name), quantity) == published, source


@pytest.mark.parametrize("name", GMACS)
def test_macs(name: str) -> None:
    assert round(network(name).total_macs / 10**9, 3) == GMACS[name]


@pytest.mark.parametrize(("name", "variables", "quantity", "published", "source"), ALSO)
def test_variants(name: str, variables: dict[str, int], quantity: str, published: int, source: str) -> None:
    found = summarize(load(ZOO / f"{name}.yaml", variables=variables))
    assert count(found, quantity) == published, source


@pytest.mark.parametrize("name", FILES)
def test_the_comment_says_the_number(name: str) -> None:
    text = (ZOO / f"{name}.yaml").read_text(encoding="utf-8")
    comment = text[: text.index("\nname:")]
    assert f"{PUBLISHED[name][1]:,}" in comment
    assert f"\nname: {name}\n" in text


def test_lenet5_1998_layer_by_layer() -> None:
    """The paper's own counts: C1 156, S2 12, C3 1,516, S4 32, C5 48,120, F6 10,164."""
    counts = [row.trainable for row in network("lenet5_1998").rows if row.trainable]
    c1, s2, c3, rest = counts[0:12:2], counts[1:12:2], counts[12:28], counts[28:]
    assert (sum(c1), sum(s2), sum(c3), rest) == (156, 12, 1_516, [32, 48_120, 10_164])


def test_unet_side_by_side() -> None:
    """The shapes drawn in the paper's Figure 1."""
    shapes = [row.output_shape for row in network("unet").rows if row.kind != "Cropping2D"]
    sides = [570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28,
             56, 56, 54, 52, 104, 104, 102, 100, 200, 200, 198, 196, 392, 392, 390, 388, 388]  # fmt: skip
    assert [shape[0] for shape in shapes] == [572, *sides]
    assert shapes[-1] == (388, 388, 2)


def test_the_readme_lists_every_network() -> None:
    lines = (ZOO / "README.md").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line.startswith("| [")]
    assert len(listed) == len(FILES)
    for name, line in zip(FILES, listed, strict=True):
        quantity, published, _ = PUBLISHED[name]
        (shape,) = network(name).architecture.inputs.values()
        size, macs = "×".join(map(str, shape)), f"{network(name).total_macs:,}"
        assert line.startswith(f"| [{name}]({name}.yaml) | {size} | {published:,} | {macs} | "), quantity
