"""Files of others: graphs that Keras saved, the dialect of Keras 2, archives, Python source, and all that can be wrong."""

from __future__ import annotations

import io
import json
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import recorded

from cnncalc.architecture import build
from cnncalc.derive import Summary, derive
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.interop.python_source import read_python
from cnncalc.view.faults import faults_text

MODELS = {model["name"]: model for model in recorded("keras_models")}
"""Small models of every shape of graph, saved by Keras 3.15.1 with what it counted."""


def written(tmp_path: Path, name: str, content: Any) -> Path:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def outputs(found: Summary) -> list[list[Any]]:
    tensors = [tensor.partition(":") for tensor in found.architecture.outputs]
    return [list(found.row(name).output_shapes[int(number or 0)]) for name, _, number in tensors]


@pytest.mark.parametrize("name", MODELS)
def test_saved_graphs(name: str, tmp_path: Path) -> None:
    model = MODELS[name]
    found = derive(load(written(tmp_path, "model.json", model["config"])))
    assert (found.total_params, found.trainable_params) == (model["params"], model["trainable"])
    assert len(outputs(found)) == len(model["outputs"])
    for ours, theirs in zip(outputs(found), model["outputs"], strict=True):
        assert [a for a, b in zip(ours, theirs, strict=True) if b is not None] == [b for b in theirs if b is not None]


def keras2(*layers: dict[str, Any], kind: str = "Functional") -> dict[str, Any]:
    ends = {"input_layers": [["a", 0, 0]], "output_layers": [["end", 0, 0]]} if kind == "Functional" else {}
    return {"class_name": kind, "config": {"name": "old", "layers": list(layers), **ends}, "keras_version": "2.15.0"}


def layer(kind: str, name: str, *nodes: Any, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "name": name, "config": {"name": name, **config}, "inbound_nodes": list(nodes)}


A = layer("InputLayer", "a", batch_input_shape=[None, 8, 8, 3])


def test_keras_2_with_a_shared_layer_a_nested_model_and_an_operation(tmp_path: Path) -> None:
    inner = layer("Sequential", "inner", [["c", 1, 0, {}]])
    inner["config"]["layers"] = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 8, 8, 3], "name": "in"}},
        {"class_name": "Flatten", "config": {"name": "flat", "data_format": "channels_last"}},
        {"class_name": "Dense", "config": {"name": "c", "units": 2}},
    ]
    model = keras2(
        A,
        layer("Conv2D", "c", [["a", 0, 0, {}]], [["half", 0, 0, {}]], filters=3, kernel_size=[3, 3], padding="same"),
        layer("TFOpLambda", "half", ["c", 0, 0, {"y": 0.5, "name": None}], function="math.multiply"),
        inner,
        layer("TFOpLambda", "plus", ["inner", 0, 0, {"y": ["inner", 0, 0]}], function="__operators__.add"),
        layer("Dense", "end", [["plus", 0, 0, {}]], units=1),
    )
    found = derive(load(written(tmp_path, "model.json", model)))
    assert found.total_params == (3 * 3 * 3 * 3 + 3) + (8 * 8 * 3 * 2 + 2) + (2 + 1)
    assert [row.kind for row in found.rows].count("Rescaling") == 1
    assert {row.name: row.shares for row in found.rows if row.shares} == {"c_1": "c"}
    assert found.row("inner_c").output_shape == (2,)


def test_keras_2_operations_read_tensors_by_name(tmp_path: Path) -> None:
    model = keras2(
        A,
        layer("Conv2D", "c", [["a", 0, 0, {}]], filters=3, kernel_size=[3, 3], padding="same"),
        layer("TFOpLambda", "end", ["a", 0, 0, {"y": ["c", 0, 0]}], function="__operators__.add"),
    )
    assert derive(load(written(tmp_path, "m.json", model))).rows[-1].inputs == ("a", "c")


def test_keras_1_and_2_sequential_without_an_input_layer(tmp_path: Path) -> None:
    first = {"class_name": "Conv2D", "config": {"name": "c", "batch_input_shape": [None, 8, 8, 3], "filters": 4, "kernel_size": [3, 3]}}  # fmt: skip
    for config in ([first], {"name": "s", "layers": [first]}):
        model = {"class_name": "Sequential", "config": config}
        assert derive(load(written(tmp_path, "m.json", model))).rows[-1].output_shape == (6, 6, 4)


def test_an_input_given_outside(tmp_path: Path) -> None:
    model = keras2({"class_name": "Dense", "config": {"name": "d", "units": 2}}, kind="Sequential")
    path = written(tmp_path, "m.json", model)
    assert derive(load(path, input=(5,))).total_params == 12
    with pytest.raises(ArchitectureError, match="needs an input"):
        load(path)


def test_custom_layers_are_declared(tmp_path: Path) -> None:
    declared = layer("Custom", "end", [["a", 0, 0, {}]], output="same", params=7, class_name="Mine")
    found = derive(load(written(tmp_path, "m.json", keras2(A, declared))))
    assert (found.total_params, found.rows[-1].output_shape) == (7, (8, 8, 3))
    declared_json = {"input": [4], "layers": [{"Custom": {"output": [2], "class_name": "Mine"}}]}
    assert derive(load(written(tmp_path, "m.json", declared_json))).rows[-1].output_shape == (2,)
    yaml = "input: [4]\nlayers:\n  - Custom: {output: [2, 3], params: 5, non_trainable_params: 2, macs: 9}\n"
    row = derive(load(written(tmp_path, "m.yaml", yaml))).rows[-1]
    assert (row.output_shape, row.trainable, row.non_trainable, row.macs) == ((2, 3), 5, 2, 9)


def archive(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, text in files.items():
            packed.writestr(name.replace("__", "/").replace("_json", ".json"), text)
    return stream.getvalue()


SMALL = json.dumps(keras2(A, layer("Flatten", "end", [["a", 0, 0, {}]])))


def test_an_archive_is_read_without_its_weights(tmp_path: Path) -> None:
    packed = archive(config_json=SMALL, model__weights="not weights at all")
    assert derive(load(written(tmp_path, "m.keras", packed))).rows[-1].output_shape == (192,)
    assert derive(load(written(tmp_path, "named_otherwise", packed))).rows[-1].output_shape == (192,)


def refused(config: dict[str, Any], kind: str = "Dense") -> dict[str, Any]:
    return keras2(A, layer(kind, "end", [["a", 0, 0, {}]], **config))


WRONG: list[tuple[str, Any, str]] = [
    ("m.keras", archive(config_json=SMALL)[:200], "damaged or cut short"),
    ("m.keras", archive(other="x"), "holds no config.json"),
    ("m.keras", archive(config_json=SMALL, **{"..__evil": "x"}), "path outside itself"),
    ("m.keras", archive(config_json='{"class_name": '), "not valid JSON"),
    ("m.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 64, "HDF5 files are not read"),
    ("m.json", {"class_name": "MyModel", "config": {"layers": []}}, "not a Keras model of layers"),
    ("m.json", {"compilerOptions": {}}, "not an architecture: it has 'compilerOptions'"),
    ("m.json", {"class_name": "Functional", "config": {"name": "f"}}, "damaged: it lacks 'layers'"),
    ("m.json", {"class_name": "Sequential", "config": {"layers": 3}}, "damaged"),
    ("m.json", refused({"function": ["4wEAAA", None]}, "Lambda"), "is a Lambda: it holds code"),
    ("m.json", refused({"units": 3, "activation": {"class_name": "__lambda__", "config": {}}}), "holds code of its own"),
    ("m.json", refused({"units": 3, "activation": {"class_name": "function", "config": "mine"}}), "holds code of its own"),
    ("m.json", refused({"units": "3"}), "takes an integer, not '3'"),
    ("m.json", refused({"unit": 3}), "no such setting; did you mean units"),
    ("m.json", refused({"rate": 0.1}, "StochasticDepth"), "there is no Keras layer StochasticDepth; declare it"),
    ("m.json", refused({"filters": 4, "kernel_size": 3, "padding": [1, 1]}, "Conv2D"), "not \\[1, 1\\]"),
    ("m.json", refused({"filters": 4, "kernel_size": 3, "ceil_mode": True}, "MaxPooling2D"), "no such setting"),
    ("m.json", keras2(A, layer("Flatten", "end", [["lost", 0, 0, {}]])), "end reads lost"),
    ("m.json", keras2(A, layer("TFOpLambda", "end", ["a", 0, 0, {}], function="io.read_file")), "io.read_file is not known"),
    ("m.py", "\n", "the file is empty$"),
    ("m.keras", b"", "the file is empty$"),
    ("m.py", "x = 3\n", "there is no Sequential"),
    ("m.py", "from torch import nn\na = nn.Sequential()\nb = nn.Sequential()\n", "there are 2 Sequential"),
    ("m.py", "def f(:\n", "this is not Python"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Linear(4, n))\n", "n is not a literal"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Linear(open('x'), 4))\n", "is not a literal"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Lineer(4, 3))\n", "no module Lineer .*did you mean Linear"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Linear(4, out=3))\n", "Linear has no argument 'out'"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Linear(4))\n", "Linear needs out_features"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Linear(4, 3, True, None, None, 7, 8))\n", "takes at most"),
    ("m.py", "from torch import nn\nm = nn.Sequential(nn.Linear(4, 3, in_features=4))\n", "got in_features twice"),
    ("m.py", "from torch import nn\nm = nn.Sequential(*layers)\n", "not \\*layers"),
    ("m.py", "import keras\nm = keras.Sequential([keras.layers.Dense(3, units=f(2))])\n", "needs an input"),
    ("m.py", "import keras\nm = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(n)])\n", "n is not a literal"),
    ("m.py", "import keras\nm = keras.Sequential([keras.layers.Dnse(3)])\n", "no Keras layer Dnse; did you mean Dense"),
    ("m.py", "import keras\nm = keras.Sequential(layers)\n", "takes a list of layers"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "why"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: Any, why: str) -> None:
    with pytest.raises(ArchitectureError, match=why) as caught:
        derive(load(written(tmp_path, name, content)))
    assert all(fault.place and fault.place.file.endswith(name) for fault in caught.value.faults)


def test_faults_stand_where_the_layer_is_named(tmp_path: Path) -> None:
    text = json.dumps(refused({"units": 3, "unit": 3}), indent=1)
    with pytest.raises(ArchitectureError) as caught:
        load(written(tmp_path, "m.json", text))
    assert caught.value.line == next(i for i, line in enumerate(text.splitlines(), 1) if '"unit"' in line)


KERAS_SOURCE = """
import keras
from keras import layers
from keras.layers import Dense, Dropout
num_classes, sides = 10, (28, 28)
input_shape = (28, 28, 1)

def unused(x):
    raise RuntimeError("source is never run")

model = keras.Sequential([
    keras.Input(shape=input_shape),
    layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
    layers.Conv2D(64, (3, 3), activation=keras.activations.relu, kernel_regularizer=keras.regularizers.l2(0.1)),
    layers.MaxPool2D(),
    layers.Dropout(0.25),
    keras.Sequential([layers.Flatten()]) if False else layers.Flatten(),
])
"""

ADDED_SOURCE = """
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import *
model = Sequential()
model.add(Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
model.add(Conv2D(64, kernel_size=3, activation=tf.nn.relu))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(128, activation=LeakyReLU(0.1)))
model.add(Dropout(0.5))
model.add(Dense(10, activation="softmax", name="out"))
model.compile("adam")
"""


def test_keras_source(tmp_path: Path) -> None:
    found = derive(load(written(tmp_path, "m.py", ADDED_SOURCE)))
    assert found.total_params == 1_199_882  # the course's network, as Keras prints it
    assert found.rows[-1].name == "out"
    with pytest.raises(ArchitectureError, match="layers written out"):
        load(written(tmp_path, "m.py", KERAS_SOURCE))
    good = KERAS_SOURCE.replace("keras.Sequential([layers.Flatten()]) if False else layers.Flatten()", "layers.Flatten(), Dense(num_classes)")  # fmt: skip
    assert derive(load(written(tmp_path, "m.py", good))).rows[-1].output_shape == (10,)


def test_torch_source_with_names_and_nesting(tmp_path: Path) -> None:
    source = """
from collections import OrderedDict
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        self.net = nn.Sequential(OrderedDict([
            ("conv1", nn.Conv2d(3, 32, 3, padding=1)), ("act", nn.ReLU(inplace=True)),
            ("block", nn.Sequential(nn.Conv2d(32, 2 * 32, 3), nn.BatchNorm2d(64))),
            ("flat", nn.Flatten()), ("fc", nn.Linear(64 * 30 ** 2, 10))]))
"""
    found = derive(load(written(tmp_path, "m.py", source), input=(3, 32, 32)))
    assert [row.name for row in found.rows] == ["input", "conv1", "act", "block.0", "block.1", "flat", "fc"]
    assert found.row("block.1").output_shape == (64, 30, 30)
    assert found.trainable_params == 896 + (32 * 9 * 64 + 64) + 128 + (57600 * 10 + 10)


def test_a_stack_of_transformer_layers(tmp_path: Path) -> None:
    source = "from torch import nn\nm = nn.Sequential(nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 30), num_layers=3))\n"  # fmt: skip
    found = derive(load(written(tmp_path, "m.py", source), input=(4, 8)))
    assert found.total_params == 3 * 838  # 838 for one, as PyTorch 2.13 counts


def test_further_outputs_have_names(tmp_path: Path) -> None:
    text = "input: [5, 3]\nlayers:\n  - LSTM: {units: 4, return_state: true}\n  - Dense: {units: 2, inputs: 'lstm:2'}\n"
    found = derive(load(written(tmp_path, "m.yaml", text)))
    assert found.row("lstm").to_dict()["output_shapes"] == [[4], [4], [4]]
    assert found.rows[-1].output_shape == (2,)
    with pytest.raises(ArchitectureError, match="so many outputs: 4 ≤ 3"):
        derive(load(written(tmp_path, "m.yaml", text.replace("lstm:2", "lstm:3"))))
    with pytest.raises(ArchitectureError, match="so many outputs"):
        derive(load(written(tmp_path, "m.yaml", text + "outputs: ['lstm:7', dense]\n")))
    with pytest.raises(ArchitectureError, match="a name has no colon"):
        load(written(tmp_path, "m.yaml", text.replace("units: 2", "units: 2, name: 'a:b'")))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a config."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


JUNK = [None, 0, -1, 3.5, True, "x", "", [], {}, [None], [[]], {"class_name": "Dense"}, 2**40, "same", [1, 2, 3]]


@given(data=st.data())
def test_damaged_configs_are_refused_in_words(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is put in the place of any value, the config is read or refused, never a traceback."""
    config = json.loads(json.dumps(data.draw(st.sampled_from([model["config"] for model in MODELS.values()]))))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(config)[1:]))
        around = config
        for key in path[:-1]:
            around = around[key]
        if data.draw(st.booleans()):
            around[path[-1]] = deepcopy(data.draw(st.sampled_from(JUNK)))  # a later turn may damage the junk
        else:
            del around[path[-1]]
    path = written(tmp_path_factory.mktemp("damaged"), "m.json", config)
    try:
        derive(load(path))
    except ArchitectureError as error:
        assert faults_text(error)


CODE = st.sampled_from(["nn.Linear(4, 3)", "nn.Linear", "nn.Conv2d(3, (1, 2), 'a')", "nn.ReLU()()", "3", "*x", "nn.LSTM(1)", "nn.Upsample()",
    "nn.Flatten(-9)", "nn.ZeroPad2d((1, 2, 3))", "nn.LayerNorm(())", "nn.GroupNorm(0, 3)", "nn.Unflatten(1, ())", "nn.Sequential()",
    "nn.MaxPool2d([])", "nn.Linear(**d)", "nn.Softmax(dim='x')", "nn.BatchNorm2d(None)", "nn.Embedding(2, -1)", "nn.Conv2d(3, 4, None)",
    "nn.TransformerEncoder(3, 2)", "nn.MultiheadAttention(8, 0)", "nn.PixelShuffle('2')", "nn.ReflectionPad2d('a')", "lambda: 3",
    "nn.AdaptiveAvgPool2d((None, None))", "nn.FractionalMaxPool2d(2, output_ratio=2.0)", "nn.ConvTranspose1d(1, 1, 1, 0)", "nn.RMSNorm('x')"])  # fmt: skip


@given(st.lists(CODE, max_size=4), st.lists(st.integers(0, 9), max_size=4))
def test_odd_source_is_refused_in_words(code: list[str], shape: list[int]) -> None:
    text = f"from torch import nn\nm = nn.Sequential({', '.join(code)})\n"
    try:
        derive(build(read_python(text, "m.py").data, input=tuple(shape)))
    except ArchitectureError as error:
        assert faults_text(error)
