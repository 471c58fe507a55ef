"""Recurrent layers and wrappers in NumPy: by hand, and each way to write the same network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_witness import numbers, valid

from cnncalc.layers import Layer, kind
from cnncalc.witness import Array, Store
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer


def layer(name: str, **fields: Any) -> Layer:
    return kind(name)(**fields)


def ran(made: Layer, *xs: Array, given: dict[str, Array] | None = None) -> tuple[Array, ...]:
    return run_layer(made, Call("x", Store({"x": given} if given else None), Tally()), *xs)


def columns(*values: float) -> Array:
    """One row; of float64, so that what is worked out by hand is met closely."""
    return np.array([values], np.float64)


SEQUENCE = np.array([[[1.0], [2.0], [3.0]]])


@pytest.mark.parametrize(("backwards", "expected"), [(False, [1, 12, 123]), (True, [3, 32, 321])])
def test_a_plain_recurrence_by_hand(backwards: bool, expected: list[int]) -> None:  # noqa: FBT001 - a case
    """h = x + 10 h reads the digits of the sequence."""
    made = layer(
        "SimpleRNN", units=1, activation="linear", use_bias=False, return_sequences=True, go_backwards=backwards
    )
    (found,) = ran(made, SEQUENCE, given={"kernel": columns(1), "recurrent_kernel": columns(10)})
    assert found.ravel().tolist() == expected


def test_integers_stay_exact() -> None:
    made = layer("SimpleRNN", units=1, activation="linear", use_bias=False)
    one, ten = np.array([[1]]), np.array([[10]])
    (found,) = ran(made, np.full((1, 18, 1), 7), given={"kernel": one, "recurrent_kernel": ten})
    assert found.tolist() == [[777777777777777777]]


def test_a_step_of_an_lstm_by_hand() -> None:
    """With a bias of log 3 a gate is open by 3/4: in is open, forget by 3/4, new is x, out by 1/2."""
    made = layer("LSTM", units=1, activation="linear", return_state=True)
    bias = np.array([1e3, np.log(3), 0, 0])
    given = {"kernel": columns(0, 0, 1, 0), "recurrent_kernel": columns(0, 0, 0, 0), "bias": bias}
    h, again, c = ran(made, np.array([[[6.0], [2.0]]]), given=given)
    assert c.item() == pytest.approx(6 * 3 / 4 + 2)
    assert h.item() == again.item() == pytest.approx(c.item() / 2)


@pytest.mark.parametrize("after", [False, True])
def test_a_step_of_a_gru_by_hand(after: bool) -> None:  # noqa: FBT001 - a case
    """Update keeps 3/4 of 8 and reset 1/4 of it; a bias of 4 on the product is reset only when that comes after."""
    made = layer("GRU", units=1, activation="linear", reset_after=after)
    early = np.array([np.log(3), -np.log(3), 0 if after else 4])
    bias = np.stack([early, np.array([0, 0, 4])]) if after else early
    given = {"kernel": columns(0, 0, 1), "recurrent_kernel": columns(0, 0, 1), "bias": bias}
    (h,) = ran(made, np.array([[[2.0]]]), np.array([[8.0]]), given=given)
    new = 2 + 8 / 4 + (4 / 4 if after else 4)
    assert h.item() == pytest.approx(3 / 4 * 8 + new / 4)


def test_a_convolution_of_one_pixel_is_an_lstm() -> None:
    convolved = layer("ConvLSTM2D", filters=3, kernel_size=1, return_sequences=True)
    plain = layer("LSTM", units=3, return_sequences=True)
    (x,) = numbers(((4, 2, 2, 5),))
    store = Store()
    (y,) = run_layer(convolved, Call("x", store, Tally()), x)
    flat = {name: weight.array.reshape(weight.array.shape[-2:] if "kernel" in name else -1) for name, weight in store.of("x").items()}  # fmt: skip
    for row, column in np.ndindex(2, 2):
        (pixel,) = ran(plain, x[:, :, row, column], given=flat)
        np.testing.assert_allclose(y[:, :, row, column], pixel, rtol=1e-5)


@pytest.mark.parametrize("data_format", ["channels_first", "channels_last"])
def test_states_go_on_where_they_were_left(data_format: str) -> None:
    made = layer("ConvLSTM1D", filters=3, kernel_size=2, return_state=True, data_format=data_format)
    (x,) = numbers(((4, 6, 5),))
    whole, *last = ran(made, x)
    _, *half = ran(made, x[:, :2])
    rest, *states = ran(made, x[:, 2:], *half)
    np.testing.assert_allclose(rest, whole, rtol=1e-5)
    np.testing.assert_allclose(states, last, rtol=1e-5)


def test_the_forget_gate_starts_open() -> None:
    for made, shape in ((layer("LSTM", units=2), (3, 4)), (layer("ConvLSTM1D", filters=2, kernel_size=1), (3, 4, 1))):
        store = Store()
        run_layer(made, Call("x", store, Tally()), *numbers((shape,)))
        assert store.of("x")["bias"].array.tolist() == [0, 0, 1, 1, 0, 0, 0, 0]


def test_distributed_layers_may_have_several_inputs_and_outputs() -> None:
    a, b = numbers(((3, 4), (3, 4)), batch=2)
    (y,) = ran(layer("TimeDistributed", layer=layer("Add")), a, b)
    np.testing.assert_array_equal(y, a + b)
    inner = layer("GRU", units=2, return_state=True)
    (x,) = numbers(((3, 4, 5),), batch=2)
    found = ran(layer("TimeDistributed", layer=inner), x)
    for step in range(3):
        for whole, one in zip(found, ran(inner, x[:, step]), strict=True):
            np.testing.assert_allclose(whole[:, step], one, rtol=1e-5, atol=1e-7)


def test_a_bidirectional_layer_is_pytorchs_stack_of_one() -> None:
    """Where reset comes after, the GRUs of both are equal but for the order of the gates and the turn of the matrices."""
    both = layer("Bidirectional", layer=layer("GRU", units=2, return_sequences=True, return_state=True))
    stack = layer("StackedGRU", hidden_size=2, bidirectional=True)
    (x,) = numbers(((4, 3),))
    store = Store()
    sequence, states = run_layer(stack, Call("x", store, Tally()), x)
    given = {}
    for direction, suffix in (("forward", ""), ("backward", "_reverse")):
        kernel, recurrent, *bias = (
            store.of("x")[f"{name}_l0{suffix}"].array[[2, 3, 0, 1, 4, 5]].T
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        given |= {f"{direction}_kernel": kernel, f"{direction}_recurrent_kernel": recurrent, f"{direction}_bias": np.stack(bias)}  # fmt: skip
    found, ahead, back = ran(both, x, given=given)
    np.testing.assert_allclose(found, sequence, rtol=1e-5)
    np.testing.assert_allclose(np.stack([ahead, back], 1), states, rtol=1e-5)


LSTM = {"units": 3}
BACK = {"units": 2, "go_backwards": True}


@pytest.mark.parametrize(
    ("name", "fields", "shapes"),
    [
        ("LSTM", LSTM, ((4, 5), (3,), (2,))),
        ("LSTM", LSTM, ((4, 5), (3,))),
        ("Bidirectional", {"layer": layer("LSTM", **LSTM)}, ((4, 5), (3,), (3,))),
        ("Bidirectional", {"layer": layer("LSTM", **LSTM), "backward_layer": layer("LSTM", **BACK), "merge_mode": "sum"}, ((4, 5),)),
        ("TimeDistributed", {"layer": layer("Add")}, ((4, 5), (1, 5))),
    ],
)  # fmt: skip
def test_what_numpy_could_not_multiply_is_refused(name: str, fields: dict[str, Any], shapes: Any) -> None:
    assert not valid(layer(name, **fields), shapes)


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("SpectralNormalization", {"layer": layer("SeparableConv2D", filters=2, kernel_size=3)}, "kernel"),
        ("SpectralNormalization", {"layer": layer("Unfold", kernel_size=3)}, "kernel"),
        ("SpectralNormalization", {"layer": layer("LSTM", units=3)}, "kernel"),
        ("Bidirectional", {"layer": layer("LSTM", **LSTM), "backward_layer": layer("LSTM", **BACK, return_state=True)}, "return_state"),
    ],
)  # fmt: skip
def test_what_keras_cannot_wrap_is_refused(name: str, fields: dict[str, Any], told: str) -> None:
    """Keras 3.15.1 raises a ValueError on each."""
    with pytest.raises(ValueError, match=told):
        layer(name, **fields)
