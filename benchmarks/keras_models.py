"""Saved Keras configs read and derived, beside Keras building the same model from the same JSON.

    KERAS_BACKEND=torch python benchmarks/keras_models.py [NAME ...]

The configs are those of `keras.applications` that the tests hold. Without Keras, cnncalc's times alone.
"""

from __future__ import annotations

import gc
import json
import lzma
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cnncalc import load
from cnncalc.derive import derive

NETS = Path(__file__).parents[1] / "tests" / "data" / "keras_nets.jsonl.xz"
ROUNDS = 5


def configs() -> dict[str, Any]:
    """The config of every recorded network by name."""
    lines = lzma.decompress(NETS.read_bytes()).decode().splitlines()
    return {net["name"]: whole(net["config"]) for net in map(json.loads, lines)}


def whole(value: Any) -> Any:
    """The config with the shapes that Keras wants beside each tensor, which the record leaves out."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return {**value, "config": {"shape": [None], "dtype": "float32", **value["config"]}}
        return {name: whole(each) for name, each in value.items()}
    return [whole(each) for each in value] if isinstance(value, list) else value


def spent_ms(run: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def builder() -> Callable[[str], object] | None:
    """What builds a model from JSON with Keras, if Keras is installed."""
    try:
        import keras
        from keras.src.applications.convnext import LayerScale
        from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
    except ImportError:
        return None
    own = {"LayerScale": LayerScale, "CustomScaleLayer": CustomScaleLayer}
    return lambda text: keras.models.model_from_json(text, custom_objects=own)


def main(wanted: list[str]) -> None:
    build = builder()
    print(f"{'network':32} {'layers':>6} {'cnncalc':>10} {'Keras':>12} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name, config in configs().items():
            if wanted and name not in wanted:
                continue
            path = Path(folder) / "model.json"
            text = json.dumps(config)
            path.write_text(text, encoding="utf-8")
            gc.collect()
            gc.freeze()  # what a framework has loaded is searched in neither time
            ours = spent_ms(lambda path=path: derive(load(path)), ROUNDS)
            line = f"{name:32} {len(load(path).nodes):6} {ours:7.1f} ms"
            if build:
                theirs = spent_ms(lambda text=text: build(text), 1)
                line += f" {theirs:9.0f} ms {theirs / ours:7.1f}"
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
