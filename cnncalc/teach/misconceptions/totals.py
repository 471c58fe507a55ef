"""Totals of a network: T codes."""

from __future__ import annotations

from fractions import Fraction

from ...arithmetic import Dim, Symbolic, prod
from ...language import Text
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case, Network


def _fixed(network: Network) -> bool:
    """Whether some parameters are not trained."""
    return bool(network.learned != network.params)


def _biases(case: Case) -> Dim:
    """The biases that the layer counts."""
    return 0 if case.shared else sum(prod(shape) for name, shape in case.weights.items() if "bias" in name)


def _all_biases(network: Network) -> Dim:
    return sum(map(_biases, network.cases))


def _less_one(network: Network, quantity: Quantity) -> Answers:
    """The sum without one of the layers, each in turn, where there are several to add."""
    total, parts = network.total(quantity), [case.key(quantity) for case in network.cases]
    parts = [part for part in parts if isinstance(part, Symbolic) or part]
    return tuple(dict.fromkeys(total - part for part in parts)) if len(parts) > 1 else ()


def _inputs(network: Network) -> Dim:
    return sum(prod(case.output) for case in network.cases if not case.inputs)


def _activations(network: Network) -> Answers:
    """The numbers in all maps, without the input and with it."""
    maps = sum(prod(case.output) for case in network.cases if case.inputs)
    return (maps, maps + _inputs(network))


def _shared(network: Network) -> bool:
    return any(case.shared and case.params for case in network.cases)


def _again(network: Network) -> Answers:
    return (sum(case.params for case in network.cases),)


def _megabytes(network: Network) -> Answers:
    """The bytes in MB and in MiB, where bytes are asked for."""
    size = network.params * network.bytes_per_number
    return (Fraction(size, 10**6), Fraction(size, 2**20))


ABOUT = (Network,)
TOTAL, LEARNED = Quantity.TOTAL_PARAMS, Quantity.TRAINABLE_PARAMS
MACS, FLOPS = Quantity.TOTAL_MACS, Quantity.TOTAL_FLOPS
WEIGHTS, TRAINING = Quantity.WEIGHTS_MEMORY, Quantity.TRAINING_MEMORY

CODES: tuple[Misconception[Network], ...] = (
    Misconception(
        "T01", TOTAL, ABOUT,
        Text("trainable for total"),
        Text("only the trainable parameters were added up"),
        Text("Which layers have numbers that no gradient changes?"),
        "Stack Overflow 42521005: the summary that Keras prints",
        lambda n: (n.learned,), _fixed, lettered=False,
    ),
    Misconception(
        "T02", TOTAL, ABOUT,
        Text("shared layer counted again"),
        Text("a layer that is used several times was counted each time"),
        Text("Does using a layer again give it new weights?"),
        JUDGMENT,
        _again, _shared, lettered=False,
    ),
    Misconception(
        "T03", TOTAL, ABOUT,
        Text("activations for parameters"),
        Text("the numbers in the maps were added up, not the parameters"),
        Text("Which numbers stay the same when another image comes in?"),
        JUDGMENT,
        _activations, lettered=False,
    ),
    Misconception(
        "T04", TOTAL, ABOUT,
        Text("no biases in the total"),
        Text("the biases of all layers are missing"),
        Text("What does every filter and every unit add to its products?"),
        "stats.stackexchange.com 570254",
        lambda n: (n.params - _all_biases(n),), lambda n: _all_biases(n) > 0, lettered=False,
    ),
    Misconception(
        "T05", TOTAL, ABOUT,
        Text("a layer missing from the total"),
        Text("the parameters of one layer are missing"),
        Text("Go through the layers one by one. Is each of them in your sum?"),
        JUDGMENT,
        lambda n: _less_one(n, Quantity.PARAMS), lettered=False,
    ),
    Misconception(
        "T06", TOTAL, ABOUT,
        Text("input in the total"),
        Text("the numbers of the input were added to the parameters"),
        Text("Does training change the image?"),
        JUDGMENT,
        lambda n: (n.params + _inputs(n),), lettered=False,
    ),
    Misconception(
        "T07", LEARNED, ABOUT,
        Text("total for trainable"),
        Text("numbers that no gradient changes were counted too"),
        Text("Which parameters does training leave to something else than the gradient?"),
        "Stack Overflow 42521005: the summary that Keras prints",
        lambda n: (n.params,), _fixed, lettered=False,
    ),
    Misconception(
        "T08", LEARNED, ABOUT,
        Text("a layer missing from the trainable"),
        Text("the trainable parameters of one layer are missing"),
        Text("Go through the layers one by one. Is each of them in your sum?"),
        JUDGMENT,
        lambda n: _less_one(n, Quantity.TRAINABLE), lettered=False,
    ),
    Misconception(
        "T09", MACS, ABOUT,
        Text("FLOPs for MACs"),
        Text("every multiply-accumulate was counted as two operations"),
        Text("How many operations is one multiplication with the addition that follows it, here?"),
        "anthonydave.top, FLOPs and MACs",
        lambda n: (2 * n.total(Quantity.MACS),), lettered=False,
    ),
    Misconception(
        "T10", FLOPS, ABOUT,
        Text("MACs for FLOPs"),
        Text("a multiplication and an addition were counted as one operation"),
        Text("How many floating-point operations are in one multiply-accumulate?"),
        "anthonydave.top: THOP counts multiplications only",
        lambda n: (n.total(Quantity.MACS),), lettered=False,
    ),
    Misconception(
        "T11", MACS, ABOUT,
        Text("total of parameters for operations"),
        Text("the parameters were added up, not the operations"),
        Text("How often is each weight used?"),
        JUDGMENT,
        lambda n: (n.params,), lettered=False,
    ),
    Misconception(
        "T12", MACS, ABOUT,
        Text("a layer missing from the operations"),
        Text("the operations of one layer are missing"),
        Text("Go through the layers one by one. Is each of them in your sum?"),
        JUDGMENT,
        lambda n: _less_one(n, Quantity.MACS), lettered=False,
    ),
    Misconception(
        "T13", WEIGHTS, ABOUT,
        Text("numbers for bytes"),
        Text("the numbers were counted, or their bits, but bytes are asked for"),
        Text("How many bytes does one number take?"),
        JUDGMENT,
        lambda n: (n.params, n.params * n.bytes_per_number * 8), lettered=False,
    ),
    Misconception(
        "T14", WEIGHTS, ABOUT,
        Text("another precision"),
        Text("the numbers were given another width"),
        Text("Which number type is used, and how many bytes does it take?"),
        JUDGMENT,
        lambda n: tuple(n.params * size for size in (2, 4, 8) if size != n.bytes_per_number), lettered=False,
    ),
    Misconception(
        "T15", WEIGHTS, ABOUT,
        Text("megabytes for bytes"),
        Text("the memory is given in MB or MiB"),
        Text("In which unit is the answer asked for?"),
        JUDGMENT,
        _megabytes, lettered=False,
    ),
    Misconception(
        "T16", TRAINING, ABOUT,
        Text("outputs forgotten"),
        Text("only weights and gradients were counted: the outputs of the layers are missing"),
        Text("What does the backward pass need besides weights and gradients?"),
        JUDGMENT,
        lambda n: ((n.params + n.learned) * n.bytes_per_number,), lettered=False,
    ),
    Misconception(
        "T17", TRAINING, ABOUT,
        Text("gradients forgotten"),
        Text("the gradients are missing"),
        Text("What is calculated for every trainable parameter before it is changed?"),
        JUDGMENT,
        lambda n: (n.params * n.bytes_per_number + n.outputs_memory,), lambda n: n.learned > 0, lettered=False,
    ),
    Misconception(
        "T18", TRAINING, ABOUT,
        Text("optimizer counted"),
        Text("the optimizer's own numbers were counted too, as Adam has them: two for every trainable parameter"),
        Text("Does the figure asked for include what the optimizer keeps?"),
        JUDGMENT,
        lambda n: ((n.params + 3 * n.learned) * n.bytes_per_number + n.outputs_memory,),
        lambda n: n.learned > 0, lettered=False,
    ),
)  # fmt: skip
