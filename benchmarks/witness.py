"""How fast the witness runs networks: one thread, beside PyTorch and ONNX Runtime where they are installed.

    python benchmarks/witness.py [rounds]

Each line is the best of several rounds that take turns, so that a busy machine is busy for all. The rate of a
1024 x 1024 matrix product (sgemm) is measured in the same rounds: `of sgemm` is the share of it that a layer or
network reaches, with every multiplication that it counts made. `memory` is the peak, weights of the largest layer
included, over that layer's input, output and weights. PyTorch runs in both of its layouts; the faster one stands here.
ONNX Runtime runs what PyTorch exports.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import io
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.architecture import Architecture, build
from cnncalc.interop import load
from cnncalc.witness import Store, execute
from cnncalc.witness.opinion import random_inputs

EXAMPLES = Path(__file__).parents[1] / "examples"
Runs = dict[str, Callable[[], Any]]


def conv(size: int, channels: int, filters: int, kernel: int, batch: int = 1) -> tuple[Architecture, int]:
    layer = {"Conv2D": {"filters": filters, "kernel_size": kernel, "padding": "same", "use_bias": False}}
    return build({"input": [size, size, channels], "layers": [layer]}), batch


CASES = {
    "MNIST network, batch 128": (load(str(EXAMPLES / "mnist_cnn.yaml")), 128),
    "VGG16": (load(str(EXAMPLES / "vgg16.yaml")), 1),
    "ResNet-50": (load(str(EXAMPLES / "resnet50.yaml")), 1),
    "MobileNetV2": (load(str(EXAMPLES / "zoo" / "mobilenet_v2.yaml")), 1),
    "3x3, 224x224x64 to 64": conv(224, 64, 64, 3),
    "3x3, 56x56x64 to 64": conv(56, 64, 64, 3),
    "3x3, 28x28x128 to 128": conv(28, 128, 128, 3),
    "3x3, 14x14x256 to 256": conv(14, 256, 256, 3),
    "3x3, 7x7x512 to 512": conv(7, 512, 512, 3),
    "1x1, 56x56x64 to 256": conv(56, 64, 256, 1),
    "1x1, 14x14x1024 to 256": conv(14, 1024, 256, 1),
}


def witness(architecture: Architecture, batch: int) -> tuple[Callable[[], Any], int, float]:
    """A run of the witness, its products, and its peak of memory over the largest layer's input, output and weights."""
    store, inputs = Store(), random_inputs(architecture, batch=batch)

    def run() -> int:
        return sum(ran.macs for ran in execute(architecture, inputs, store))

    macs = run()
    largest = max(
        sum(
            each.nbytes
            for each in (*ran.inputs, *ran.outputs, *(weight.array for weight in store.of(ran.node.name).values()))
        )
        for ran in execute(architecture, inputs, store)
    )
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    weights = max((sum(w.array.nbytes for w in store.of(node.name).values()) for node in architecture.nodes), default=0)
    return run, macs, (peak + weights) / largest


def channels_first(architecture: Architecture) -> Architecture:
    """The same network as PyTorch lays it out, so that nothing is turned around its modules."""

    def turned(node: Any) -> Any:
        layer = node.layer
        if layer.kind() == "Input" and len(layer.shape) > 1:
            return layer.model_copy(update={"shape": (layer.shape[-1], *layer.shape[:-1])})
        update: dict[str, Any] = {}
        if "data_format" in type(layer).model_fields and layer.kind() != "Flatten":
            update["data_format"] = "channels_first"
        if layer.kind() in {"BatchNormalization", "Concatenate"}:
            update["axis"] = 1
        return layer.model_copy(update=update)

    return architecture.with_layers(turned)


def torch_network(architecture: Architecture, batch: int, layout: str) -> tuple[Any, list[Any]]:
    """The network as a module of PyTorch in one of its two memory layouts, and inputs for it."""
    import torch

    from cnncalc.derive import derive
    from cnncalc.interop.torch_parts import part
    from cnncalc.interop.torch_parts.base import settle

    torch.set_num_threads(1)
    turned = channels_first(architecture)
    rows = {row.name: row for row in derive(turned).rows}
    parts = {}
    for node in turned.nodes:
        if node.inputs:
            parts[node.name] = part(node.layer, rows[node.name].input_shapes)
            settle(parts[node.name], trainable=False)
            for module in parts[node.name].modules:
                module.to(memory_format=getattr(torch, layout))
    inputs = [torch.rand(batch, *shape) for shape in turned.inputs.values()]
    inputs = [x.to(memory_format=getattr(torch, layout)) if x.ndim == 4 else x for x in inputs]
    last = {source: node.name for node in turned.nodes for source in node.inputs}

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(module for part in parts.values() for module in part.modules)

        def forward(self, *given: Any) -> Any:
            held = dict(zip(turned.inputs, given, strict=True))
            for node in turned.nodes:
                if node.inputs:
                    held[node.name] = parts[node.name].run([held[name] for name in node.inputs])
                    for name in node.inputs:
                        if last[name] == node.name:
                            held.pop(name, None)
            return held[turned.outputs[0]]

    return Network().eval(), inputs


def torch_run(architecture: Architecture, batch: int, layout: str) -> Callable[[], Any]:
    """A run in PyTorch, in inference mode."""
    import torch

    network, inputs = torch_network(architecture, batch, layout)

    def run() -> Any:
        with torch.inference_mode():
            return network(*inputs)

    run()
    return run


def onnx_run(architecture: Architecture, batch: int) -> Callable[[], Any]:
    """A run in ONNX Runtime on one thread, of the network that PyTorch exports."""
    import onnxruntime
    import torch

    network, inputs = torch_network(architecture, batch, "contiguous_format")
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the older one
        torch.onnx.export(network, tuple(inputs), written, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(written.getvalue(), options, providers=["CPUExecutionProvider"])
    fed = {each.name: x.numpy() for each, x in zip(session.get_inputs(), inputs, strict=True)}
    return lambda: session.run(None, fed)


IN_A_ROW = 5
"""Runs of one after the other, so that each finds its own numbers in the cache."""


def best(runs: Runs, rounds: int) -> dict[str, float]:
    """The shortest run of each in several rounds, in seconds; the rounds take turns."""
    found = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            for _ in range(IN_A_ROW):
                start = time.perf_counter()
                run()
                found[name] = min(found[name], time.perf_counter() - start)
    return found


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    square = np.random.default_rng(0).random((1024, 1024), np.float32)
    torch = find_spec("torch") is not None
    onnx = torch and find_spec("onnxruntime") is not None and find_spec("onnx") is not None
    peers = (f"{'PyTorch ms':>12}{'ratio':>7}" if torch else "") + (f"{'ONNX RT ms':>12}{'ratio':>7}" if onnx else "")
    print(f"{'':28}{'NumPy ms':>10}{'of sgemm':>10}{'memory':>8}{peers}")
    for name, (architecture, batch) in CASES.items():
        run, macs, memory = witness(architecture, batch)
        runs: Runs = {"sgemm": lambda: square @ square, "numpy": run}
        if torch:
            for layout in ("contiguous_format", "channels_last"):
                runs[f"torch {layout}"] = torch_run(architecture, batch, layout)
        if onnx:
            runs["onnx"] = onnx_run(architecture, batch)
        times = best(runs, rounds)
        rate = (2 * macs / times["numpy"]) / (2 * 1024**3 / times["sgemm"])
        line = f"{name:28}{times['numpy'] * 1e3:10.2f}{rate:10.0%}{memory:8.2f}"
        if torch:
            theirs = min(seconds for name, seconds in times.items() if name.startswith("torch"))
            line += f"{theirs * 1e3:12.2f}{times['numpy'] / theirs:7.2f}"
        if onnx:
            line += f"{times['onnx'] * 1e3:12.2f}{times['numpy'] / times['onnx']:7.2f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
