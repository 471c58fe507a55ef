"""Weights from files that Keras and PyTorch wrote: the witness computes what they computed, and every fault is told."""

from __future__ import annotations

import json
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from recorded import DATA
from safetensors.numpy import save_file
from strategies import cases
from test_witness import valid

from cnncalc.architecture import Architecture, build
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError, Fault, Place
from cnncalc.interop import load
from cnncalc.layers import HOME
from cnncalc.witness import Store, execute
from cnncalc.witness.feeding.feed import feed
from cnncalc.witness.feeding.weight_files import read_weights, write_weights
from cnncalc.witness.feeding.weight_files.forms import MAX_BYTES
from cnncalc.witness.feeding.weight_files.matching import candidates, matched
from cnncalc.witness.feeding.weight_files.names import weight_names


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of Keras 3.15.1, of Keras 3.0.5 (old_*) and of PyTorch 2.13, with what these computed (*_expected.npz)."""
    folder = tmp_path_factory.mktemp("weights")
    with tarfile.open(DATA / "weights.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="session")
def expected(files: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in files.glob("*_expected.npz"):
        found |= dict(np.load(path))
    return found


def outputs(architecture: Architecture, x: Any, weights: Any) -> Any:
    """The first output of a network of one input."""
    (name,) = architecture.inputs
    found = {ran.node.name: ran.outputs for ran in execute(architecture, {name: x}, Store(weights))}
    return found[architecture.outputs[0]][0]


def close(found: Any, wanted: Any) -> bool:
    return found.shape == wanted.shape and float(np.abs(found - wanted).max()) <= 1e-5 * float(np.abs(wanted).max())


KERAS = [
    "chain.keras", "chain.weights.h5", "chain.h5", "nested.keras", "nested.h5", "lora.keras", "lora.h5",
    "old_chain.keras", "old_chain.weights.h5", "old_graph.keras",
]  # fmt: skip


@pytest.mark.parametrize("file", KERAS)
def test_keras_computes_the_same(file: str, files: Path, expected: dict[str, Any]) -> None:
    name = file.partition(".")[0]
    architecture = load(files / f"{name}.keras")
    weights = read_weights(files / file, architecture)
    assert close(outputs(architecture, expected[f"{name}/x0"], weights), expected[f"{name}/y"])
    assert weights.unused == ()
    assert weights.note is None


@pytest.mark.parametrize("name", ["numbered", "named"])
def test_pytorch_computes_the_same(name: str, files: Path, expected: dict[str, Any]) -> None:
    x = expected[f"{name}/x0"]
    architecture = load(files / f"{name}.py", input=x.shape[1:])
    weights = read_weights(files / f"{name}.safetensors", architecture)
    assert close(outputs(architecture, x, weights), expected[f"{name}/y"])
    assert weights.unused == ()


@pytest.mark.parametrize("file", ["parts.keras", "parts.h5"])
def test_layers_of_several_parts(file: str, files: Path, expected: dict[str, Any]) -> None:
    """Every weight, as the attributes of Keras's own layers have it: directions, projections, cells, wrapped layers."""
    architecture = load(files / "parts.keras")
    weights, derived = read_weights(files / file, architecture), derive(architecture)
    found = {f"parts={layer}/{name}": array for layer, own in weights.items() for name, array in own.items()}
    wanted = {key: array for key, array in expected.items() if key.startswith("parts=")}
    assert found.keys() == wanted.keys()
    assert all(np.array_equal(found[key], wanted[key]) for key in wanted)
    for row in derived.rows:
        assert {name: array.shape for name, array in weights.get(row.name, {}).items()} == row.weights
    assert weights.unused == ()


def test_pytorch_sequences(files: Path) -> None:
    architecture = load(files / "sequence.py", input=(3,))
    weights = read_weights(files / "sequence.safetensors", architecture)
    for row in derive(architecture).rows:
        assert {name: array.shape for name, array in weights.get(row.name, {}).items()} == row.weights
    assert weights["rnn"].keys() > {"weight_hr_l1_reverse"}


def test_pytorch_attention(files: Path, expected: dict[str, Any]) -> None:
    """The projections of query, key and value are those that PyTorch makes with its one matrix."""
    entry = {"MultiHeadAttention": {"name": "attention", "num_heads": 2, "key_dim": 2, "inputs": ["input", "input"]}}
    weights = read_weights(files / "attention.safetensors", build({"input": [3, 4], "layers": [entry]}))["attention"]
    x = expected["attention/x0"]
    for part in ("query", "key", "value"):
        heads = np.einsum("te,ehd->thd", x, weights[f"{part}_kernel"]) + weights[f"{part}_bias"]
        assert close(heads.reshape(3, 4), expected[f"attention/{part}"])
    out = np.einsum("thd,hde->te", x.reshape(3, 2, 2), weights["attention_output_kernel"])
    assert close(out + weights["attention_output_bias"], expected["attention/attention_output"])


@pytest.mark.parametrize("kind", sorted(kind for kind in HOME if kind != "Input"))
@settings(max_examples=25)
@given(data=st.data())
def test_names_are_those_of_the_rules(kind: str, data: st.DataObject) -> None:
    layer, shapes = data.draw(cases(kind))
    assume(valid(layer, shapes))
    names = weight_names(layer)
    assert len(names) == len(set(names))
    assert set(names) == set(layer.facts(shapes).weights)


def small(**first: Any) -> Architecture:
    """Two layers: a kernel (2, 3) and a bias (3,), then a kernel (3, 1)."""
    return build({"input": [2], "layers": [{"Dense": {"units": 3, "name": "one", **first}}, {"Dense": {"units": 1, "use_bias": False, "name": "two"}}]})  # fmt: skip


def right() -> dict[str, Any]:
    return {
        "one/kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
        "one/bias": np.zeros(3, np.float32),
        "two/kernel": np.ones((3, 1), np.float32),
    }


def npz(folder: Path, **changes: Any) -> Path:
    arrays = {key: value for key, value in {**right(), **changes}.items() if value is not None}
    np.savez(folder / "w.npz", **arrays)
    return folder / "w.npz"


X = np.array([[1, 1], [0, 2]], np.float32)
Y = [[0 + 1 + 2 + 3 + 4 + 5], [2 * (3 + 4 + 5)]]
"""What the two layers make of it: sums of the kernel's rows."""


def test_a_shape_that_does_not_fit_names_the_file(tmp_path: Path) -> None:
    file = str(npz(tmp_path, **{"one/kernel": np.ones((2, 4), np.float32)}))
    fed = feed(small(), (), file)
    (fault,) = refused(lambda: list(execute(small(), fed.inputs, fed.store)))
    assert str(fault.message) == "kernel of one has the shape 2×4, but the layer needs 2×3"
    assert (fault.layer, fault.place) == ("one", Place(file))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    store, architecture = Store(seed=3), small()
    list(execute(architecture, {"input": X}, store))
    write_weights(tmp_path / "w.npz", store)
    assert [each.name for each in tmp_path.iterdir()] == ["w.npz"]
    weights = read_weights(tmp_path / "w.npz", architecture)
    for layer, name, weight in store:
        assert np.array_equal(weights[layer][name], weight.array)
    assert sum(map(len, weights.values())) == len(list(store)) == 3
    write_weights(tmp_path / "W.NPZ", store)
    assert (tmp_path / "W.NPZ").read_bytes() == (tmp_path / "w.npz").read_bytes()


def test_writing_fails_whole(tmp_path: Path) -> None:
    assert refused(lambda: write_weights(tmp_path / "w.h5", Store()))[0].code == "unknown-form"
    assert refused(lambda: write_weights(tmp_path / "no" / "w.npz", Store()))[0].code == "unwritable"
    (tmp_path / "w.npz").mkdir()
    assert refused(lambda: write_weights(tmp_path / "w.npz", Store()))[0].code == "unwritable"
    assert [each.name for each in tmp_path.iterdir()] == ["w.npz"]


def test_own_names(tmp_path: Path) -> None:
    assert outputs(small(), X, read_weights(npz(tmp_path), small())).tolist() == Y
    for mark in "/.":
        save_file({key.replace("/", mark): value for key, value in right().items()}, tmp_path / "w.safetensors")
        assert outputs(small(), X, read_weights(tmp_path / "w.safetensors", small())).tolist() == Y


def test_names_in_front_of_all(tmp_path: Path) -> None:
    """A module that holds the network puts its attribute's name in front."""
    one, bias, two = right().values()
    state = {"one.weight": one.T.copy(), "one.bias": bias, "two.weight": two.T.copy()}
    for prefix in ("", "net.", "module.net."):
        save_file({prefix + key: value for key, value in state.items()}, tmp_path / "w.safetensors")
        assert outputs(small(), X, read_weights(tmp_path / "w.safetensors", small())).tolist() == Y


def test_numbers_count_as_numbers(tmp_path: Path) -> None:
    """Module 10 comes after module 2, whatever the alphabet says."""
    one, bias, two = right().values()
    save_file({"2.weight": one.T.copy(), "2.bias": bias, "10.weight": two.T.copy()}, tmp_path / "w.safetensors")
    assert outputs(small(), X, read_weights(tmp_path / "w.safetensors", small())).tolist() == Y


def test_depthwise_kernels_of_pytorch(tmp_path: Path) -> None:
    """PyTorch puts the filters of a channel side by side: (channels x multiplier, 1, taps)."""
    kernel = np.arange(12, dtype=np.float32).reshape(6, 1, 2)
    save_file({"each.weight": kernel}, tmp_path / "w.safetensors")
    entry = {"DepthwiseConv1D": {"kernel_size": 2, "depth_multiplier": 3, "use_bias": False, "name": "each"}}
    found = read_weights(tmp_path / "w.safetensors", build({"input": [4, 2], "layers": [entry]}))["each"]["kernel"]
    assert found.shape == (2, 2, 3)
    for tap, channel, number in np.ndindex(2, 2, 3):
        assert found[tap, channel, number] == kernel[channel * 3 + number, 0, tap]


def test_halves_are_widened_and_bytes_turned(tmp_path: Path) -> None:
    weights = read_weights(npz(tmp_path, **{"one/kernel": right()["one/kernel"].astype(">f2")}), small())
    assert weights["one"]["kernel"].dtype == np.float32
    weights = read_weights(npz(tmp_path, **{"one/kernel": right()["one/kernel"].astype(">f8")}), small())
    assert weights["one"]["kernel"].dtype == np.dtype("=f8")
    assert weights["one"]["kernel"].tolist() == right()["one/kernel"].tolist()


def keras2(path: Path, layers: dict[str, dict[str, Any]], outer: str = "model_weights/") -> Path:
    """A file as Keras 2 writes it: names as bytes, the list of layers in two parts, variables with :0."""
    with h5py.File(path, "w") as file:
        root = file.require_group(outer) if outer else file
        names = [name.encode() for name in layers]
        root.attrs["layer_names0"], root.attrs["layer_names1"] = names[:1], names[1:]
        for layer, variables in layers.items():
            group = root.create_group(layer)
            group.attrs["weight_names"] = [name.encode() for name in variables]
            for name, array in variables.items():
                group[name] = array
    return path


def dense2(first: str, second: str) -> dict[str, dict[str, Any]]:
    one, bias, two = right().values()
    return {first: {f"{first}/kernel:0": one, f"{first}/bias:0": bias}, "relu": {}, second: {f"{second}/kernel:0": two}}


@pytest.mark.parametrize("outer", ["model_weights/", ""])
@pytest.mark.parametrize("names", [("one", "two"), ("dense_7", "dense_8"), ("two", "dense_8")])
def test_keras_2(names: tuple[str, str], outer: str, tmp_path: Path) -> None:
    """By name; in a chain by order, as Keras does it, where the names are others."""
    path = keras2(tmp_path / "w.h5", dense2(*names), outer)
    assert outputs(small(), X, read_weights(path, small())).tolist() == Y


def test_keras_2_called_some_weights_otherwise(tmp_path: Path) -> None:
    kernel, gate = np.ones((3, 3, 1, 1), np.float32), np.ones((2, 8), np.float32)
    held = {
        "conv/dw": {"conv/dw/depthwise_kernel:0": kernel},
        "inside": {
            "enc/lstm_cell_1/kernel:0": gate,
            "enc/lstm_cell_1/recurrent_kernel:0": gate,
            "enc/lstm_cell_1/bias:0": gate[0],
        },
    }
    layers = [{"DepthwiseConv2D": {"kernel_size": 3, "use_bias": False, "name": "conv/dw"}}, {"Reshape": {"target_shape": [2, 2]}}, {"LSTM": {"units": 2, "name": "enc"}}]  # fmt: skip
    weights = read_weights(keras2(tmp_path / "w.h5", held), build({"input": [4, 3, 1], "layers": layers}))
    assert {layer: list(own) for layer, own in weights.items()} == {"conv/dw": ["kernel"], "enc": ["kernel", "recurrent_kernel", "bias"]}  # fmt: skip


def test_layers_inside_models_give_way() -> None:
    layers = ["conv", "m_conv", "m_conv_1", "other"]
    assert candidates(("conv",), layers) == {"conv"}
    assert candidates(("m", "conv"), layers) == {"conv", "m_conv", "m_conv_1"}
    assert candidates(("n", "conv"), layers) == {"conv"}
    assert matched({"n/conv": {"conv"}, "m/conv": {"conv", "m_conv"}}, "") == {"n/conv": "conv", "m/conv": "m_conv"}
    assert matched({"a": {"x", "y"}, "b": {"y", "z"}, "c": {"y"}}, "") == {"a": "x", "b": "z", "c": "y"}


@pytest.mark.parametrize("wishes", [{"a": {"x", "y"}, "b": {"x", "y"}}, {"a": {"x"}, "b": {"x"}}])
def test_open_names_are_no_guess(wishes: dict[str, set[str]]) -> None:
    (fault,) = refused(lambda: matched(wishes, "w.h5"))
    assert fault.code == "ambiguous-weights"
    assert "a, b in the file could each be x" in str(fault.message)


def refused(action: Callable[[], Any]) -> tuple[Fault, ...]:
    with pytest.raises(ArchitectureError) as caught:
        action()
    return caught.value.faults


def wrong(path: Path, architecture: Architecture | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
    """What is wrong with a file, word for word."""
    faults = refused(lambda: read_weights(path, architecture or small()))
    assert all(fault.place and fault.place.file == str(path) for fault in faults)
    return [(fault.code, str(fault.message), tuple(map(str, fault.remedies))) for fault in faults]


def test_no_such_file(tmp_path: Path) -> None:
    npz(tmp_path)
    hint = f"did you mean {tmp_path / 'w.npz'}?"
    assert wrong(tmp_path / "v.npz") == [("no-file", "there is no such file", (hint,))]
    assert wrong(tmp_path / "no" / "v.npz") == [("no-file", "there is no such file", ())]
    assert wrong(tmp_path)[0][0] == "directory"
    assert wrong(tmp_path / "w\0.npz")[0][0] == "unreadable"


@pytest.mark.parametrize(("package", "extra", "file"), [("h5py", "h5", "chain.h5"), ("h5py", "h5", "chain.keras"), ("safetensors", "safetensors", "named.safetensors")])  # fmt: skip
def test_extras(package: str, extra: str, file: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    message = f"this file is read with {package}, which is not installed here"
    hint = f"install it: python -m pip install 'cnncalc[{extra}]'"
    assert wrong(files / file) == [("missing-extra", message, (hint,))]


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_other_files(tmp_path: Path) -> None:
    path = tmp_path / "w"
    known = "weights are read from .npz, .keras, .weights.h5, .h5 and .safetensors"
    for content in (b"", b"layers: [Flatten]\n", b"\0" * 100):
        path.write_bytes(content)
        assert wrong(path) == [("not-weights", "this is not a file of weights that is read", (known,))]
    assert wrong(zipped(path, **{"readme.txt": b"hello"}))[0][0] == "not-weights"
    path.write_bytes(b"\x80\x02}q\0.")
    assert "safetensors.torch.save_file" in wrong(path)[0][2][0]
    assert "safetensors.torch.save_file" in wrong(zipped(path, **{"model/data.pkl": b"\x80\x02."}))[0][2][0]


@pytest.mark.parametrize("file", ["chain.h5", "chain.keras", "named.safetensors", "keras_expected.npz"])
def test_files_cut_short(file: str, files: Path, tmp_path: Path) -> None:
    whole = (files / file).read_bytes()
    for share in (0.02, 0.5, 0.9):
        (tmp_path / file).write_bytes(whole[: max(int(len(whole) * share), 10)])
        ((code, message, hints),) = wrong(tmp_path / file)
        assert code == "damaged-weights"
        assert message.startswith("the file is damaged or cut short: ")
        assert hints == ("save or download it again",)


@pytest.mark.parametrize("file", ["chain.h5", "chain.weights.h5", "chain.keras", "named.safetensors"])
def test_damage_is_no_crash(file: str, files: Path, tmp_path: Path) -> None:
    architecture = load(files / "chain.keras")
    whole, random = (files / file).read_bytes(), np.random.default_rng(0)
    for _ in range(150):
        content = bytearray(whole)
        for place in random.integers(0, len(content), random.integers(1, 30)):
            content[place] = int(random.integers(256))
        (tmp_path / file).write_bytes(bytes(content))
        try:
            read_weights(tmp_path / file, architecture)
        except ArchitectureError as error:
            assert str(error).encode()


def test_weights_that_are_not_there(tmp_path: Path) -> None:
    path = npz(tmp_path, **{"two/kernel": None, "tow/kernel": np.ones((3, 1))})
    message = "the file has no weights of two (Dense); it has those of one, tow"
    assert wrong(path) == [("weight-missing", message, ("did you mean tow?",))]
    (fault,) = refused(lambda: read_weights(path, small()))
    assert fault.layer == "two"
    assert list(map(str, fault.history)) == ["the file holds what no layer asks for: tow/kernel"]
    path = npz(tmp_path, **{"one/bias": None, "two/kernel": None})
    assert [each[:2] for each in wrong(path)] == [
        ("weight-missing", "the weights of one lack bias; there are: kernel"),
        ("weight-missing", "the file has no weights of two (Dense); it has those of one"),
    ]
    np.savez(path)
    assert wrong(path)[0][0] == "not-weights"
    save_file({}, tmp_path / "w.safetensors")
    assert wrong(tmp_path / "w.safetensors") == [("no-weights", "the file holds no weights", ())]


def test_layers_that_are_called_otherwise(files: Path) -> None:
    (code, message, _), *_ = wrong(files / "nested.keras")
    assert (code, message) == ("weight-missing", "the file has no weights of one (Dense); it has those of conv, twice, outer/ln, outer/deep/norm, outer/deep/conv, one/norm, one/conv, two/norm, two/conv")  # fmt: skip


def test_files_without_names(files: Path) -> None:
    """A file of weights alone of Keras 3.0 does not say which of two branches a kernel belongs to."""
    found = wrong(files / "old_graph.weights.h5", load(files / "old_graph.keras"))
    assert [each[0] for each in found] == ["weights-without-names"]


def test_unused_weights_are_noted(tmp_path: Path) -> None:
    weights = read_weights(npz(tmp_path, **{"three/kernel": np.ones(2)}), small())
    assert weights.unused == ("three/kernel",)
    assert str(weights.note) == "the file holds what no layer asks for: three/kernel"
    weights = read_weights(npz(tmp_path, **{f"x{number}/kernel": np.ones(2) for number in range(20)}), small())
    assert len(weights.unused) == 20
    assert str(weights.note).endswith("x11/kernel, … (20)")


def test_shapes_that_do_not_fit(tmp_path: Path) -> None:
    weights = read_weights(npz(tmp_path, **{"two/kernel": np.ones((1, 3), np.float32)}), small())
    (fault,) = refused(lambda: outputs(small(), X, weights))
    assert (fault.code, fault.layer) == ("weight-shape", "two")
    assert str(fault.message) == "kernel of two has the shape 1×3, but the layer needs 3×1"
    save_file({"one.weight": np.ones(3), "one.bias": np.ones(3), "two.weight": np.ones((1, 3))}, tmp_path / "w.safetensors")  # fmt: skip
    message = "one.weight has the shape 3, which kernel of one cannot have"
    assert wrong(tmp_path / "w.safetensors") == [("weight-shape", message, ())]


def test_numbers_that_are_none(tmp_path: Path) -> None:
    path = npz(tmp_path, **{"one/kernel": np.array([[1, np.nan, 2], [np.inf, -np.inf, 3]], np.float32), "two/kernel": np.full((3, 1), np.nan)})  # fmt: skip
    assert [each[:2] for each in wrong(path)] == [
        ("weight-not-finite", "3 of the 6 numbers in kernel of one are NaN or infinite"),
        ("weight-not-finite", "3 of the 3 numbers in kernel of two are NaN or infinite"),
    ]


class Trap:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (pytest.fail, ("a pickle was run",))


@pytest.mark.parametrize("shape", [(-3, 2), (-3, -2)])
def test_a_size_below_zero_is_damage(shape: tuple[int, int], tmp_path: Path) -> None:
    """As bytes, fewer than 0 would make room for others in what may be read."""
    path = npz(tmp_path)
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    with zipfile.ZipFile(path, "a") as archive, archive.open("more/kernel.npy", "w") as stream:
        np.lib.format.write_array_header_1_0(stream, header)
        stream.write(bytes(24))
    ((code, told, _),) = wrong(path)
    assert (code, told) == ("damaged-weights", "the file is damaged or cut short: more/kernel.npy is cut short")


def test_objects_are_never_loaded(tmp_path: Path) -> None:
    path = npz(tmp_path, **{"one/bias": np.array([Trap(), None, None], object)})
    assert wrong(path) == [("objects-in-file", "one/bias holds Python objects, which are never loaded", ("save arrays of numbers",))]  # fmt: skip


@pytest.mark.parametrize("dtype", ["U3", "c8", "bool", "M8[s]", "V4"])
def test_other_types(dtype: str, tmp_path: Path) -> None:
    assert [each[0] for each in wrong(npz(tmp_path, **{"one/bias": np.zeros(3, dtype)}))] == ["weight-type"]


def test_bfloat16(tmp_path: Path) -> None:
    table = json.dumps({"two.weight": {"dtype": "BF16", "shape": [1, 3], "data_offsets": [0, 6]}}).encode()
    path = tmp_path / "w.safetensors"
    path.write_bytes(struct.pack("<Q", len(table)) + table + bytes(6))
    architecture = build({"input": [3], "layers": [{"Dense": {"units": 1, "use_bias": False, "name": "two"}}]})
    assert wrong(path, architecture) == [("weight-type", "kernel of two is of the type bfloat16, which is not read", ("save it as float32",))]  # fmt: skip


def test_size_is_looked_at_first(tmp_path: Path) -> None:
    """A file of a few bytes that says it holds more than is read, or than it has."""
    with h5py.File(tmp_path / "w.h5", "w") as file:
        for layer, name, shape in (("one", "kernel", (2**20, 2**20)), ("one", "bias", (3,)), ("two", "kernel", (3, 1))):
            file.create_dataset(f"{layer}/{layer}/{name}:0", shape, "f4", chunks=shape if len(shape) < 2 else (1, 1))
        file.attrs["layer_names"] = ["one", "two"]
        file["one"].attrs["weight_names"] = ["one/kernel:0", "one/bias:0"]
        file["two"].attrs["weight_names"] = ["two/kernel:0"]
    message = f"the weights would take 4096.0 GiB, and at most {MAX_BYTES // 2**30} GiB are read"
    assert wrong(tmp_path / "w.h5") == [("weights-too-large", message, ())]
    path = npz(tmp_path)
    header = b"\x93NUMPY\x01\x00v\x00" + f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**40},), }}".ljust(117).encode() + b"\n"  # fmt: skip
    zipped(path, **{"one/bias.npy": header})
    assert wrong(path)[0][:2] == ("damaged-weights", "the file is damaged or cut short: one/bias.npy is cut short")


def test_numbers_in_other_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(bytes(12))
    path = keras2(tmp_path / "w.h5", dense2("one", "two"))
    with h5py.File(path, "a") as file:
        del file["model_weights/one/one/bias:0"]
        file["model_weights/one"].create_dataset("one/bias:0", (3,), "f4", external=[(str(tmp_path / "secret"), 0, 12)])
    assert [each[0] for each in wrong(path)] == ["numbers-elsewhere"]
    keras2(tmp_path / "other.h5", dense2("one", "two"))
    with h5py.File(path, "a") as file:
        del file["model_weights/one/one/bias:0"]
        file["model_weights/one/one/bias:0"] = h5py.ExternalLink("other.h5", "model_weights/one/one/bias:0")
    assert [each[:2] for each in wrong(path)] == [("weight-missing", "the weights of one lack bias; there are: kernel")]
