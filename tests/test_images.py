"""Images and weights from files: what is read, what is refused and how, and that damage never surprises."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnncalc.architecture import build
from cnncalc.errors import ArchitectureError
from cnncalc.view.trace_text import text as as_text
from cnncalc.witness.feeding.feed import feed
from cnncalc.witness.feeding.images import read_image
from cnncalc.witness.feeding.typed_weights import read_typed_weights
from cnncalc.witness.tracing.trace import plain
from cnncalc.witness.tracing.tracer import trace


def picture(path: Path, pixels: Any, **settings: Any) -> str:
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path, **settings)
    return str(path)


def fault(path: str | Path, shape: tuple[int, ...], **settings: Any) -> ArchitectureError:
    with pytest.raises(ArchitectureError) as caught:
        read_image(str(path), shape, **settings)
    return caught.value


def test_grey_and_colour(tmp_path: Path) -> None:
    grey = picture(tmp_path / "灰階 圖.png", [[0, 51], [102, 255]])
    assert np.allclose(read_image(grey, (2, 2, 1))[..., 0], [[0, 0.2], [0.4, 1]])
    raw = read_image(grey, (2, 2, 1), raw=True)
    assert (raw.dtype, raw[..., 0].tolist()) == (np.int64, [[0, 51], [102, 255]])
    colour = picture(tmp_path / "c.png", [[[255, 0, 0], [0, 255, 0]]])
    assert read_image(colour, (1, 2, 3)).tolist() == [[[1, 0, 0], [0, 1, 0]]]
    assert read_image(colour, (3, 1, 2), channels_first=True).tolist() == [[[1, 0]], [[0, 1]], [[0, 0]]]
    assert read_image(grey, (2, 2, 3), raw=True)[1, 0].tolist() == [102, 102, 102]
    # ITU-R BT.601, as Pillow documents it for "L": 255 * 299 / 1000 is 76.2
    assert read_image(colour, (1, 2, 1), raw=True)[0, 0] == 76


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    clear = picture(tmp_path / "a.png", [[[0, 0, 0, 0], [0, 0, 0, 255]]])
    assert read_image(clear, (1, 2, 1)).ravel().tolist() == [1, 0]


def test_sixteen_bits_are_not_cut_off(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 257 * 100, 65535]], np.uint16)).save(tmp_path / "deep.png")
    assert np.allclose(read_image(str(tmp_path / "deep.png"), (1, 3, 1), raw=True).ravel(), [0, 100, 255])


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the top is on the right
    Image.fromarray(np.zeros((2, 4), np.uint8)).save(tmp_path / "p.jpg", exif=exif)
    assert read_image(str(tmp_path / "p.jpg"), (4, 2, 1)).shape == (4, 2, 1)


def test_another_size(tmp_path: Path) -> None:
    path = picture(tmp_path / "p.png", np.full((4, 6), 255))
    error = fault(path, (2, 2, 1))
    assert error.message == "the picture is 4×6 (height × width), but the input is 2×2"
    assert error.remedies == ("--resize brings it to 2×2",)
    assert read_image(path, (2, 2, 1), resize=True).tolist() == [[[1], [1]], [[1], [1]]]
    assert "a picture has 1 channel or 3, but the input has 4" in fault(path, (4, 6, 4)).message
    assert "but the input is 24" in fault(path, (24,)).message


@pytest.mark.parametrize(
    ("name", "text", "shape", "told", "whole"),
    [
        ("m.csv", "1,2\n3,4\n", (2, 2, 1), [[[1], [2]], [[3], [4]]], True),
        ("m.csv", "\ufeff1;2.5\n\n3;4;\n", (2, 2, 1), [[[1], [2.5]], [[3], [4]]], False),
        ("m.csv", "1 2\t3", (3,), [1, 2, 3], True),
        ("m.csv", "1\n2\n3", (3,), [1, 2, 3], True),
        ("m.yaml", "[[1, 2], [3, 4]]", (1, 2, 2), [[[1, 2], [3, 4]]], True),
        ("m.json", "[[[0.5, 1], [2, 3]]]", (1, 2, 2), [[[0.5, 1], [2, 3]]], False),
        ("大 圖.yml", "- [1, 0]\n- [0, 1]\n", (2, 2, 1), [[[1], [0]], [[0], [1]]], True),
    ],
)
def test_matrices(name: str, text: str, shape: tuple[int, ...], told: Any, whole: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / name).write_text(text, encoding="utf-8")
    first = shape == (1, 2, 2)
    found = read_image(str(tmp_path / name), shape, channels_first=first)
    assert found.tolist() == told
    assert (found.dtype == np.int64) is whole


@pytest.mark.parametrize("order", ["C", "F"])
def test_saved_arrays(order: Any, tmp_path: Path) -> None:
    array = np.asarray(np.arange(6, dtype=np.float32).reshape(2, 3), order=order)
    np.save(tmp_path / "a.npy", array)
    assert read_image(str(tmp_path / "a.npy"), (2, 3, 1))[..., 0].tolist() == array.tolist()


@pytest.mark.parametrize(
    ("name", "text", "line", "told"),
    [
        ("m.csv", "", None, "the file is empty"),
        ("m.csv", "1,2\n3\n", 2, "this row has 1 numbers, the first has 2"),
        ("m.csv", "1,2\n3,a\n", 2, "'a' is not a number"),
        ("m.csv", "1,,2\n", 1, "'' is not a number"),
        ("m.csv", "1,nan\n", 1, "'nan' is not a number"),
        ("m.csv", "1，2\n", 1, "'1，2' is not a number"),
        ("m.csv", "1,2,3\n", None, "the numbers are 1×3, but the input is 2×2×1"),
        ("m.yaml", "", None, "the file is empty"),
        ("m.yaml", "[[1, 2],\n [3]]", 2, "there are 1 values here, where the first list has 2"),
        ("m.yaml", "[[1, 2],\n [3, x]]", 2, "a number is needed here, not 'x'"),
        ("m.yaml", "[[1, 2], [3, true]]", 1, "a number is needed here, not 'True'"),
        ("m.yaml", "[[1, 2], [3, [4]]]", 1, "a number is needed here, not a list"),
        ("m.yaml", "[]", 1, "a number is needed here, not a list"),
        ("m.json", "[[1, 2", 1, "this is not valid JSON"),
        ("m.npy", "", None, "the file is empty"),
        ("m.npy", "hello", None, "this is not an array that NumPy saved"),
        ("m.png", "", None, "the file is empty"),
        ("m.png", "hello", None, "this picture cannot be read: it is neither PNG nor JPEG"),
        ("m.txt", "1", None, "a file ending in '.txt' is no image that is read"),
    ],
)  # fmt: skip
def test_wrong_files(name: str, text: str, line: int | None, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    error = fault(tmp_path / name, (2, 2, 1))
    assert told in error.message
    assert error.line == line
    assert error.file == str(tmp_path / name)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name in ("no.png", "no.csv", "no.npy", "no.yaml"):
        assert fault(tmp_path / name, (2, 2, 1)).message == "there is no such file"
    (tmp_path / "dir.csv").mkdir()
    assert fault(tmp_path / "dir.csv", (2, 2, 1)).message == "this is a directory, not a file"


def test_objects_are_not_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "o.npy", np.array([{}], object), allow_pickle=True)
    assert fault(tmp_path / "o.npy", (1,)).message == "the array holds object, not numbers"


def test_a_header_that_lies_takes_no_memory(tmp_path: Path) -> None:
    stream = BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    (tmp_path / "big.npy").write_bytes(stream.getvalue())
    assert "this is not an array" in fault(tmp_path / "big.npy", (1,)).message


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    assert (tmp_path / "bomb.png").stat().st_size < 100_000
    assert "400000000" in fault(tmp_path / "bomb.png", (28, 28, 1), resize=True).message


def test_without_pillow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cnncalc.witness.feeding import pictures

    path = picture(tmp_path / "p.png", [[1]])
    monkeypatch.setattr(pictures, "find_spec", lambda name: None)
    error = fault(path, (1, 1, 1))
    assert "Pillow" in error.message
    assert error.remedies == ("python -m pip install 'cnncalc[images]'",)


def saved(write: Callable[[BytesIO], None]) -> bytes:
    stream = BytesIO()
    write(stream)
    return stream.getvalue()


WHOLE = {
    ".png": saved(lambda s: Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(s, "PNG")),
    ".jpg": saved(lambda s: Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(s, "JPEG")),
    ".npy": saved(lambda s: np.save(s, np.arange(64.0).reshape(8, 8))),
    ".csv": b"1,2,3\n4,5,6\n",
    ".yaml": b"[[1, 2], [3, 4]]",
}


@pytest.mark.parametrize("ending", WHOLE)
def test_damage_is_told_in_words(ending: str, tmp_path: Path) -> None:
    """Bytes lost, changed or repeated: an array, or an ArchitectureError, and nothing else."""
    random = np.random.default_rng(7)
    whole = WHOLE[ending]
    path = tmp_path / f"damaged{ending}"
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(random.integers(1, 5)):
            content[random.integers(len(content))] = random.integers(256)
        path.write_bytes(content[: random.integers(len(content) + 1)] if random.random() < 0.5 else content)
        try:
            read_image(str(path), (8, 8, 1))
        except ArchitectureError:
            continue


NETWORK = {"input": [4, 4, 1], "layers": [{"Conv2D": {"filters": 2, "kernel_size": 2}}, "Flatten", {"Dense": 1}]}


def weights(text: str, tmp_path: Path, network: Any = NETWORK) -> dict[str, dict[str, Any]]:
    (tmp_path / "w.yaml").write_text(text, encoding="utf-8")
    return read_typed_weights(str(tmp_path / "w.yaml"), build(network))


@pytest.mark.parametrize(
    ("layer", "kernel", "shape", "value"),
    [
        ({"Conv2D": {"filters": 1, "kernel_size": 2}}, [[1, 2], [3, 4]], (2, 2, 1, 1), {(0, 1, 0, 0): 2}),
        ({"Conv2D": {"filters": 2, "kernel_size": 2}}, [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], (2, 2, 1, 2), {(1, 0, 0, 1): 7}),
        ({"Conv2D": {"filters": 1, "kernel_size": 2}}, [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], (2, 2, 2, 1), {(1, 0, 1, 0): 7}),
        ({"Conv2D": {"filters": 1, "kernel_size": 2}}, [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]], (2, 2, 2, 1), {(1, 0, 1, 0): 7}),
        ({"Conv1D": {"filters": 2, "kernel_size": 3}}, [[1, 2, 3], [4, 5, 6]], (3, 1, 2), {(2, 0, 1): 6}),
        ({"Conv2DTranspose": {"filters": 2, "kernel_size": 1}}, [[[[1]], [[2]], [[3]]], [[[4]], [[5]], [[6]]]], (1, 1, 2, 3), {(0, 0, 1, 2): 6, (0, 0, 1, 0): 4}),
        ({"DepthwiseConv2D": {"kernel_size": 1}}, [[[1]], [[2]]], (1, 1, 2, 1), {(0, 0, 1, 0): 2}),
        ({"DepthwiseConv2D": {"kernel_size": 1, "depth_multiplier": 2}}, [[[1]], [[2]]], (1, 1, 1, 2), {(0, 0, 0, 1): 2}),
        ({"Dense": 1}, [1, 2, 3], (3, 1), {(2, 0): 3}),
        ({"Dense": 2}, [[1, 2], [3, 4], [5, 6]], (3, 2), {(2, 0): 5}),
    ],
)  # fmt: skip
def test_typed_kernels(layer: Any, kernel: Any, shape: tuple[int, ...], value: dict[Any, int], tmp_path: Path) -> None:
    (kind,) = layer
    settings = layer[kind] if isinstance(layer[kind], dict) else {"units": layer[kind]}
    network = {"input": [4], "layers": [{kind: {**settings, "use_bias": False, "name": "x"}}]}
    found = weights(json.dumps({"weights": {"x": {"kernel": kernel}}}), tmp_path, network)["x"]["kernel"]
    assert found.shape == shape
    assert {at: found[at] for at in value} == value


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", None, "the file is empty"),
        ("[1]", 1, "a file of weights starts with `weights:`"),
        ("weights:\n  conv: {}", 2, "there is no layer 'conv'; did you mean conv2d?"),
        ("weights:\n  conv2d: 3", 2, "the weights of a layer are written by name"),
        ("weights:\n  conv2d:\n    kernal: [1]", 3, "Conv2D has no weight 'kernal'; it has kernel, bias"),
        ("weights:\n  conv2d:\n    kernel: [[[1, 2], [3, 4]], [[1, 2], [3, 4]]]", 2,
         "conv2d has a bias (use_bias is true), and none is given; "
         "say in the architecture that there is none: `use_bias: false`; give it here: `bias: [...]`"),
        ("weights:\n  conv2d:\n    bias: [0, 0]\n    kernel: [[1, 2, 3]]", 4, "the kernel is 1×3, but must be a matrix of 2×2, or lists of such"),
        ("weights:\n  conv2d:\n    bias: [0, x]\n    kernel: [[1, 2], [3, 4]]", 3, "a number is needed here, not 'x'"),
    ],
)  # fmt: skip
def test_wrong_weights(text: str, line: int | None, told: str, tmp_path: Path) -> None:
    with pytest.raises(ArchitectureError) as caught:
        weights(text, tmp_path)
    assert told in str(caught.value)
    assert caught.value.line == line


def test_a_layer_without_weights_is_not_made_up(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("weights: {dense: {kernel: [1, 2, 3, 4], bias: 0}}")
    network = build(
        {"input": [4], "layers": [{"Dense": {"units": 4, "name": "first"}}, {"Dense": {"units": 1, "name": "dense"}}]}
    )
    fed = feed(network, [], str(tmp_path / "w.yaml"))
    with pytest.raises(ArchitectureError, match="the weights of first lack kernel"):
        trace(network, fed.inputs, fed.store, "dense")


def test_numbers_of_one_kind(tmp_path: Path) -> None:
    """Whole image and whole weights: whole results. One fraction, or weights that are drawn, make floats."""
    network = build({"input": [1, 2], "layers": [{"Dense": {"units": 1, "use_bias": False}}]})
    (tmp_path / "i.csv").write_text("1,2")
    for kernel, value in (("[3, 4]", 11), ("[3.5, 4]", 11.5)):
        (tmp_path / "w.yaml").write_text(f"weights: {{dense: {{kernel: {kernel}}}}}")
        fed = feed(network, [str(tmp_path / "i.csv")], str(tmp_path / "w.yaml"))
        found = trace(network, fed.inputs, fed.store, "dense", (0, 0))
        assert (found.value, type(found.value)) == (value, type(value))
        assert found.agrees
    assert feed(network, [str(tmp_path / "i.csv")]).inputs["input"].dtype == np.float32


def test_functions_do_not_cut_whole_numbers_off(tmp_path: Path) -> None:
    """gelu(1) is 0.8413 (the normal distribution's table), a slope of 0.5 makes -1 to -0.5."""
    for layers, told in (([{"Activation": "gelu"}], 0.8413), ([{"ReLU": {"negative_slope": 0.5}}], -0.5)):
        network = build({"input": [1], "layers": layers})
        (tmp_path / "i.csv").write_text("1" if told > 0 else "-1")
        fed = feed(network, [str(tmp_path / "i.csv")])
        assert round(plain(trace(network, fed.inputs, fed.store, network.outputs[0]).executed), 4) == told


def test_several_inputs_by_name(tmp_path: Path) -> None:
    network = build({"inputs": {"a": [1], "b": [1]}, "layers": [{"Add": {"inputs": ["a", "b"]}}]})
    for name, text in (("a", "1"), ("b", "2")):
        (tmp_path / f"{name}.csv").write_text(text)
    both = [f"{name}={tmp_path}/{name}.csv" for name in "ab"]
    assert trace(network, feed(network, both).inputs, feed(network).store, "add").value == 3
    with pytest.raises(ArchitectureError, match="no image is given for b"):
        feed(network, both[:1])
    for image in ("x.csv", "c=x.csv"):
        with pytest.raises(ArchitectureError, match=r"several inputs need names, as in a=x\.csv; there are: a, b"):
            feed(network, [image])


def test_two_images_for_one_input() -> None:
    network = build({"input": [1], "layers": ["ReLU"]})
    for images in (["x.csv", "y.csv"], ["input=x.csv", "y.csv"], ["x.csv", "input=y.csv"]):
        with pytest.raises(ArchitectureError, match=r"input is given two images: x\.csv and y\.csv"):
            feed(network, images)


def test_a_matrix_is_not_resized(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("1,2\n3,4")
    with pytest.raises(ArchitectureError) as refused:
        read_image(str(tmp_path / "m.csv"), (3, 3, 1), resize=True)
    assert tuple(map(str, refused.value.faults[0].remedies)) == (
        "--resize is for pictures: a matrix is taken as it is written",
    )


def test_brackets_in_a_formula(tmp_path: Path) -> None:
    """A number below 0 after a comma needs no brackets."""
    (tmp_path / "i.csv").write_text("-2")
    network = build({"input": [1], "layers": ["ReLU"]})
    fed = feed(network, [str(tmp_path / "i.csv")])
    assert "max(0, -2) = 0" in as_text(trace(network, fed.inputs, fed.store, "re_lu"))
