"""Record what Keras and PyTorch put out, into tests/data: run by hand, where they are installed.

    KERAS_BACKEND=jax python tests/record_values.py keras networks
    python tests/record_values.py torch

The weights' names come from the layers' rules and PyTorch's own modules; the witness has no part in it. Keras was
recorded on JAX, the backend that differs least from what Keras documents (see value_differences.py).
"""

from __future__ import annotations

import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch" if sys.argv[1:] == ["torch"] else "jax")
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import keras  # noqa: E402 - the backend is chosen before
from framework_values import Answer, keras_answer, keras_run, torch_answer  # noqa: E402
from value_cases import by_hand, drawn, inputs_for  # noqa: E402
from value_differences import differs  # noqa: E402
from value_networks import NETWORKS as SMALL  # noqa: E402
from value_networks import inputs_of, weights_of  # noqa: E402
from value_records import FILES, NETWORKS, Array, NetworkRecord, Record, is_exact, save, save_networks  # noqa: E402

from cnncalc.architecture import build  # noqa: E402
from cnncalc.errors import ArchitectureError  # noqa: E402
from cnncalc.layers import HOME, Layer  # noqa: E402

DRAWN = 8
Ask = Callable[[Layer, list[Array]], Answer]


def records(framework: str, ask: Ask, kinds: list[str]) -> Iterator[Record]:
    """The answers to all cases that the framework can have; what it refuses is told and left out."""
    for kind in kinds:
        seen: Counter[str] = Counter()
        for layer, shapes in (*by_hand(kind), *drawn(kind, DRAWN)):
            if differs(framework, layer):
                seen["known to differ"] += 1
                continue
            xs = inputs_for(layer, shapes)
            try:
                weights, outputs = ask(layer, xs)
            except IMPOSSIBLE:
                seen["impossible"] += 1
                continue
            except Exception as error:  # whatever the framework raises
                print(f"  {framework} refuses {layer!r} on {shapes}: {_told(error)}")
                seen["refused"] += 1
                continue
            wanted = {name: tuple(shape) for name, shape in layer.facts(shapes).weights.items()}
            assert {name: w.shape for name, w in weights.items()} == wanted, (framework, layer, weights.keys(), wanted)
            if not is_exact(weights.values()):
                seen["weights that cannot be recorded"] += 1
                continue
            seen["recorded"] += 1
            yield Record(layer, xs, {name: weights[name] for name in wanted}, outputs)
        print(framework, kind, dict(seen), flush=True)


def networks() -> Iterator[tuple[Any, NetworkRecord]]:
    """The small networks in Keras, layer by layer."""
    for data in SMALL:
        architecture = build(data)
        inputs, weights = inputs_of(architecture), weights_of(architecture)
        yield data, NetworkRecord(architecture, inputs, weights, keras_run(architecture, inputs, weights))


def _told(error: Exception) -> str:
    return next((line for line in reversed(str(error).splitlines()) if "•" not in line and line.strip()), repr(error))[
        :160
    ]


def main() -> None:
    warnings.simplefilter("ignore")
    for what in sys.argv[1:] or (*ASKED, "networks"):
        if what == "networks":
            save_networks(NETWORKS, networks(), ASKED["keras"][1])
        else:
            ask, version = ASKED[what]
            save(FILES[what], records(what, ask, [kind for kind in HOME if kind not in {"Input", "Custom"}]), version)


IMPOSSIBLE: tuple[type[Exception], ...] = (ArchitectureError,)
ASKED: dict[str, tuple[Ask, str]] = {"keras": (keras_answer, f"Keras {keras.__version__} on {keras.backend.backend()}")}
if find_spec("torch"):
    import torch

    from cnncalc.interop.torch_parts import Impossible

    IMPOSSIBLE = (ArchitectureError, Impossible)
    ASKED["torch"] = torch_answer, f"PyTorch {torch.__version__}"


if __name__ == "__main__":
    main()
