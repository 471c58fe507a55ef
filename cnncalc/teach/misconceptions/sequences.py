"""Recurrence, tables and attention: G, E and A codes."""

from __future__ import annotations

from ...arithmetic import Dim, prod
from ...language import Text
from ...layers.attention import MultiHeadAttention
from ...layers.embedding import Embedding
from ...layers.recurrent import GRU, LSTM, RNN
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case


def _gate(case: Case) -> Dim:
    """The parameters of one gate without its bias."""
    return case.x[-1] * _units(case) + _units(case) * _units(case)


def _units(case: Case) -> Dim:
    assert isinstance(case.layer, RNN), "asked of recurrent layers"
    return case.layer.units


def _gates(case: Case) -> int:
    assert isinstance(case.layer, RNN), "asked of recurrent layers"
    return case.layer.gates


def _biases(case: Case) -> int:
    """How many biases a gate has."""
    assert isinstance(case.layer, RNN), "asked of recurrent layers"
    if not case.layer.use_bias:
        return 0
    return 2 if isinstance(case.layer, GRU) and case.layer.reset_after else 1


def _with_gates(case: Case, gates: int) -> Answers:
    return (gates * (_gate(case) + _biases(case) * _units(case)),)


def _with_biases(case: Case, biases: int) -> Answers:
    return (_gates(case) * (_gate(case) + biases * _units(case)),)


def _biased(case: Case) -> bool:
    return _biases(case) > 0


def _table(case: Case) -> Embedding:
    assert isinstance(case.layer, Embedding), "asked of an Embedding"
    return case.layer


def _heads(case: Case) -> MultiHeadAttention:
    assert isinstance(case.layer, MultiHeadAttention), "asked of it"
    return case.layer


def _plain_heads(case: Case) -> bool:
    """Whether query, key and value have the same features and there is nothing unusual."""
    layer, width = _heads(case), case.x[-1]
    usual = layer.value_dim is None and layer.output_shape is None and not layer.use_gate
    return usual and all(x[-1] == width for x in case.inputs)


def _projections(case: Case, heads: Dim, number: int) -> Answers:
    """`number` projections between the features and `heads` heads of `key_dim`, the last of them back."""
    layer, d = _heads(case), case.x[-1]
    inner, bias = heads * layer.key_dim, int(layer.use_bias)
    back = inner * d + bias * d if number > 3 else 0
    return (min(number, 3) * (d * inner + bias * inner) + back,)


PARAMS, SHAPE, GATED = Quantity.PARAMS, Quantity.SHAPE, (RNN,)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "G01", PARAMS, (LSTM, GRU),
        Text("one gate"),
        Text("the layer was counted as if it had a single gate"),
        Text("How many gates does the cell have, each with weights of its own?"),
        JUDGMENT,
        lambda c: _with_gates(c, 1),
    ),
    Misconception(
        "G02", PARAMS, (LSTM, GRU),
        Text("the other cell's gates"),
        Text("the gates of the other cell were counted: LSTM and GRU do not have equally many"),
        Text("Name the gates of this cell. How many are they?"),
        JUDGMENT,
        lambda c: _with_gates(c, 3 if isinstance(c.layer, LSTM) else 4),
    ),
    Misconception(
        "G03", PARAMS, (GRU,),
        Text("one bias per gate"),
        Text("one bias was counted for every gate and unit, but with reset_after there are two"),
        Text("To which products does the layer add a bias, with reset_after?"),
        "the Keras documentation of GRU, reset_after",
        lambda c: _with_biases(c, 1), lambda c: _biases(c) == 2,
    ),
    Misconception(
        "G04", PARAMS, GATED,
        Text("two biases per gate"),
        Text("two biases were counted for every gate and unit, as PyTorch has them"),
        Text("How many biases does Keras give a gate?"),
        "the PyTorch documentation of LSTM: bias_ih and bias_hh",
        lambda c: _with_biases(c, 2), lambda c: _biases(c) == 1,
    ),
    Misconception(
        "G05", PARAMS, GATED,
        Text("recurrent weights forgotten"),
        Text("only the weights of the step's input were counted"),
        Text("What else does a step read besides its input?"),
        JUDGMENT,
        lambda c: (_gates(c) * (c.x[-1] + _biases(c)) * _units(c),),
    ),
    Misconception(
        "G06", PARAMS, GATED,
        Text("recurrent layer without bias"),
        Text("the biases are missing"),
        Text("What does every unit add to its sum of products?"),
        JUDGMENT,
        lambda c: _with_biases(c, 0), _biased,
    ),
    Misconception(
        "G07", PARAMS, GATED,
        Text("weights per step"),
        Text("the weights were counted again at every step"),
        Text("Does the layer use other weights at another step?"),
        JUDGMENT,
        lambda c: (c.x[0] * c.params,),
    ),
    Misconception(
        "G08", SHAPE, GATED,
        Text("sequence or last step"),
        Text("all steps were kept where the layer gives the last one, or the last one where it gives all"),
        Text("What does return_sequences say?"),
        JUDGMENT,
        lambda c: (c.output[1:] if len(c.output) > 1 else (c.x[0], *c.output),),
    ),
    Misconception(
        "E01", PARAMS, (Embedding,),
        Text("a row for padding"),
        Text("a row was added to the table for padding"),
        Text("Is the row of index 0 among the input_dim rows, or one more?"),
        JUDGMENT,
        lambda c: ((_table(c).input_dim + 1) * _table(c).output_dim,),
    ),
    Misconception(
        "E02", PARAMS, (Embedding,),
        Text("table with bias"),
        Text("biases were counted, but a table is only looked up"),
        Text("What is done with a row after it has been looked up?"),
        JUDGMENT,
        lambda c: ((_table(c).output_dim + 1) * _table(c).input_dim,),
    ),
    Misconception(
        "E03", PARAMS, (Embedding,),
        Text("a row per step"),
        Text("the length of the sequence was taken for the number of rows"),
        Text("For how many different words must the table have a row?"),
        JUDGMENT,
        lambda c: (prod(c.x) * _table(c).output_dim,),
    ),
    Misconception(
        "E04", SHAPE, (Embedding,),
        Text("embedding replaces the sequence"),
        Text("the axis of the sequence is missing"),
        Text("How many rows are looked up for one sequence?"),
        JUDGMENT,
        lambda c: (c.output[-1:], (_table(c).input_dim, _table(c).output_dim)),
    ),
    Misconception(
        "A01", PARAMS, (MultiHeadAttention,),
        Text("a single head"),
        Text("the projections were counted for a single head"),
        Text("Does every head have projections of its own?"),
        JUDGMENT,
        lambda c: _projections(c, 1, 4), lambda c: _plain_heads(c) and _heads(c).num_heads > 1,
    ),
    Misconception(
        "A02", PARAMS, (MultiHeadAttention,),
        Text("output projection forgotten"),
        Text("only the projections of query, key and value were counted"),
        Text("How do the heads' results become one vector again?"),
        JUDGMENT,
        lambda c: _projections(c, _heads(c).num_heads, 3), _plain_heads,
    ),
    Misconception(
        "A03", PARAMS, (MultiHeadAttention,),
        Text("attention without bias"),
        Text("the biases of the projections are missing"),
        Text("What does every projection add to its products?"),
        JUDGMENT,
        lambda c: (4 * c.x[-1] * _heads(c).num_heads * _heads(c).key_dim,),
        lambda c: _plain_heads(c) and _heads(c).use_bias,
    ),
    Misconception(
        "A04", SHAPE, (MultiHeadAttention,),
        Text("heads side by side"),
        Text("the results of the heads were left side by side"),
        Text("Into what are the heads projected at the end?"),
        JUDGMENT,
        lambda c: ((*c.output[:-1], _heads(c).num_heads * _heads(c).key_dim),),
    ),
)  # fmt: skip
