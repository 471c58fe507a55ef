"""Attention, embeddings and rearrangements in the witness, by hand; shapes of scores as Keras 3.15.1 made them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.errors import ArchitectureError
from cnncalc.layers import kind
from cnncalc.witness import Array, Store
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer

Weights = dict[str, Any]


def run(name: str, fields: Weights, *xs: Any, weights: Weights | None = None) -> tuple[Array, ...]:
    """What a layer of this kind makes of one example."""
    layer = kind(name)(**fields)
    given = None if weights is None else {"x": {key: np.asarray(value, float) for key, value in weights.items()}}
    return run_layer(layer, Call("x", Store(given), Tally()), *(np.asarray(x, np.float32)[None] for x in xs))


TWO_HEADS = {"num_heads": 2, "key_dim": 3, "return_attention_scores": True}


@pytest.mark.parametrize(
    ("name", "fields", "query", "value", "scores"),
    [
        ("MultiHeadAttention", {}, (5, 6), (3, 6), (2, 5, 3)),
        ("MultiHeadAttention", {}, (4, 5, 6), (7, 8, 6), (2, 4, 5, 7, 8)),
        ("MultiHeadAttention", {"attention_axes": [1]}, (4, 5, 6), (7, 5, 6), (5, 2, 4, 7)),
        ("MultiHeadAttention", {"attention_axes": [2]}, (4, 5, 6), (4, 8, 6), (4, 2, 5, 8)),
        ("MultiHeadAttention", {"attention_axes": [2, 1]}, (4, 5, 6), (7, 8, 6), (2, 5, 4, 8, 7)),
    ],
)
def test_scores_have_the_shape_that_keras_makes(
    name: str, fields: Weights, query: tuple[int, ...], value: tuple[int, ...], scores: tuple[int, ...]
) -> None:
    layer = kind(name)(**TWO_HEADS, **fields)
    assert layer.facts((query, value)).others == (scores,)
    assert run(name, {**TWO_HEADS, **fields}, np.ones(query), np.ones(value))[1].shape == (1, *scores)


def test_attention_by_hand() -> None:
    """Scores ln 3 and 0 are shares of 3/4 and 1/4."""
    output, shares = run(
        "Attention", {"return_attention_scores": True}, [[np.log(3)]], [[8], [4]], [[1], [0]]
    )  # query, value, key
    np.testing.assert_allclose(shares, [[[0.75, 0.25]]], rtol=1e-6)
    np.testing.assert_allclose(output, [[[7]]], rtol=1e-6)


ONES = {
    "query_kernel": [[[1]]],
    "key_kernel": [[[1]]],
    "value_kernel": [[[1]]],
    "attention_output_kernel": [[[1]]],
}


def test_a_sliding_window_by_hand() -> None:
    """A window of 1 sees a query's own position alone; what is near to nothing takes nothing (Keras with scores)."""
    fields = {"num_heads": 1, "key_dim": 1, "use_bias": False, "sliding_window": 1, "return_attention_scores": True}
    output, shares = run("MultiHeadAttention", fields, [[1], [1], [1]], [[5], [7]], weights=ONES)
    assert output.ravel().tolist() == [5, 7, 0]
    assert shares[0, 0].tolist() == [[1, 0], [0, 1], [0, 0]]


def test_without_scores_keras_takes_the_mean_where_nothing_is_near() -> None:
    """Keras 3.15.1 on PyTorch: its fused form differs from the other one here."""
    fields = {"num_heads": 1, "key_dim": 1, "use_bias": False, "sliding_window": 1}
    (output,) = run("MultiHeadAttention", fields, [[1], [1], [1]], [[5], [7]], weights=ONES)
    assert output.ravel().tolist() == [5, 7, 6]


def test_a_window_along_two_axes_is_refused() -> None:
    with pytest.raises(ArchitectureError, match="one axis alone"):
        run("MultiHeadAttention", {**TWO_HEADS, "sliding_window": 2}, np.ones((2, 3, 4)), np.ones((2, 3, 4)))


def test_sequences_of_other_maps_are_refused() -> None:
    with pytest.raises(ArchitectureError, match="without attention must be equal"):
        run("Attention", {}, np.ones((2, 3, 4)), np.ones((5, 3, 4)))


TABLE = [[0, 1], [10, 11], [20, 21]]


@pytest.mark.parametrize(
    ("name", "indices", "rows"),
    [
        ("Embedding", [2, 0.9, 1], [[20, 21], [0, 1], [10, 11]]),  # 0.9 is cut to 0
        ("ReversibleEmbedding", [2, 1], [[20, 21], [10, 11]]),
        ("Embedding", [2, np.nan], [[20, 21], [np.nan, np.nan]]),
        ("EmbeddingBag", [2, 1], [15, 16]),
        ("EmbeddingBag", [2, np.nan], [np.nan, np.nan]),
        ("EmbeddingBag", 2, [20, 21]),
    ],
)
def test_rows_of_a_table(name: str, indices: Any, rows: Any) -> None:
    (found,) = run(name, {"input_dim": 3, "output_dim": 2}, indices, weights={"embeddings": TABLE})
    np.testing.assert_array_equal(found[0], rows)


@pytest.mark.parametrize(("index", "told"), [(3, "holds 3"), (-1, "holds -1"), (np.inf, "holds inf")])
def test_an_index_without_a_row_is_told(index: float, told: str) -> None:
    with pytest.raises(ArchitectureError, match=f"x has rows 0 to 2, but its input {told}"):
        run("Embedding", {"input_dim": 3, "output_dim": 2}, [0, index])


SQUARE = [[[0, 1], [2, 3]]]
"""One channel, first."""


def test_pixels_and_channels_change_places_by_hand() -> None:
    (channels,) = run("PixelUnshuffle", {"downscale_factor": 2, "data_format": "channels_first"}, SQUARE)
    assert channels[0].tolist() == [[[0]], [[1]], [[2]], [[3]]]
    (square,) = run("PixelShuffle", {"upscale_factor": 2, "data_format": "channels_first"}, channels[0])
    assert square[0].tolist() == SQUARE
    (last,) = run("PixelShuffle", {"upscale_factor": 2, "data_format": "channels_last"}, [[[0, 1, 2, 3]]])
    assert last[0, :, :, 0].tolist() == SQUARE[0]


def test_channels_are_dealt_out_in_turn() -> None:
    """Two groups of three: 0 1 2 and 3 4 5."""
    fields = {"groups": 2, "data_format": "channels_last"}
    (found,) = run("ChannelShuffle", fields, [[[0, 1, 2, 3, 4, 5]]])
    assert found.ravel().tolist() == [0, 3, 1, 4, 2, 5]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("ExpandDims", {"axis": 1}),
        ("Permute", {"dims": [3, 1, 2]}),
        ("Reshape", {"target_shape": [-1]}),
        ("Unflatten", {"axis": 2, "sizes": [2, -1]}),
        ("PixelShuffle", {"upscale_factor": 2}),
        ("PixelUnshuffle", {"downscale_factor": 2}),
        ("ChannelShuffle", {"groups": 2}),
        ("Reduce", {"function": "max"}),
        ("Reduce", {"function": "prod"}),
    ],
)
def test_a_nan_stays_one_nan_and_integers_stay_integers(name: str, fields: Weights) -> None:
    x = np.arange(4 * 4 * 4).reshape(1, 4, 4, 4)
    poked = x.astype(np.float32)
    poked[0, 1, 2, 3] = np.nan
    call = Call("x", Store(), Tally())
    assert np.isnan(run_layer(kind(name)(**fields), call, poked)[0]).sum() == 1
    assert run_layer(kind(name)(**fields), call, x)[0].dtype == x.dtype


@pytest.mark.parametrize(
    ("name", "fields", "shape", "limits"),
    [
        # Keras takes contracted axes for inputs and the others for outputs: sqrt(6 / (8 + 2 * 16))
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 16}, (3, 8), {"query_kernel": (6 / 40) ** 0.5}),
        ("EinsumDense", {"equation": "abc,bcd->ad", "output_shape": 90}, (2, 30), {"kernel": (6 / 150) ** 0.5}),
        # PyTorch's Linear is within 1 / sqrt(inputs), its in_proj within sqrt(6 / (E + 3 E))
        (
            "TransformerEncoderLayer",
            {"d_model": 16, "nhead": 2, "dim_feedforward": 64},
            (3, 16),
            {
                "self_attn.in_proj_weight": (6 / 64) ** 0.5,
                "self_attn.out_proj.weight": 1 / 4,
                "self_attn.out_proj.bias": 0,
                "linear1.bias": 1 / 4,
                "linear2.weight": 1 / 8,
            },
        ),
        ("Embedding", {"input_dim": 50, "output_dim": 20}, (3,), {"embeddings": 0.05}),
    ],
)
def test_weights_start_within_their_limits(
    name: str, fields: Weights, shape: tuple[int, ...], limits: dict[str, float]
) -> None:
    layer, store = kind(name)(**fields), Store()
    run_layer(layer, Call("x", store, Tally()), *[np.zeros((1, *shape), np.float32)] * (2 if "Head" in name else 1))
    for weight, limit in limits.items():
        largest = np.abs(store.of("x")[weight].array).max()
        assert 0.9 * limit <= largest <= limit * (1 + 1e-6)


@pytest.mark.parametrize(
    ("equation", "bias", "told"),
    [
        ("abc,ac->ab", None, "a is the batch"),
        ("ab,bc->c", None, "a is the batch"),
        ("ab,bc->acc", None, "more than once"),
        ("ab,bc->ac", "a", "but the batch, not a"),
        ("ab,bc->ac", "b", "but the batch, not b"),
    ],
)
def test_equations_that_keras_cannot_run_are_refused(equation: str, bias: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        kind("EinsumDense")(equation=equation, output_shape=[4], bias_axes=bias)
