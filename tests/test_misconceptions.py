"""The wrong rules: every published and hand-calculated wrong number, by its code; nothing raised on any layer."""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import PER_KIND, cases, networks

from cnncalc.architecture import Architecture, Node, build
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.expression import evaluate
from cnncalc.language import Text
from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.teach.misconceptions import (
    CATALOGUE,
    FAMILIES,
    Case,
    Cell,
    Quantity,
    also,
    applicable,
    arithmetic,
    cases_of,
    conceivable,
    explaining,
    feedback_for,
    network_of,
    smallest,
    values,
)
from cnncalc.teach.misconceptions.lettering import letters_of

ROOT = Path(__file__).parents[1]


def case(kind: str, fields: dict[str, Any], *inputs: tuple[int, ...], **context: Any) -> Case:
    """A layer on its own."""
    layer = kind_of(kind)(**fields)
    return Case(layer, inputs, layer.facts(inputs), **context)


def window(kind: str = "Conv2D", **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "fields": {"filters": 1, **fields} if kind.startswith(("Conv", "Separable")) else fields}


# One axis: n, layer -> right, wrong. The numbers of the literature where a source is named, else by hand from
# floor((n + 2p - d(k-1) - 1)/s) + 1.
SIZES: list[tuple[str, int, dict[str, Any], int, Any]] = [
    ("S01", 32, window(kernel_size=4), 29, 28),  # a book: 28x28 units on 32x32 with 4x4 fields
    ("S02", 32, window(kernel_size=5, padding=2), 32, 30),
    ("S03", 224, window(kernel_size=7, strides=2, padding=3), 112, 109),  # ai.stackexchange 8327
    ("S04", 28, window(kernel_size=3, strides=2, padding=1), 14, 28),
    ("S05", 224, window(kernel_size=11, strides=4), 54, 55),  # stats.stackexchange 650777; AlexNet's 55
    ("S05", 5, window("MaxPooling2D", pool_size=2), 2, 3),  # blog.csdn.net 79351803
    ("S06", 224, window(kernel_size=11, strides=4), 54, Fraction(217, 4)),  # 54.25, stats.stackexchange 650777
    ("S06", 7, window(kernel_size=3, strides=2, padding="same"), 4, Fraction(7, 2)),
    ("S07", 28, window(kernel_size=3, strides=2, padding=1), 14, 15),  # 14.5
    ("S08", 28, window(kernel_size=4, strides=2), 13, 12),
    ("S09", 28, window(kernel_size=3, strides=2, padding="same"), 14, 28),
    ("S10", 7, window(kernel_size=3, strides=2, padding="same"), 4, 3),
    ("S11", 28, window(kernel_size=5, padding="same"), 28, 26),
    ("S01", 28, window(kernel_size=3), 26, 25),  # "subtracts k only" is the same number where nothing else is set
    ("S12", 28, window(kernel_size=3, padding=1), 28, 25),
    ("S13", 32, window(kernel_size=3, dilation_rate=2), 28, 30),
    ("S20", 32, window(kernel_size=3, dilation_rate=2), 28, 27),
    ("S14", 28, window("MaxPooling2D", pool_size=2), 14, 27),  # docs.pytorch.org: stride = kernel_size
    ("S15", 26, window("MaxPooling2D", pool_size=2), 13, 26),
    ("S21", 26, window("MaxPooling2D", pool_size=2), 13, 6),
    ("S16", 7, window("Conv2DTranspose", filters=1, kernel_size=4, strides=2, padding=1), 14, 3),
    ("S17", 7, window("Conv2DTranspose", filters=1, kernel_size=3, strides=2, padding=1), 13, 14),
    ("S22", 7, window("Conv2DTranspose", filters=1, kernel_size=3, strides=2, padding=1), 13, 15),
    ("S28", 7, window("Conv2DTranspose", filters=1, kernel_size=3, strides=2, padding=1, output_padding=1), 14, 13),
    ("S26", 5, window("MaxPooling2D", pool_size=2, ceil_mode=True), 3, 2),
    ("S27", 28, window(kernel_size=3), 26, 28),
    ("S24", 14, window("UpSampling2D", size=2), 28, 7),
    ("S30", 14, window("UpSampling2D", size=3), 42, 17),
    ("S25", 28, window("ZeroPadding2D", padding=2), 32, 30),
    ("S29", 28, window("ZeroPadding2D", padding=2), 32, 24),
    ("S25", 28, window("Cropping2D", cropping=2), 24, 26),
    ("S29", 28, window("Cropping2D", cropping=2), 24, 32),
]


@pytest.mark.parametrize(("code", "n", "layer", "right", "wrong"), SIZES)
def test_sizes(code: str, n: int, layer: dict[str, Any], right: int, wrong: Any) -> None:
    one = case(layer["kind"], layer["fields"], (n, n, 1))
    assert one.key(Quantity.SHAPE) == (right, right, 1)
    assert code in codes(one, Quantity.SHAPE, (wrong, wrong, 1))


def codes(subject: Any, quantity: Quantity, answer: Any) -> list[str]:
    return [entry.code for entry in explaining(subject, quantity, answer)]


A = case("Conv2D", {"filters": 32, "kernel_size": 3}, (32, 32, 3), image=(32, 32, 3))  # to 30x30x32, 896 parameters
B = case("Conv2D", {"filters": 64, "kernel_size": 3}, (26, 26, 32), before=A, image=(28, 28, 3))  # to 24x24x64
GROUPS = case("Conv2D", {"filters": 64, "kernel_size": 3, "groups": 4}, (26, 26, 32))
DEPTHWISE = case("DepthwiseConv2D", {"kernel_size": 3}, (26, 26, 32))
DOUBLE = case("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2}, (26, 26, 32))
SEPARABLE = case("SeparableConv2D", {"filters": 100, "kernel_size": 5}, (64, 64, 10))
THICK = case("SeparableConv2D", {"filters": 8, "kernel_size": 3, "depth_multiplier": 2}, (10, 10, 4))
BARE = case("Conv2D", {"filters": 64, "kernel_size": 3, "use_bias": False}, (26, 26, 32))
BACK = case("Conv2DTranspose", {"filters": 5, "kernel_size": 4, "strides": 2, "padding": 1}, (7, 7, 3))
NG = case("Conv2D", {"filters": 8, "kernel_size": 5}, (39, 39, 3))
TAIWAN = case("Conv2D", {"filters": 3, "kernel_size": 4}, (20, 20, 2))
LENET = case("Conv2D", {"filters": 16, "kernel_size": 5}, (14, 14, 6))

HEAD = cases_of(
    derive(
        build({"input": [14, 14, 64], "layers": [{"MaxPooling2D": 2}, "Flatten", {"Dense": 128}, {"Dense": 10}]}),
        batch=32,
    )
)
MAP, FLAT, DENSE = HEAD["max_pooling2d"], HEAD["flatten"], HEAD["dense"]
SMALL = case("Dense", {"units": 256}, (128,))
NO_BIAS = case("Dense", {"units": 10, "use_bias": False}, (20,))
ON_MAP = case("Dense", {"units": 4}, (5, 3))
POOL = case("MaxPooling2D", {"pool_size": 2}, (26, 26, 32), before=A, image=(28, 28, 3))
BATCH = case("BatchNormalization", {}, (4, 4, 512))
LSTM = case("LSTM", {"units": 64}, (10, 32))
GRU = case("GRU", {"units": 64}, (10, 32))
TABLE = case("Embedding", {"input_dim": 1000, "output_dim": 16}, (20,))
HEADS = case("MultiHeadAttention", {"num_heads": 4, "key_dim": 8}, (10, 16), (10, 16))

PARAMS: list[tuple[str, Case, int, int]] = [
    ("P01", A, 896, 864), ("P01", B, 18496, 18432),
    ("P01", case("Conv2D", {"filters": 256, "kernel_size": 3}, (56, 56, 128)), 295168, 294912),  # 570254
    ("P02", A, 896, 320), ("P02", B, 18496, 640),
    ("P02", NG, 608, 208),  # a course slide, forums.fast.ai 62595
    ("P03", A, 896, 288), ("P03", B, 18496, 576),  # Stack Overflow: "288, but it is 896"
    ("P04", A, 896, 865), ("P04", B, 18496, 18433),
    ("P05", A, 896, 867), ("P05", B, 18496, 18464),
    ("P05", TAIWAN, 99, 98),  # cnblogs.com 11886191
    ("P06", A, 896, 960), ("P06", B, 18496, 20480),
    ("P07", A, 896, 320), ("P07", B, 18496, 6208),
    ("P08", A, 896, 806400), ("P08", B, 18496, 10653696),
    ("P09", A, 896, 28), ("P09", B, 18496, 289),
    ("P10", A, 896, 29664), ("P10", B, 18496, 55296),
    ("P11", A, 896, 28800), ("P11", B, 18496, 36864),
    ("P12", case("Conv2D", {"filters": 2, "kernel_size": 3}, (4, 4, 1)), 20, 128),  # 16 inputs, 8 outputs
    ("P13", B, 18496, 1792),
    ("P14", A, 896, 867), ("P14", B, 18496, 18464),
    ("P15", A, 896, 44), ("P15", B, 18496, 105),
    ("P16", GROUPS, 4672, 18496),
    ("P24", GROUPS, 4672, 1168),  # 73 x 16
    ("P17", DEPTHWISE, 320, 9248),
    ("P18", DOUBLE, 640, 320),
    ("P18", THICK, 144, 76),  # 36 + 32 + 8; the right count is 72 + 64 + 8
    ("P19", SEPARABLE, 1350, 1360),  # Stack Overflow 56764162
    ("P20", SEPARABLE, 1350, 25100),
    ("P21", BACK, 245, 243),  # 16 x 3 x 5 = 240
    ("P01", LENET, 2416, 2400),  # w3help.cc 950805 has 2,416
    ("P23", BARE, 18432, 18496),
    ("P25", SEPARABLE, 1350, 350),
    ("P26", SEPARABLE, 1350, 1100),
    ("P27", DEPTHWISE, 320, 10),
    ("D01", DENSE, 401536, 404544), ("D01", SMALL, 33024, 32896),  # stats.stackexchange 570254
    ("D02", DENSE, 401536, 401408),
    ("D03", DENSE, 401536, 6400),
    ("D04", DENSE, 401536, 8320),
    ("D05", DENSE, 401536, 57472),
    ("D06", DENSE, 401536, 1605760),  # (14 x 14 x 64 + 1) x 128
    ("D07", DENSE, 401536, 12845184),  # (3136 x 32 + 1) x 128
    ("D08", FLAT, 0, 3136), ("D08", case("Dropout", {"rate": 0.5}, (128,)), 0, 128),
    ("D09", DENSE, 401536, 401409),
    ("D10", NO_BIAS, 200, 210),
    ("D11", SMALL, 33024, 384),
    ("D12", ON_MAP, 16, 64),  # (15 + 1) x 4
    ("N01", BATCH, 2048, 1024),
    ("N03", BATCH, 2048, 32768),  # 4 x 4 x 512 x 4
    ("N06", BATCH, 2048, 512), ("N07", BATCH, 2048, 0),
    ("N04", POOL, 0, 128), ("N04", POOL, 0, 32), ("N04", POOL, 0, 1),
    ("N04", case("AveragePooling2D", {"pool_size": 2}, (28, 28, 6)), 0, 12),  # LeNet-5's S2 in 1998
    ("N05", case("Input", {"shape": (28, 28, 1)}), 0, 784),
    ("N07", case("LayerNormalization", {}, (10, 16)), 32, 0),
    ("N08", case("LayerNormalization", {}, (10, 16)), 32, 64),
    # LSTM: 4 x (32 x 64 + 64 x 64 + 64) = 24,832; GRU: 3 x (2048 + 4096 + 128) = 18,816
    ("G01", LSTM, 24832, 6208), ("G02", LSTM, 24832, 18624), ("G04", LSTM, 24832, 25088),
    ("G05", LSTM, 24832, 8448), ("G06", LSTM, 24832, 24576), ("G07", LSTM, 24832, 248320),
    ("G01", GRU, 18816, 6272), ("G02", GRU, 18816, 25088), ("G03", GRU, 18816, 18624), ("G06", GRU, 18816, 18432),
    ("E01", TABLE, 16000, 16016), ("E02", TABLE, 16000, 17000), ("E03", TABLE, 16000, 320),
    # 4 projections of 16 x 32 with biases 3 x 32 + 16: 2,160
    ("A01", HEADS, 2160, 552),  # 4 x 16 x 8 + 3 x 8 + 16
    ("A02", HEADS, 2160, 1632), ("A03", HEADS, 2160, 2048),
]  # fmt: skip


@pytest.mark.parametrize(("code", "one", "right", "wrong"), PARAMS)
def test_parameters(code: str, one: Case, right: int, wrong: int) -> None:
    assert one.key(Quantity.PARAMS) == right
    assert code in codes(one, Quantity.PARAMS, wrong)


TALL = case("Conv2D", {"filters": 8, "kernel_size": 3}, (32, 48, 3), image=(32, 48, 3), batch=16)
MIX = case("Concatenate", {}, (8, 8, 16), (8, 8, 32))
ADDED = case("Add", {}, (8, 8, 16), (8, 8, 16))
GLOBAL = case("GlobalAveragePooling2D", {}, (7, 7, 64))

SHAPES: list[tuple[str, Case, tuple[int, ...], tuple[int, ...]]] = [
    ("S18", TALL, (30, 46, 8), (46, 30, 8)),
    ("S23", TALL, (30, 46, 8), (30, 30, 8)), ("S23", TALL, (30, 46, 8), (46, 46, 8)),
    ("H01", B, (24, 24, 64), (24, 24, 2048)),  # imathworks.com
    ("H02", TALL, (30, 46, 8), (30, 46, 3)),
    ("H03", LENET, (10, 10, 16), (10, 10, 12)), ("H03", LENET, (10, 10, 16), (10, 10, 18)),
    ("H04", POOL, (13, 13, 32), (13, 13, 16)), ("H04", POOL, (13, 13, 32), (13, 13, 1)),
    ("H05", B, (24, 24, 64), (24, 24, 3)),
    ("S31", B, (24, 24, 64), (26, 26, 64)),  # 28 − 3 + 1
    ("H06", B, (24, 24, 64), (24, 24, 1)),  # ai.stackexchange 13454
    ("H07", DOUBLE, (24, 24, 64), (24, 24, 2)), ("H08", DOUBLE, (24, 24, 64), (24, 24, 32)),
    ("H09", THICK, (8, 8, 8), (8, 8, 16)),
    ("H10", MIX, (8, 8, 48), (8, 8, 32)),
    ("H11", ADDED, (8, 8, 16), (8, 8, 32)),
    ("H12", MIX, (8, 8, 48), (16, 16, 48)),
    ("H13", GLOBAL, (64,), (7, 7, 64)), ("H14", GLOBAL, (64,), (1, 1, 64)),
    ("H15", FLAT, (3136,), (7, 7, 64)),
    ("H16", ON_MAP, (5, 4), (4,)),
    ("H17", case("PixelShuffle", {"upscale_factor": 2}, (4, 4, 16)), (8, 8, 4), (8, 8, 16)),
    ("F01", TALL, (30, 46, 8), (16, 30, 46, 8)),
    ("F02", TALL, (30, 46, 8), (8, 30, 46)),
    ("F03", case("Conv2D", {"filters": 1, "kernel_size": 3}, (28, 28, 1)), (26, 26, 1), (26, 26)),
    ("F04", case("Conv2D", {"filters": 96, "kernel_size": 11, "strides": 4}, (227, 227, 3)), (55, 55, 96), (290400,)),
    ("F05", TALL, (30, 46, 8), (30, 46)),
    ("D13", FLAT, (3136,), (49,)), ("D14", FLAT, (3136,), (64,)), ("D15", FLAT, (3136,), (448,)),
    ("D16", FLAT, (3136,), (12544,)), ("D17", FLAT, (3136,), (78,)),
    ("G08", LSTM, (64,), (10, 64)),
    ("G08", case("LSTM", {"units": 64, "return_sequences": True}, (10, 32)), (10, 64), (64,)),
    ("E04", TABLE, (20, 16), (16,)),
    ("A04", HEADS, (10, 16), (10, 32)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "one", "right", "wrong"), SHAPES)
def test_shapes(code: str, one: Case, right: tuple[int, ...], wrong: tuple[int, ...]) -> None:
    assert one.key(Quantity.SHAPE) == right
    assert code in codes(one, Quantity.SHAPE, wrong)


SLOW = case(
    "Conv2D", {"filters": 4, "kernel_size": 3, "strides": 2}, (9, 9, 2), batch=8
)  # to 4x4x4, 16 x 18 x 4 products

MACS: list[tuple[str, Case, int, int]] = [
    ("C01", B, 10616832, 21233664),  # anthonydave.top: factor 2
    ("C03", B, 10616832, 10653696),  # + 36,864
    ("C04", B, 10616832, 18496),
    ("C02", SLOW, 1152, 5832),  # 81 x 72
    ("C05", SLOW, 1152, 72), ("C06", SLOW, 1152, 576), ("C10", SLOW, 1152, 9216),
    ("C07", DEPTHWISE, 165888, 5308416),  # 576 x 9 x 32, and again x 32
    ("C08", BACK, 11760, 47040),  # 49 x 240 and 196 x 240
    ("C09", POOL, 0, 21632), ("C09", POOL, 0, 5408),  # 4 x 169 x 32, 169 x 32
    ("C01", SMALL, 32768, 65536), ("C03", SMALL, 32768, 33024),
]  # fmt: skip


@pytest.mark.parametrize(("code", "one", "right", "wrong"), MACS)
def test_operations(code: str, one: Case, right: int, wrong: int) -> None:
    assert one.key(Quantity.MACS) == right
    assert code in codes(one, Quantity.MACS, wrong)


def test_trainable_parameters_of_normalisation() -> None:
    assert BATCH.key(Quantity.TRAINABLE) == 1024
    assert codes(BATCH, Quantity.TRAINABLE, 2048) == ["N02"]  # Stack Overflow 42521005


CHAIN = [{"Conv2D": {"filters": 4, "kernel_size": 3}}, {"MaxPooling2D": 2}, {"Conv2D": {"filters": 4, "kernel_size": 3, "strides": 2}},
         {"Conv2D": {"filters": 4, "kernel_size": 3, "dilation_rate": 2}}]  # fmt: skip
# By hand: r 3, jump 1; r 4, jump 2; r 8, jump 4; r 8 + 4 x 4 = 24.
FIELDS: list[tuple[str, str, int, int]] = [
    ("R01", "conv2d_1", 8, 3), ("R02", "conv2d_1", 8, 6), ("R03", "conv2d_1", 8, 10), ("R05", "conv2d_1", 8, 12),
    ("R07", "conv2d_1", 8, 12), ("R08", "conv2d_1", 8, 4), ("R04", "max_pooling2d", 4, 5), ("R06", "conv2d_2", 24, 16),
    ("R08", "conv2d_2", 24, 8),
]  # fmt: skip


@pytest.mark.parametrize(("code", "layer", "right", "wrong"), FIELDS)
def test_receptive_fields(code: str, layer: str, right: int, wrong: int) -> None:
    one = cases_of(derive(build({"input": [40, 40, 1], "layers": CHAIN})))[layer]
    assert one.key(Quantity.FIELD) == (right, right)
    assert code in codes(one, Quantity.FIELD, (wrong, wrong))


# 2 x 2 x 1 -> Dense 3 (on 4 features: 15) -> BatchNormalization (12, half of it trained) -> Dense 2 (8): 35, trained 29.
TINY = network_of(
    derive(build({"input": [2, 2, 1], "layers": ["Flatten", {"Dense": 3}, "BatchNormalization", {"Dense": 2}]}))
)
TOTALS: list[tuple[str, Quantity, int, Any]] = [
    ("T01", Quantity.TOTAL_PARAMS, 35, 29),
    ("T03", Quantity.TOTAL_PARAMS, 35, 12), ("T03", Quantity.TOTAL_PARAMS, 35, 16),
    ("T04", Quantity.TOTAL_PARAMS, 35, 30),
    ("T05", Quantity.TOTAL_PARAMS, 35, 27), ("T05", Quantity.TOTAL_PARAMS, 35, 20),
    ("T06", Quantity.TOTAL_PARAMS, 35, 39),
    ("T07", Quantity.TRAINABLE_PARAMS, 29, 35), ("T08", Quantity.TRAINABLE_PARAMS, 29, 23),
    ("T09", Quantity.TOTAL_MACS, 18, 36), ("T10", Quantity.TOTAL_FLOPS, 36, 18),
    ("T11", Quantity.TOTAL_MACS, 18, 35), ("T12", Quantity.TOTAL_MACS, 18, 12),
    ("T13", Quantity.WEIGHTS_MEMORY, 140, 35), ("T13", Quantity.WEIGHTS_MEMORY, 140, 1120),
    ("T14", Quantity.WEIGHTS_MEMORY, 140, 70), ("T15", Quantity.WEIGHTS_MEMORY, 140, Fraction(140, 10**6)),
    # weights 140, gradients 116, outputs (4 + 4 + 3 + 3 + 2) x 4 = 64
    ("T16", Quantity.TRAINING_MEMORY, 320, 256), ("T17", Quantity.TRAINING_MEMORY, 320, 204),
    ("T18", Quantity.TRAINING_MEMORY, 320, 552),
]  # fmt: skip


@pytest.mark.parametrize(("code", "quantity", "right", "wrong"), TOTALS)
def test_totals(code: str, quantity: Quantity, right: int, wrong: Any) -> None:
    assert TINY.key(quantity) == right
    assert code in codes(TINY, quantity, wrong)


def cell(kind: str, fields: dict[str, Any], patch: Any, kernel: Any = (), bias: Any = 0) -> Cell:
    return Cell(kind_of(kind)(**fields), patch, kernel, bias)


EDGE = cell("Conv2D", {"filters": 1, "kernel_size": 2}, ((1, 2, 3, 4),), ((1, 0, 0, -2),), 5)
LIT = cell("Conv2D", {"filters": 1, "kernel_size": 2, "activation": "relu"}, ((1, 2, 3, 4),), ((1, 0, 0, -2),), 5)
DEEP = cell("Conv2D", {"filters": 1, "kernel_size": 1}, ((2,), (3,)), ((10,), (100,)), 7)
DARK = cell("MaxPooling2D", {"pool_size": 2, "padding": "same"}, ((-3, None, -5, None),))
MEAN = cell("AveragePooling2D", {"pool_size": 2, "padding": "same"}, ((1, None, 3, None),))

CELLS: list[tuple[str, Cell, Any, Any]] = [
    ("V01", EDGE, -2, 7),  # 1 - 8 + 5; turned: -2 + 4 + 5
    ("V02", DEEP, 327, 334),
    ("V03", DARK, -3, 0),  # PyTorch pads a maximum with minus infinity
    ("V04", LIT, 0, -2),
    ("V05", LIT, 0, 5),
    ("V06", EDGE, -2, -7),
    ("V07", DEEP, 327, 27),
    ("V08", DARK, -3, -4), ("V08", DARK, -3, -5), ("V08", DARK, -3, -8), ("V08", MEAN, 2, 3),
    ("V09", MEAN, 2, 1),
]  # fmt: skip


@pytest.mark.parametrize(("code", "one", "right", "wrong"), CELLS)
def test_values(code: str, one: Cell, right: Any, wrong: Any) -> None:
    assert one.key(Quantity.VALUE) == right
    assert code in codes(one, Quantity.VALUE, wrong)


def test_a_layer_used_again() -> None:
    """4 x 4 + 4 parameters, once."""
    layer = kind_of("Dense")(units=4)
    source = Node("x", kind_of("Input")(shape=(4,)))
    nodes = (source, Node("d", layer, ("x",)), Node("e", layer, ("d",), shares="d"))
    found = derive(Architecture("shared", nodes, ("e",)))
    again, network = cases_of(found)["e"], network_of(found)
    assert (again.key(Quantity.PARAMS), network.key(Quantity.TOTAL_PARAMS)) == (0, 20)
    assert "N09" in codes(again, Quantity.PARAMS, 20)
    assert "T02" in codes(network, Quantity.TOTAL_PARAMS, 40)


def every_row() -> list[tuple[str, Any, Quantity, Any]]:
    """Every row of the tables above: code, subject, quantity, wrong answer."""
    sizes = [
        (code, case(layer["kind"], layer["fields"], (n, n, 1)), Quantity.SHAPE, (wrong, wrong, 1))
        for code, n, layer, _, wrong in SIZES
    ]
    fields = [
        (code, cases_of(derive(build({"input": [40, 40, 1], "layers": CHAIN})))[name], Quantity.FIELD, (wrong, wrong))
        for code, name, _, wrong in FIELDS
    ]
    tables = ((PARAMS, Quantity.PARAMS), (SHAPES, Quantity.SHAPE), (MACS, Quantity.MACS), (CELLS, Quantity.VALUE))
    rows = [(code, one, quantity, wrong) for table, quantity in tables for code, one, _, wrong in table]  # type: ignore[attr-defined]
    return [
        *sizes,
        *fields,
        *rows,
        *((c, TINY, q, wrong) for c, q, _, wrong in TOTALS),
        ("N02", BATCH, Quantity.TRAINABLE, 2048),
    ]


def test_every_code_is_every_row() -> None:
    assert {code for code, *_ in every_row()} | {"T02", "N09"} == set(CATALOGUE)


def test_codes_are_many_and_unique() -> None:
    entries = [entry for family in FAMILIES for entry in family.CODES]
    assert len(entries) == len(CATALOGUE) >= 60
    assert all(re.fullmatch(r"[A-Z]\d\d", code) for code in CATALOGUE)


def test_names_are_unique_and_texts_are_there() -> None:
    names = [entry.name.template for entry in CATALOGUE.values()]
    assert len(names) == len(set(names))
    for entry in CATALOGUE.values():
        for text in (entry.name, entry.feedback, entry.hint):
            assert isinstance(text, Text)
            assert text.template.strip()
        assert entry.hint.template.endswith((".", "?")), entry.code
        assert not entry.feedback.template.endswith("."), entry.code
        assert entry.source, entry.code


@pytest.mark.parametrize(("code", "subject", "quantity", "wrong"), every_row())
def test_feedback_shows_the_answer_and_not_the_key(code: str, subject: Any, quantity: Quantity, wrong: Any) -> None:
    entry = CATALOGUE[code]
    told = feedback_for(entry, subject, wrong).into("en")
    key = subject.key(quantity)
    of_the_question = set(re.findall(r"\d+", f"{getattr(subject, 'layer', '')} {getattr(subject, 'inputs', '')}"))
    printed = {number.replace(",", "") for number in re.findall(r"[\d,]*\d", told)}
    assert entry.feedback.template in told
    shown = (
        "×".join(map(str, wrong)) if isinstance(wrong, tuple) else f"{wrong:,}" if type(wrong) is int else str(wrong)
    )
    shown = shown.replace("-", "−")
    assert shown in told
    if isinstance(key, int) and key > 100:
        assert str(key) not in printed - of_the_question, told
    assert entry.hint.values == {}, "a hint knows no numbers of the question"


FEEDBACK = [
    (B, "P01", 18432, "3·3·32·64 = 18,432: the biases are missing"),
    (B, "P02", 640, "(3·3 + 1)·64 = 640: the filters were counted for one input channel"),
    (DENSE, "D03", 6400, "(7·7 + 1)·128 = 6,400: only height × width was put in a row: the channels are missing"),
    (EDGE, "V06", -7, "1·1 + 2·0 + 3·0 + 4·(−2) = −7: the bias was not added"),
]


@pytest.mark.parametrize(("subject", "code", "answer", "told"), FEEDBACK)
def test_feedback_word_for_word(subject: Any, code: str, answer: Any, told: str) -> None:
    assert feedback_for(CATALOGUE[code], subject, answer).into("en") == told


def test_feedback_on_a_shape() -> None:
    one = case("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 2, "padding": 1}, (28, 32, 3))
    told = feedback_for(CATALOGUE["S04"], one, (28, 32, 8)).into("en")
    assert told.startswith("28×32×8 (H′ = 28 + 2·1 − 3 + 1 = 28, W′ = 32 + 2·1 − 3 + 1 = 32): ")


def test_several_causes_for_one_number() -> None:
    """C_in = k makes P02 and P07 equal; P05 and P14 are one formula."""
    assert codes(A, Quantity.PARAMS, 320) == ["P02", "P07"]
    assert codes(A, Quantity.PARAMS, 867) == ["P05", "P14"]
    assert codes(A, Quantity.PARAMS, 896) == []


def test_right_for_the_wrong_reason() -> None:
    """(28, 3, 2, 1): padding counted once and the 1 divided too give the right 14."""
    popular = case("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 2, "padding": 1}, (28, 28, 3))
    assert {"S02", "S08"} <= set(also(popular, Quantity.SHAPE))
    assert "S04" not in also(popular, Quantity.SHAPE)
    plain = case("Conv2D", {"filters": 8, "kernel_size": 3}, (28, 28, 3))
    assert also(plain, Quantity.SHAPE) == (), "no stride, no padding: nothing to misunderstand about them"


def test_the_same_numbers_on_the_student_s_own_input() -> None:
    """Who wrote 27 x 27 x 16 before has 27 - 3 = 24 by S01 and 9 x 16 x 64 = 9,216 by P01."""
    own = B.on((27, 27, 16))
    assert (own.key(Quantity.SHAPE), own.key(Quantity.PARAMS)) == ((25, 25, 64), 9280)
    assert codes(own, Quantity.SHAPE, (24, 24, 64)) == ["S01"]
    assert codes(own, Quantity.PARAMS, 9216) == ["P01"]


@pytest.mark.parametrize(
    ("rows", "fewest"),
    [
        ([], ()),
        ([set()], ()),
        ([{"P02", "P07"}, {"P07"}], ("P07",)),
        ([{"P05", "P14"}], ("P05",)),
        ([{"P01"}, {"S01", "S12"}, {"S12"}, set()], ("P01", "S12")),
        ([{"A", "B"}, {"A", "C"}, {"B", "D"}, {"C", "D"}], ("A", "D")),
        ([{f"X{i:02}", "Y"} for i in range(30)], ("Y",)),
        ([{f"X{i:02}"} for i in range(14)], tuple(f"X{i:02}" for i in range(14))),
    ],
)
def test_the_fewest_causes(rows: list[set[str]], fewest: tuple[str, ...]) -> None:
    assert smallest([frozenset(row) for row in rows]) == fewest


@given(st.lists(st.sets(st.sampled_from("ABCDEFGHIJKLMNOPQR"), max_size=4), max_size=8))
def test_every_row_is_explained(rows: list[set[str]]) -> None:
    chosen = set(smallest([frozenset(row) for row in rows]))
    assert all(chosen & row for row in rows if row)
    assert len(chosen) <= sum(map(bool, rows))


LAYER_QUANTITIES = (Quantity.SHAPE, Quantity.PARAMS, Quantity.TRAINABLE, Quantity.MACS, Quantity.FIELD)


def check(subject: Case, quantity: Quantity) -> None:
    """What must hold of every case: types, the key left out, the same again, letters that mean the numbers."""
    key, before = subject.key(quantity), subject.layer.model_dump()
    found = values(subject, quantity)
    assert key not in found
    assert found == values(subject, quantity)
    assert subject.layer.model_dump() == before
    shaped = quantity in {Quantity.SHAPE, Quantity.FIELD}
    for answer in found:
        assert isinstance(answer, tuple) is shaped
        assert all(type(n) in {int, Fraction} for n in (answer if isinstance(answer, tuple) else (answer,))), answer
    for entry in applicable(subject, quantity):
        numbers = entry.wrong(subject)
        for answer in numbers:
            assert arithmetic(entry, subject, answer)
            assert entry in explaining(subject, quantity, answer) or answer not in found
        if entry.lettered:
            twin = letters_of(subject)
            assert tuple(put(each, twin.numbers) for each in entry.wrong(twin.subject)) == numbers, entry.code


def put(formula: Any, numbers: dict[str, Any]) -> Any:
    return tuple(put(n, numbers) for n in formula) if isinstance(formula, tuple) else evaluate(formula, numbers)


@pytest.mark.parametrize("kind", HOME)
@PER_KIND
@given(data=st.data())
def test_no_layer_is_too_strange(kind: str, data: st.DataObject) -> None:
    layer, xs = data.draw(cases(kind))
    assume(all(holds(demand) for demand in layer.asked(xs)))
    for quantity in LAYER_QUANTITIES:
        check(Case(layer, xs, layer.facts(xs), batch=data.draw(st.sampled_from([1, 32]))), quantity)


def holds(demand: Any) -> bool:
    return demand.left == demand.right if demand.relation == "==" else demand.left <= demand.right


NUMBERS = st.integers(-9, 9) | st.fractions(-9, 9, max_denominator=4)


@given(
    st.lists(
        st.lists(NUMBERS | st.none(), min_size=4, max_size=4).filter(lambda c: c != [None] * 4), min_size=1, max_size=3
    ),
    st.data(),
)
def test_no_cell_is_too_strange(patch: list[list[Any]], data: st.DataObject) -> None:
    channels = tuple(map(tuple, patch))
    kind = data.draw(st.sampled_from(["Conv2D", "MaxPooling2D", "AveragePooling2D"]))
    if kind == "Conv2D":
        kernel = tuple(tuple(data.draw(st.lists(NUMBERS, min_size=4, max_size=4))) for _ in channels)
        activation = data.draw(st.sampled_from([None, "relu"]))
        one = cell(
            kind, {"filters": 1, "kernel_size": 2, "activation": activation}, channels, kernel, data.draw(NUMBERS)
        )
    else:
        one = cell(kind, {"pool_size": 2, "padding": data.draw(st.sampled_from(["same", "valid", 1]))}, channels[:1])
    found = values(one, Quantity.VALUE)
    assert one.key(Quantity.VALUE) not in found
    for answer, reached in found.items():
        for code in reached:
            assert feedback_for(CATALOGUE[code], one, answer).into("en").startswith(
                str(answer).replace("-", "−")
            ) or "=" in arithmetic(CATALOGUE[code], one, answer)
    for entry in applicable(one, Quantity.VALUE):
        if entry.lettered:
            twin = letters_of(one)
            assert evaluates_to(entry.wrong(twin.subject), twin.numbers, entry.wrong(one))


def evaluates_to(formulas: Any, numbers: dict[str, Any], expected: Any) -> bool:
    """By fractions, which the arithmetic of sizes has no maximum for."""
    written = [
        re.sub(r"\b(?:[xw]_\d+_\d+|b)\b", lambda m: f"Fraction('{numbers[m[0]]}')", str(formula).replace("·", "*"))
        for formula in formulas
    ]
    return tuple(eval(text, {"Fraction": Fraction, "max": max}) for text in written) == expected


def test_rules_run_on_columns() -> None:
    """Many inputs at once, of as many students: every rule on columns of int64 is the rule on each row."""
    np = pytest.importorskip("numpy")
    rows = [one for _, one, *_ in every_row() if isinstance(one, Case) and one.inputs]
    for one in rows:
        if getattr(one.layer, "ceil_mode", False):
            continue  # its minimum is registered for columns where these are searched
        many = one.on(*(tuple(np.full(3, n) for n in x) for x in one.inputs))
        for quantity in LAYER_QUANTITIES:
            for entry in applicable(one, quantity):
                if entry.lettered:
                    for columns, numbers in zip(entry.wrong(many), entry.wrong(one), strict=True):
                        pairs = (
                            [(columns, numbers)]
                            if not isinstance(numbers, tuple)
                            else zip(columns, numbers, strict=True)
                        )
                        assert all(np.array_equal(np.broadcast_to(a, 3), [b] * 3) for a, b in pairs), entry.code


@PER_KIND
@given(networks(), st.sampled_from([1, 32]))
def test_no_network_is_too_strange(data: dict[str, Any], batch: int) -> None:
    try:
        found = derive(build(data), batch=batch)
    except ArchitectureError:
        assume(False)
    for row, one in zip(found.rows, cases_of(found).values(), strict=True):
        assert (one.key(Quantity.SHAPE), one.key(Quantity.PARAMS)) == (row.output_shape, row.params)
        assert one.key(Quantity.MACS) == row.macs
        if one.seen:
            assert row.receptive_field is not None
            assert one.key(Quantity.FIELD) == row.receptive_field.size
        for quantity in LAYER_QUANTITIES:
            check(one, quantity)
    network = network_of(found)
    assert network.key(Quantity.TOTAL_PARAMS) == found.total_params
    assert network.key(Quantity.TRAINABLE_PARAMS) == found.trainable_params
    assert network.key(Quantity.TOTAL_MACS) == found.total_macs
    assert network.key(Quantity.TRAINING_MEMORY) == found.memory.training_sum
    for quantity in Quantity:
        for answer, reached in values(network, quantity).items():
            assert answer != network.key(quantity)
            assert all(feedback_for(CATALOGUE[code], network, answer) for code in reached)


def test_the_page_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import misconceptions_page
    finally:
        sys.path.pop(0)
    page = misconceptions_page.page()
    assert (ROOT / "docs" / "misconceptions.md").read_text(encoding="utf-8") == page
    assert set(re.findall(r"^\| ([A-Z]\d\d) \|", page, re.MULTILINE)) == set(CATALOGUE)


def test_what_somebody_could_hand_in() -> None:
    """A size of 0 is a wrong answer; one below is none."""
    assert [conceivable(each) for each in [(0, 0, 3), (-1, 3), (), 0, -5]] == [True, False, True, True, True]
