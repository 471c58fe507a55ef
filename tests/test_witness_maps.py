"""What the witness makes of maps without weights: by hand; test_values.py has the frameworks' answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from framework_values import witness_outputs
from numpy.testing import assert_allclose

from cnncalc.layers import kind

NAN = float("nan")


def ran(name: str, x: Any, **fields: Any) -> np.ndarray[Any, Any]:
    """What a layer makes of one example."""
    (y,) = witness_outputs(kind(name).model_validate(fields), [np.asarray(x)[None]], {})
    return y[0]


def along(name: str, row: Any, **fields: Any) -> np.ndarray[Any, Any]:
    """What a layer of one spatial axis makes of a row of numbers in one channel."""
    return ran(name, np.asarray(row)[:, None], **fields)[:, 0]


def across(name: str, row: Any, **fields: Any) -> np.ndarray[Any, Any]:
    """The same for two spatial axes, of which the first has one pixel."""
    return ran(name, np.asarray(row, float)[None, :, None], **fields)[0, :, 0]


def picture(*rows: str) -> np.ndarray[Any, Any]:
    """A map of one channel, in digits."""
    return np.array([[int(digit) for digit in row] for row in rows])[..., None]


HALF = np.array([450, -100, 18]) / 736
"""Lanczos's weights half a pixel away, 1.5 and 2.5: as 6/pi^2 to -4/(3 pi^2) to 6/(25 pi^2), adding up to 1/2."""


def test_enlargement() -> None:
    assert across("UpSampling2D", [0, 4], size=(1, 2), interpolation="bilinear").tolist() == [0, 1, 3, 4]
    assert along("UpSampling1D", [1, 2], size=2).tolist() == [1, 1, 2, 2]


def test_a_pixel_spreads_as_the_kernel_says() -> None:
    """Keys's cubic a quarter and three quarters of a pixel away, and one pixel further."""
    impulse = np.eye(9)[4]
    keys = across("UpSampling2D", impulse, size=(1, 2), interpolation="bicubic")
    assert_allclose(keys[9:13], [0.8671875, 0.2265625, -0.0703125, -0.0234375])
    assert_allclose(keys[5:9], keys[9:13][::-1])
    torch = ran("Upsample", impulse[None, :, None], scale_factor=[1, 2], mode="bicubic")[0, :, 0]
    assert_allclose(torch[9:13], [0.87890625, 0.26171875, -0.10546875, -0.03515625])


def test_lanczos() -> None:
    halved = across("Resizing", np.eye(12)[5], height=1, width=6, interpolation="lanczos3")
    assert_allclose(halved, [0, HALF[2], HALF[0], HALF[1], 0, 0])


def test_antialiasing_widens_the_kernel() -> None:
    """A triangle as wide as four pixels, halved: weights 1/8, 3/8, 3/8, 1/8; cut off at the edge, 3/7, 3/7, 1/7."""
    row = [0, 0, 0, 8, 0, 0]
    assert_allclose(across("Resizing", row, height=1, width=3, antialias=True), [0, 3, 8 / 7])


def test_interpolation_by_a_factor() -> None:
    """Outputs are 2/3 of a pixel apart; where the factor keeps the size, PyTorch copies."""
    linear = {"mode": "linear", "scale_factor": 1.5}
    assert_allclose(along("Upsample", [0, 1, 2], **linear), [0, 0.5, 7 / 6, 11 / 6])
    assert along("Upsample", [0, 1, 2], **linear | {"scale_factor": 1.3}).tolist() == [0, 1, 2]
    aligned = along("Upsample", [0, 1, 2], mode="linear", size=5, align_corners=True)
    assert aligned.tolist() == [0, 0.5, 1, 1.5, 2]
    assert along("Upsample", [0, 1, 2], size=4).tolist() == [0, 0, 1, 2]
    assert along("Upsample", [0, 1, 2], size=4, mode="nearest-exact").tolist() == [0, 1, 1, 2]


def test_only_the_outputs_that_read_a_pixel_see_its_nan() -> None:
    """Tripled, every third output lies on a pixel and reads no other."""
    for way, reached in (("bilinear", [2, 3, 4, 5, 6]), ("bicubic", [0, 2, 3, 4, 5, 6, 8, 9])):
        row = across("UpSampling2D", [5, NAN, 5, 5, 5], size=(1, 3), interpolation=way)
        assert np.flatnonzero(np.isnan(row)).tolist() == reached
    aligned = along("Upsample", [1, NAN, 1, 1], size=10, mode="linear", align_corners=True)
    assert np.flatnonzero(np.isnan(aligned)).tolist() == [1, 2, 3, 4, 5]
    assert np.isnan(across("Resizing", [1, 2, NAN, 4], height=1, width=2, interpolation="nearest")).sum() == 0


def test_parts() -> None:
    """Five pixels in three parts: [0, 2), [1, 4), [3, 5)."""
    assert along("AdaptiveAveragePooling1D", [0, 1, 2, 3, 4], output_size=3).tolist() == [0.5, 2, 3.5]
    assert along("AdaptiveMaxPooling1D", [0, 1, 2, 3, 4], output_size=3).tolist() == [1, 3, 4]
    assert along("AdaptiveMaxPooling1D", [0, 1, 2], output_size=[None]).tolist() == [0, 1, 2]
    assert ran("GlobalAveragePooling1D", [[1.0, 2], [3, 6]], keepdims=True).tolist() == [[2, 4]]
    assert ran("GlobalMaxPooling2D", [[[1, 2], [3, 0]]], data_format="channels_first").tolist() == [3]


def test_fractional_windows() -> None:
    """Room 5 in steps of 2.5 from 1/2: windows start at floor(1.25) - 1, floor(3.75) - 1 and, the last, 5."""
    pooled = ran("FractionalMaxPooling2D", np.array([[1, 9, 2, 3, 4, 8, 5]] * 7)[..., None], pool_size=2, output_size=3)
    assert pooled[0, :, 0].tolist() == [9, 3, 8]


def test_borders() -> None:
    assert along("ZeroPadding1D", [1, 2, 3], padding=[-1, 2]).tolist() == [2, 3, 0, 0]
    assert along("Cropping1D", [1, 2, 3], cropping=[0, 2]).tolist() == [1]
    assert along("ConstantPadding1D", [1, 2, 3], padding=[1, -2], value=7).tolist() == [7, 1]
    assert along("ConstantPadding1D", [1, 2], padding=[-3, 3], value=7).tolist() == [7, 7]
    assert along("ConstantPadding1D", [1, 2], padding=[1, 0], value=0.5).tolist() == [0.5, 1, 2]
    assert along("ReplicationPadding1D", [1, 2, 3], padding=2).tolist() == [1, 1, 1, 2, 3, 3, 3]
    assert along("ReflectionPadding1D", [1, 2, 3], padding=2).tolist() == [3, 2, 1, 2, 3, 2, 1]
    assert along("CircularPadding1D", [1, 2, 3], padding=[1, 2]).tolist() == [3, 1, 2, 3, 1, 2]
    assert ran("CircularPadding1D", [[1, 2, 3]], padding=1, data_format="channels_first").tolist() == [[3, 1, 2, 3, 1]]


def test_columns() -> None:
    """A channel's taps stand together; folded again, a pixel is there once for every window that saw it."""
    columns = ran("Unfold", np.arange(9).reshape(1, 3, 3), kernel_size=2)
    assert columns.tolist() == [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]
    two = ran("Unfold", np.array([[[1, 2]], [[3, 4]]]), kernel_size=[1, 2])
    assert two.tolist() == [[1], [2], [3], [4]]
    seen = ran("Fold", np.ones((4, 4)), kernel_size=2, output_size=3)
    assert seen.tolist() == [[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]


def test_pictures() -> None:
    sixteen = picture("1234", "5678", "1234", "5678")
    assert ran("CenterCrop", sixteen, height=2, width=3)[..., 0].tolist() == [[5, 6, 7], [1, 2, 3]]
    small = ran("CenterCrop", picture("04", "04"), height=1, width=4)  # the upper half of it, enlarged
    assert small[..., 0].tolist() == [[0, 1, 3, 4]]
    assert ran("RandomCrop", sixteen, height=2, width=4)[..., 0].tolist() == [[5, 6, 7, 8], [1, 2, 3, 4]]
    cut = ran("Resizing", picture("123456"), height=1, width=2, crop_to_aspect_ratio=True, interpolation="nearest")
    assert cut[..., 0].tolist() == [[3, 4]]
    wide = {"height": 4, "width": 4, "pad_to_aspect_ratio": True, "fill_value": 9, "interpolation": "nearest"}
    assert ran("Resizing", picture("1234", "5678"), **wide)[..., 0].tolist() == [
        [9] * 4, [1, 2, 3, 4], [5, 6, 7, 8], [9] * 4
    ]  # fmt: skip
    assert ran("RandomFlip", sixteen).tolist() == sixteen.tolist()


def test_sparsemax() -> None:
    """By hand: 2 and 1.5 are above the threshold (2 + 1.5 - 1) / 2 = 1.25, and 0 is not; float32 stays what it is."""
    row = ran("Activation", np.array([1.5, 0, 2], np.float32), activation="sparsemax")
    assert (row.tolist(), row.dtype) == ([0.25, 0, 0.75], np.float32)
    assert np.isnan(ran("Activation", [1.5, NAN, 2], activation="sparsemax")).all()
