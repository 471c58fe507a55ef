"""Memory, by hand."""

from __future__ import annotations

from cnncalc.architecture import build
from cnncalc.derive import derive


def test_a_chain() -> None:
    """10 -> 20 -> 5: the peak holds 10 + 20, then 20 + 5 and no more; weights 220 + 105."""
    data = {"input": [10], "layers": [{"Dense": 20}, {"Dense": 5}]}
    memory = derive(build(data)).memory
    assert memory.weights == 4 * (10 * 20 + 20 + 20 * 5 + 5)
    assert memory.inference_peak == 4 * (10 + 20)
    assert memory.outputs == 4 * (10 + 20 + 5)
    assert memory.training_sum == memory.weights + memory.gradients + memory.outputs


def test_a_branch_keeps_its_input() -> None:
    """The shortcut keeps the input's 10 alive while 30 and 10 are made: 10 + 30 + 10."""
    data = {"input": [10], "layers": [{"Residual": {"layers": [{"Dense": 30}, {"Dense": 10}]}}]}
    assert derive(build(data)).memory.inference_peak == 4 * (10 + 30 + 10)


def test_batch_and_dtype() -> None:
    data = {"input": [10], "layers": [{"Dense": 20}]}
    memory = derive(build(data), batch=8, dtype="float16").memory
    assert (memory.inference_peak, memory.weights) == (2 * 8 * 30, 2 * 220)


def test_an_output_stays() -> None:
    """The first head's 7 must still be there when the second head's 9 is made."""
    heads = [
        {"Dense": {"units": 7, "name": "a", "inputs": "input"}},
        {"Dense": {"units": 9, "name": "b", "inputs": "input"}},
    ]
    assert derive(build({"input": [4], "layers": heads})).memory.inference_peak == 4 * (4 + 7 + 9)


def test_frozen_weights_have_no_gradients() -> None:
    data = {"input": [4], "layers": [{"Dense": {"units": 2, "trainable": False}}]}
    assert derive(build(data)).memory.gradients == 0
