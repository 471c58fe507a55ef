"""What Keras and PyTorch put out for given numbers: single layers, and whole networks in Keras.

Importing this loads neither framework; the functions do.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from torch_weights import witness_weights
from value_cases import Array, Shapes, eighths, weights_for

from cnncalc.architecture import Architecture, Node
from cnncalc.layers import Layer, kind
from cnncalc.witness import Store
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer


class Answer(NamedTuple):
    """What a framework made of inputs with these weights."""

    weights: dict[str, Array]
    outputs: list[Array]


def alone(layer: Layer, shapes: Shapes) -> Architecture:
    """A network of one layer and its inputs, each output of the layer an output of the network."""
    inputs = [Node(f"x{number}", kind("Input")(shape=shape)) for number, shape in enumerate(shapes)]  # type: ignore[call-arg]
    node = Node("layer", layer, tuple(each.name for each in inputs))
    return Architecture("alone", (*inputs, node), ("layer",))


def witness_outputs(layer: Layer, xs: list[Array], weights: dict[str, Array]) -> list[Array]:
    """What the witness makes of the inputs with these weights."""
    call = Call("layer", Store({"layer": weights}), Tally(), layer.trainable)
    return list(run_layer(layer, call, *xs))


def difference(mine: list[Array], theirs: list[Array], tolerance: float = 1e-5) -> str | None:
    """How two answers differ by more than a share of the largest number; None if they do not."""
    if [x.shape for x in mine] != [x.shape for x in theirs]:
        return f"shapes {[x.shape for x in mine]} and {[x.shape for x in theirs]}"
    for number, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        finite = b[np.isfinite(b)]
        scale = float(np.abs(finite).max(initial=0))
        if not np.allclose(a, b, rtol=0, atol=tolerance * scale, equal_nan=True):
            return (
                f"output {number} differs by {float(np.nanmax(np.abs(a - b))):.3g}, the largest number is {scale:.3g}"
            )
    return None


# --- Keras ---------------------------------------------------------------------------------------------------------

PROJECTIONS = {"query", "key", "value", "gate", "attention_output"}
DIRECTIONS = {"forward_layer": "forward", "backward_layer": "backward"}
NAMELESS = {"LayerScale": "gamma"}
"""Keras layers whose one weight was not given a name."""


def keras_names(layer: Any) -> list[tuple[str, Any]]:
    """Each variable of a Keras layer and the name that the weight has here, told by where in the layer it is."""
    import keras

    if isinstance(layer, keras.layers.Bidirectional):
        pairs = [
            (f"{direction}_{name}", variable)
            for attribute, direction in DIRECTIONS.items()
            for name, variable in keras_names(getattr(layer, attribute))
        ]
    elif isinstance(layer, (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention)):
        pairs = [("_".join(variable.path.split("/")[-2:]), variable) for variable in layer.weights]
    elif type(layer).__name__ in NAMELESS:
        pairs = [(NAMELESS[type(layer).__name__], variable) for variable in layer.weights]
    else:
        pairs = [(variable.path.split("/")[-1], variable) for variable in layer.weights]
    pairs = [(name, variable) for name, variable in pairs if "seed_generator" not in variable.path]
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"two weights of one name: {names}"
    return pairs


def assign(layer: Any, weights: dict[str, Array]) -> None:
    """Give a Keras layer its weights by name: all of them, and nothing else."""
    variables = dict(keras_names(layer))
    assert set(variables) == set(weights), f"Keras has {sorted(variables)}, given are {sorted(weights)}"
    for name, variable in variables.items():
        assert tuple(variable.shape) == weights[name].shape, name
        variable.assign(weights[name])
    if hasattr(layer, "finalize_state"):  # Normalization computes with copies of its weights
        layer.finalize_state()


def keras_run(architecture: Architecture, xs: dict[str, Array], weights: dict[str, dict[str, Array]]) -> dict[str, list[Array]]:  # fmt: skip
    """All outputs of every layer of a network in Keras, by the architecture's names.

    Raises ArchitectureError where Keras has no exact form of a layer.
    """
    ask_module = _keras_build()
    import keras

    plain = ask_module._renamed(architecture)
    model = ask_module._model(plain)
    found, last = {}, {}
    for short, node in zip(plain.nodes, architecture.nodes, strict=True):
        if node.shares is None:
            last[short.name] = model.get_layer(short.name)
            if node.layer.kind() != "Input":
                owner = _with_weights(model, short.name)
                assign(owner, weights.get(node.name, {}))
        found[node.name] = short.name
    outputs = ask_module._outputs(plain, last)
    probe = keras.Model(model.inputs, {name: outputs[short] for name, short in found.items()})
    fed = {found[name]: x for name, x in xs.items()}
    answers = probe([fed[tensor.name] for tensor in model.inputs], training=False)
    return {name: [_array(each) for each in answers[name]] for name in found}


def _keras_build() -> Any:
    import os

    from cnncalc.interop import frameworks

    os.environ.setdefault("KERAS_BACKEND", frameworks._backend() or "tensorflow")
    from cnncalc.interop import keras_build

    return keras_build


def _with_weights(model: Any, name: str) -> Any:
    """The Keras layer that holds the weights of a node, which may be written as several: `n1_full`, then `n1`."""
    names = {layer.name for layer in model.layers}
    return model.get_layer(f"{name}_full" if f"{name}_full" in names else name)


def _array(tensor: Any) -> Array:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(tensor))


def keras_answer(layer: Layer, xs: list[Array]) -> Answer:
    """One layer in Keras, with the weights that its rule says.

    Raises ArchitectureError where Keras has no exact form of the layer, and whatever Keras raises.
    """
    shapes = tuple(x.shape[1:] for x in xs)
    weights = weights_for(layer, shapes)
    if getattr(layer, "return_attention_scores", False):
        return Answer(weights, _with_scores(layer, xs, weights))
    found = keras_run(alone(layer, shapes), {f"x{n}": x for n, x in enumerate(xs)}, {"layer": weights})
    return Answer(weights, found["layer"])


def _with_scores(layer: Layer, xs: list[Array], weights: dict[str, Array]) -> list[Array]:
    """The answer of an attention layer with its scores, which Keras is asked for at a call, not in a config."""
    build = _keras_build()
    plain = layer.model_copy(update={"return_attention_scores": False})
    model = build._model(build._renamed(alone(plain, tuple(x.shape[1:] for x in xs))))
    made = model.layers[-1]
    assign(made, weights)
    separate = layer.kind() in {"MultiHeadAttention", "GroupQueryAttention"}
    return [_array(each) for each in made(*(xs if separate else [xs]), return_attention_scores=True)]


# --- PyTorch -------------------------------------------------------------------------------------------------------


def torch_answer(layer: Layer, xs: list[Array]) -> Answer:
    """One layer in PyTorch, with weights that fit its modules; they come back under cnncalc's names.

    Raises cnncalc.interop.torch_parts.Impossible where PyTorch has no such module, and whatever PyTorch raises.
    """
    import torch

    from cnncalc.interop.torch_parts import part
    from cnncalc.interop.torch_parts.base import settle

    shapes = tuple(x.shape[1:] for x in xs)
    made = part(layer, shapes)
    settle(made, trainable=layer.trainable)
    random = np.random.default_rng(0)
    state: dict[str, Array] = {}
    with torch.no_grad():
        for number, module in enumerate(made.modules):
            for name, value in (*module.named_parameters(), *module.named_buffers()):
                if value.is_floating_point():
                    positive = (1, 17) if name.endswith("running_var") else ()
                    value.copy_(torch.from_numpy(eighths(random, tuple(value.shape), *positive)))
                    state[f"{number}.{name}"] = value.numpy().copy()
        found = made.run([torch.from_numpy(x) for x in xs])
    outputs = found if isinstance(found, tuple) else (found,)
    weights = {name: np.asarray(w, order="C") for name, w in witness_weights(layer, state, shapes).items()}
    return Answer(weights, [each.numpy() for each in outputs])
