"""Dense layers and what is flattened for them: D codes."""

from __future__ import annotations

from collections.abc import Callable

from ...arithmetic import Dim, Shape, prod
from ...language import Text
from ...layers.activation import Activation
from ...layers.dense import Dense, Flatten
from ...layers.dropout import Dropout
from ...layers.pool import Pooling
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case


def _bias(case: Case) -> int:
    assert isinstance(case.layer, Dense), "asked of Dense"
    return int(case.layer.use_bias)


def biased(case: Case) -> bool:
    return _bias(case) == 1


def on_features(rule: Callable[[Case], tuple[Dim, ...]]) -> Callable[[Case], Answers]:
    """The parameters of a Dense that would read so many features."""

    def wrong(case: Case) -> Answers:
        return tuple((n + _bias(case)) * case.output[-1] for n in rule(case))

    return wrong


def _flattened(case: Case) -> Shape:
    """The map that the Flatten before a Dense, or the Flatten itself, puts in a row."""
    if isinstance(case.layer, Flatten):
        return case.x
    assert case.before is not None, "asked where there is a Flatten"
    return case.before.x


def reads_a_map(case: Case) -> bool:
    """Whether a map was flattened for the layer."""
    flat = case if isinstance(case.layer, Flatten) else case.before
    return flat is not None and isinstance(flat.layer, Flatten) and len(flat.x) > 1


def _sizes_and_channels(case: Case) -> tuple[Shape, Dim]:
    x = _flattened(case)
    flat = case if isinstance(case.layer, Flatten) else case.before
    first = flat is not None and getattr(flat.layer, "data_format", None) == "channels_first"
    return (x[1:], x[0]) if first else (x[:-1], x[-1])


def _positions(case: Case) -> tuple[Dim, ...]:
    return (prod(_sizes_and_channels(case)[0]),)


def _channels(case: Case) -> tuple[Dim, ...]:
    return (_sizes_and_channels(case)[1],)


def _one_axis_less(case: Case) -> tuple[Dim, ...]:
    """Without one of the spatial axes: each in turn."""
    sizes, c = _sizes_and_channels(case)
    return tuple(prod(sizes[:axis] + sizes[axis + 1 :]) * c for axis in range(len(sizes)))


def _has_two_axes(case: Case) -> bool:
    return reads_a_map(case) and len(_sizes_and_channels(case)[0]) > 1


def _pool(case: Case) -> Case | None:
    flat = case if isinstance(case.layer, Flatten) else case.before
    return flat.before if flat is not None else None


def _unpooled(case: Case) -> tuple[Dim, ...]:
    pool = _pool(case)
    assert pool is not None, "asked where there is a pool"
    return (prod(pool.x),)


def _reads_a_pool(case: Case) -> bool:
    pool = _pool(case) if reads_a_map(case) else None
    return pool is not None and isinstance(pool.layer, Pooling)


def _as_shapes(rule: Callable[[Case], tuple[Dim, ...]]) -> Callable[[Case], Answers]:
    return lambda case: tuple((n,) for n in rule(case))


def _row(case: Case) -> Dim:
    """The features of one row, which is all that Dense reads at a time."""
    return case.x[-1]


PARAMS, SHAPE, DENSE, FLATTEN = Quantity.PARAMS, Quantity.SHAPE, (Dense,), (Flatten,)

H_W_ALONE = Text("only height × width was put in a row: the channels are missing")
C_ALONE = Text("only the channels were put in a row: the positions are missing")
ONE_LESS = Text("one of the spatial axes is missing from the row")
BEFORE_POOL = Text("the size before the pool was used")
WHOLE_MAP = Text("How many numbers does the whole map hold?")
LAST_SHAPE = Text("Which shape does the layer directly before Flatten have?")

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "D01", PARAMS, DENSE,
        Text("bias on the input side"),
        Text("a bias was counted for every input, not for every unit"),
        Text("Which sums are biases added to: how many are there?"),
        "stats.stackexchange.com 570254: 32,896 instead of 33,024",
        lambda c: (_row(c) * (c.output[-1] + 1),), biased,
    ),
    Misconception(
        "D02", PARAMS, DENSE,
        Text("Dense without bias"),
        Text("the biases of the units are missing"),
        Text("What does every unit add to its sum of products?"),
        "stats.stackexchange.com 570254",
        lambda c: (_row(c) * c.output[-1],), biased,
    ),
    Misconception(
        "D03", PARAMS, DENSE,
        Text("Dense after height × width"), H_W_ALONE, WHOLE_MAP, JUDGMENT,
        on_features(_positions), reads_a_map,
    ),
    Misconception(
        "D04", PARAMS, DENSE,
        Text("Dense after channels alone"), C_ALONE, WHOLE_MAP, JUDGMENT,
        on_features(_channels), reads_a_map,
    ),
    Misconception(
        "D05", PARAMS, DENSE,
        Text("Dense after one axis less"), ONE_LESS, WHOLE_MAP, JUDGMENT,
        on_features(_one_axis_less), _has_two_axes,
    ),
    Misconception(
        "D06", PARAMS, DENSE,
        Text("Dense after the unpooled map"), BEFORE_POOL, LAST_SHAPE,
        "androidkt.com: mat1 and mat2 shapes cannot be multiplied; geekycodes.in",
        on_features(_unpooled), _reads_a_pool,
    ),
    Misconception(
        "D07", PARAMS, DENSE,
        Text("batch among the features"),
        Text("the number of examples was counted among the features"),
        Text("Does the layer need more weights when more examples come at once?"),
        "scientyficworld.org: treating batch as a feature dimension",
        on_features(lambda c: (_row(c) * c.batch,)), lambda c: c.batch > 1,
    ),
    Misconception(
        "D08", PARAMS, (*FLATTEN, Dropout, Activation),
        Text("parameters where nothing is learned"),
        Text("parameters were counted, but this layer learns nothing"),
        Text("Which numbers of this layer would training change?"),
        "deeplearning.ai 87136",
        lambda c: (prod(c.output), c.output[-1]),
    ),
    Misconception(
        "D09", PARAMS, DENSE,
        Text("one bias for all units"),
        Text("a single bias was counted for all units"),
        Text("Do all units share a bias?"),
        JUDGMENT,
        lambda c: (_row(c) * c.output[-1] + 1,), biased,
    ),
    Misconception(
        "D10", PARAMS, DENSE,
        Text("Dense bias although switched off"),
        Text("biases were counted, but the layer has none"),
        Text("What does use_bias say?"),
        JUDGMENT,
        lambda c: ((_row(c) + 1) * c.output[-1],), lambda c: not biased(c),
    ),
    Misconception(
        "D11", PARAMS, DENSE,
        Text("sizes added"),
        Text("inputs and units were added, not multiplied"),
        Text("How many inputs does every unit read?"),
        JUDGMENT,
        lambda c: (_row(c) + c.output[-1],),
    ),
    Misconception(
        "D12", PARAMS, DENSE,
        Text("Dense on the whole map"),
        Text("the whole map was read by every unit, but Dense works on the last axis alone"),
        Text("Which axis does Dense read? Is there a Flatten before it?"),
        JUDGMENT,
        on_features(lambda c: (prod(c.x),)), lambda c: len(c.x) > 1,
    ),
    Misconception(
        "D13", SHAPE, FLATTEN,
        Text("Flatten keeps height × width"), H_W_ALONE, WHOLE_MAP, JUDGMENT,
        _as_shapes(_positions), reads_a_map,
    ),
    Misconception(
        "D14", SHAPE, FLATTEN,
        Text("Flatten keeps the channels"), C_ALONE, WHOLE_MAP, JUDGMENT,
        _as_shapes(_channels), reads_a_map,
    ),
    Misconception(
        "D15", SHAPE, FLATTEN,
        Text("Flatten drops an axis"), ONE_LESS, WHOLE_MAP, JUDGMENT,
        _as_shapes(_one_axis_less), _has_two_axes,
    ),
    Misconception(
        "D16", SHAPE, FLATTEN,
        Text("Flatten of the unpooled map"), BEFORE_POOL, LAST_SHAPE,
        "androidkt.com; geekycodes.in: 128×784 against 100352",
        _as_shapes(_unpooled), _reads_a_pool,
    ),
    Misconception(
        "D17", SHAPE, FLATTEN,
        Text("axes added in a row"),
        Text("the axes of the map were added, not multiplied"),
        WHOLE_MAP, JUDGMENT,
        lambda c: ((sum(c.x),),), reads_a_map,
    ),
)  # fmt: skip
