"""One layer in Keras and in PyTorch, with the weights that the witness has: what they put out."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.architecture import Architecture, Node
from cnncalc.interop.keras_writer import SEPARATE
from cnncalc.layers import Layer, kind
from cnncalc.layers.embedding import Table
from cnncalc.witness import Array, Store
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer

Shapes = tuple[tuple[int, ...], ...]


def alone(layer: Layer, shapes: Shapes) -> Architecture:
    """A network of one layer and its inputs."""
    inputs = [Node(f"x{number}", kind("Input")(shape=shape)) for number, shape in enumerate(shapes)]
    node = Node("layer", layer, tuple(each.name for each in inputs))
    return Architecture("alone", (*inputs, node), ("layer",))


def eighths(random: np.random.Generator, shape: tuple[int, ...], low: int = -16, high: int = 17) -> Array:
    """Random multiples of 1/8, exact in every float and small when packed."""
    return np.asarray(random.integers(low, high, shape) / 8, np.float32)


def inputs_for(layer: Layer, shapes: Shapes, random: np.random.Generator, batch: int = 2) -> list[Array]:
    """Random inputs; an embedding gets numbers that have a row once they are cut to integers."""
    if isinstance(layer, Table):
        return [eighths(random, (batch, *shape), 0, 8 * layer.input_dim) for shape in shapes]
    return [eighths(random, (batch, *shape)) for shape in shapes]


def weights_for(layer: Layer, xs: list[Array], seed: int = 0) -> dict[str, Array]:
    """Random weights of the names and shapes that the witness asks for; variances are positive."""
    store = Store()
    run_layer(layer, Call("layer", store, Tally(), layer.trainable), *xs)
    random = np.random.default_rng(seed)
    return {
        name: eighths(random, weight.array.shape, *((1, 17) if "variance" in name else ()))
        for name, weight in store.of("layer").items()
    }


def witness_outputs(layer: Layer, xs: list[Array], weights: dict[str, Array]) -> list[Array]:
    """What the witness makes of the inputs with these weights."""
    call = Call("layer", Store({"layer": weights}), Tally(), layer.trainable)
    return list(run_layer(layer, call, *xs))


def keras_outputs(layer: Layer, xs: list[Array], weights: dict[str, Array]) -> list[Array]:
    """What Keras makes of them; its weights are known by name and shape, then by the witness's order.

    Raises ArchitectureError where Keras has no exact form of the layer.
    """
    from cnncalc.interop import keras_build

    scored = getattr(layer, "return_attention_scores", False)  # no setting in Keras, but an argument of the call
    plain = layer.model_copy(update={"return_attention_scores": False}) if scored else layer
    architecture = keras_build._renamed(alone(plain, tuple(x.shape[1:] for x in xs)))
    model = keras_build._model(architecture)
    rest = list(weights.items())
    for variable in model.weights:
        if variable.path.split("/")[-1] in {"seed_generator_state"} or "seed" in variable.path:
            continue
        wanted = _name(variable.path, both_ways="forward_kernel" in weights)
        fits = [each for each in rest if each[1].shape == tuple(variable.shape)]
        fits.sort(key=lambda each: (each[0] != wanted, not each[0].endswith(wanted)))
        chosen = fits[0]
        variable.assign(chosen[1])
        rest = [each for each in rest if each[0] != chosen[0]]
    assert not rest, f"Keras has no place for {[name for name, _ in rest]}"
    if scored:
        given = xs if layer.kind() in SEPARATE else [xs]
        found = model.layers[-1](*given, return_attention_scores=True)
    else:
        last = architecture.nodes[-1].name
        made = {node.name: model.get_layer(node.name) for node in architecture.nodes}
        every = keras_build.keras.Model(model.inputs, keras_build._outputs(architecture, made)[last])
        found = every(xs, training=False)  # preprocessing layers train by default
    return [
        np.asarray(each.detach().cpu().numpy()) for each in (found if isinstance(found, (list, tuple)) else [found])
    ]


def _name(path: str, *, both_ways: bool) -> str:
    """The witness's name of a Keras variable; a layer of both directions names the forward one in the path."""
    *owners, name = path.split("/")
    if not both_ways:
        return name
    return f"{'forward' if any(owner.startswith('forward_') for owner in owners) else 'backward'}_{name}"


def torch_outputs(layer: Layer, xs: list[Array], convert: Any) -> tuple[list[Array], dict[str, Array]]:
    """What PyTorch makes of the inputs with weights of its own, and those weights under the witness's names.

    `convert` takes a state dict of NumPy arrays to the witness's weights.
    Raises cnncalc.interop.torch_parts.Impossible where PyTorch has no such module.
    """
    import torch

    from cnncalc.interop.torch_parts import part
    from cnncalc.interop.torch_parts.base import settle

    made = part(layer, tuple(x.shape[1:] for x in xs))
    settle(made, trainable=layer.trainable)
    random = np.random.default_rng(0)
    state: dict[str, Array] = {}
    with torch.no_grad():
        for number, module in enumerate(made.modules):
            for name, value in (*module.named_parameters(), *module.named_buffers()):
                if value.is_floating_point():
                    value.copy_(
                        torch.from_numpy(eighths(random, tuple(value.shape), *((1, 17) if "var" in name else ())))
                    )
                    state[f"{number}.{name}"] = value.numpy().copy()
        found = made.run([torch.from_numpy(x) for x in xs])
    outputs = found if isinstance(found, tuple) else (found,)
    return [each.numpy() for each in outputs], convert(state)
