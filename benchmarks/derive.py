"""In process: ResNet-152 derived, beside ONNX's shape inference and torchinfo on PyTorch's meta device.

    python benchmarks/derive.py

Prints each peer that is installed with its ratio to cnncalc, all in one run, then how the time grows up
to 100,000 layers.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from cnncalc.architecture import Architecture, build, load
from cnncalc.derive import derive

EXAMPLES = Path(__file__).parents[1] / "examples"


def spent_ms(run: Callable[[], object]) -> float:
    """The time of one call in milliseconds."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


def resnet152() -> Architecture:
    return load(EXAMPLES / "resnet50.yaml", variables={"stage2": 8, "stage3": 36})


def onnx_inference(architecture: Architecture) -> Callable[[], object]:
    """ONNX's shape inference on the same graph, its weights as inputs with known shapes."""
    import onnx
    from onnx import TensorProto, helper

    rows = derive(architecture).rows
    nodes, values = [], []

    def weight(name: str, shape: tuple[int, ...]) -> str:
        values.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    for row in rows:
        layer, name, x = row.layer, row.name, list(row.inputs)
        c = row.input_shapes[0][-1] if row.inputs else 0
        match row.kind:
            case "Input":
                h, w, c = row.output_shape
                values.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, c, h, w)))
            case "ZeroPadding2D":
                (top, bottom), (left, right) = layer.padding
                sizes = [0, 0, top, left, 0, 0, bottom, right]
                nodes.append(helper.make_node("Constant", [], [f"{name}_pads"], value_ints=sizes))
                nodes.append(helper.make_node("Pad", [*x, f"{name}_pads"], [name]))
            case "Conv2D":
                arrays = [
                    weight(f"{name}_w", (layer.filters, c, *layer.kernel_size)),
                    weight(f"{name}_b", (layer.filters,)),
                ]
                pad = "SAME_UPPER" if layer.padding == "same" else "VALID"
                nodes.append(helper.make_node("Conv", [*x, *arrays], [name], strides=layer.strides, auto_pad=pad))
            case "BatchNormalization":
                arrays = [weight(f"{name}_{part}", (c,)) for part in "abcd"]
                nodes.append(helper.make_node("BatchNormalization", [*x, *arrays], [name]))
            case "Activation":
                nodes.append(helper.make_node("Relu", x, [name]))
            case "Add":
                nodes.append(helper.make_node("Add", x, [name]))
            case "MaxPooling2D":
                nodes.append(
                    helper.make_node("MaxPool", x, [name], kernel_shape=layer.pool_size, strides=layer.strides)
                )
            case "GlobalAveragePooling2D":
                nodes.append(helper.make_node("GlobalAveragePool", x, [f"{name}_map"]))
                nodes.append(helper.make_node("Flatten", [f"{name}_map"], [name]))
            case "Dense":
                arrays = [weight(f"{name}_w", (c, layer.units)), weight(f"{name}_b", (layer.units,))]
                nodes.append(helper.make_node("Gemm", [*x, *arrays], [name]))
            case other:
                raise NotImplementedError(other)
    result = helper.make_tensor_value_info(rows[-1].name, TensorProto.FLOAT, None)
    model = helper.make_model(helper.make_graph(nodes, "resnet152", values, [result]))

    def run() -> object:
        return onnx.shape_inference.infer_shapes(model)

    inferred = {value.name for value in run().graph.value_info}
    missing = [node.output[0] for node in nodes[:-1] if node.output[0] not in inferred]
    assert not missing, f"ONNX did not infer {missing[:3]}"
    return run


def torchinfo_summary(architecture: Architecture) -> Callable[[], object]:
    """torchinfo on the same layers as PyTorch modules without memory."""
    import torch
    import torchinfo
    from torch import nn

    rows = derive(architecture).rows

    def module(row) -> nn.Module:
        layer, c = row.layer, row.input_shapes[0][-1]
        match row.kind:
            case "ZeroPadding2D":
                return nn.ZeroPad2d(layer.padding[0][0])
            case "Conv2D":
                same = layer.padding == "same" and layer.strides == (1, 1)
                return nn.Conv2d(c, layer.filters, layer.kernel_size, layer.strides, "same" if same else 0)
            case "BatchNormalization":
                return nn.BatchNorm2d(c)
            case "MaxPooling2D":
                return nn.MaxPool2d(layer.pool_size, layer.strides)
            case "GlobalAveragePooling2D":
                return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
            case "Dense":
                return nn.Linear(c, layer.units)
        return nn.ReLU()

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = nn.ModuleDict({row.name: module(row) for row in rows if row.kind not in {"Input", "Add"}})

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            values = {rows[0].name: image}
            for row in rows[1:]:
                x = [values[name] for name in row.inputs]
                values[row.name] = x[0] + x[1] if row.kind == "Add" else self.parts[row.name](x[0])
            return values[rows[-1].name]

    with torch.device("meta"):
        network = Network()
        image = torch.empty(1, 3, 224, 224)
    return lambda: torchinfo.summary(network, input_data=image, device="meta", verbose=0)


PEERS = {"onnx.shape_inference": (onnx_inference, 100), "torchinfo, meta device": (torchinfo_summary, 7)}


def main() -> None:
    network = resnet152()
    print(f"ResNet-152, {len(network.nodes) - 1} layers: shapes, parameters, MACs, receptive field")
    print(f"  {'cnncalc alone':24} {statistics.median(spent_ms(lambda: derive(network)) for _ in range(50)):9.2f} ms")
    for name, (prepare, rounds) in PEERS.items():
        try:
            run = prepare(network)
        except ImportError as missing:
            print(f"  {name:24} not installed ({missing.name})")
            continue
        run()
        # In turn, so that a machine that changes its speed changes it for both.
        pairs = [(spent_ms(lambda: derive(network)), spent_ms(run)) for _ in range(rounds)]
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"  {name:24} {theirs:9.2f} ms, cnncalc beside it {ours:6.2f} ms: {ratio:6.1f} times")
    print("Growth, convolutions in a row:")
    for count in (1_000, 10_000, 100_000):
        layers = [{"Conv2D": {"filters": 8, "kernel_size": 3, "padding": "same"}}] * count
        chain = build({"input": [32, 32, 8], "layers": layers})
        spent = statistics.median(spent_ms(lambda chain=chain: derive(chain)) for _ in range(5))
        print(f"  {count:7,} layers {spent:9.2f} ms   {spent / count * 1e3:5.2f} µs a layer")


if __name__ == "__main__":
    main()
