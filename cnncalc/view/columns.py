"""The columns of a summary: what each is called, and how a row fills it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arithmetic import Dim, Shape, prod
from ..derive import Row, Summary
from ..derive.memory import DTYPES
from ..expression import Expr
from ..language import Text

if TYPE_CHECKING:
    from ..derive.conventions import Convention

Cell = Callable[[Row, Summary], Any]


class Column(NamedTuple):
    """A column by the name that `--columns` knows."""

    name: str
    title: Text
    cell: Cell
    """A number, a shape, or a string; a view decides how it looks."""
    right: bool = False


def _axes(numbers: tuple[Any, ...]) -> str:
    """Per-axis numbers, once where they agree."""
    return str(numbers[0]) if len(set(numbers)) == 1 else "×".join(map(_axis, numbers))


def _receptive(part: str) -> Cell:
    def cell(row: Row, summary: Summary) -> str:
        field = row.receptive_field
        if field is None:
            return "–"
        return _axes(getattr(field, part)) + ("" if field.aligned or part != "size" else "*")

    return cell


def _output_bytes(row: Row, summary: Summary) -> Dim:
    return prod(row.output_shape) * DTYPES[summary.dtype] * summary.batch


def _settings(row: Row, summary: Summary) -> str:
    return settings_text(row)


def settings_text(row: Row, hidden: Collection[str] = ()) -> str:
    """The fields that differ from their defaults; those that are `hidden` have a question mark.

    The window and the strides of a pool always stand there: the default of the strides is the size of the window, not 1.
    """
    fields = type(row.layer).model_fields
    always = {"pool_size", "strides"} if "pool_size" in fields else set()
    chosen = [
        (name, value)
        for name, value in row.layer
        if name in hidden or name in always or not _is_default(value, fields[name].default)
    ]
    return ", ".join(f"{name} {'?' if name in hidden else _setting(value)}" for name, value in chosen)


def _is_default(value: Any, default: Any) -> bool:
    """Whether a field says nothing; a default for all axes is one number."""
    return value is None or value == default or (isinstance(value, tuple) and set(value) == {default})


def _setting(value: Any) -> str:
    if isinstance(value, tuple) and value and not isinstance(value[0], tuple):
        return _axes(value)
    return str(value)


COUNTED = "counted"
"""The column that a convention of counting fills; without one it holds the MACs."""

COLUMNS = {
    column.name: column
    for column in (
        Column("layer", Text("Layer"), lambda row, _: row.name),
        Column("kind", Text("Kind"), lambda row, _: row.kind),
        Column("settings", Text("Settings"), _settings),
        Column("inputs", Text("Inputs"), lambda row, _: ", ".join(row.inputs)),
        Column("input", Text("Input shape"), lambda row, _: ", ".join(shape_text(x) for x in row.input_shapes)),
        Column("output", Text("Output shape"), lambda row, _: row.output_shape),
        Column("weights", Text("Weights"), lambda row, _: ", ".join(f"{n} {shape_text(s)}" for n, s in row.weights.items())),
        Column("params", Text("Params"), lambda row, _: row.params, right=True),
        Column("trainable", Text("Trainable"), lambda row, _: row.trainable, right=True),
        Column("non_trainable", Text("Non-trainable"), lambda row, _: row.non_trainable, right=True),
        Column("macs", Text("MACs"), lambda row, _: row.macs, right=True),
        Column("flops", Text("FLOPs"), lambda row, _: 2 * row.macs, right=True),
        Column(COUNTED, Text("MACs"), lambda row, summary: summary.counted(row), right=True),
        Column("rf", Text("Receptive field"), _receptive("size"), right=True),
        Column("jump", Text("Jump"), _receptive("jump"), right=True),
        Column("start", Text("Start"), _receptive("start"), right=True),
        Column("memory", Text("Output bytes"), _output_bytes, right=True),
    )
}  # fmt: skip
"""Every column by name, in the order of `--columns all`."""

DEFAULT = ("layer", "kind", "output", "params")

EVERY = tuple(name for name in COLUMNS if name != COUNTED)
"""`--columns all`."""


def shown(names: Sequence[str], summary: Summary) -> tuple[str, ...]:
    """The columns chosen, and the count of a convention where one was asked for."""
    return tuple(dict.fromkeys((*names, COUNTED) if summary.convention else names))


def column_title(column: Column, summary: Summary) -> Text:
    """What stands above the column: a count says by which convention."""
    return counted_title(summary.convention) if column.name == COUNTED and summary.convention else column.title


def counted_title(convention: Convention) -> Text:
    return Text("{unit} ({name})", unit=convention.unit, name=convention.name)


def shape_text(shape: Shape) -> str:
    """A shape for people: 26×26×32."""
    if len(shape) == 1:
        return str(shape[0])
    return "×".join(_axis(n) for n in shape) if shape else "1"


def _axis(n: Any) -> str:
    """An axis as a factor: a sum of symbols needs brackets."""
    return f"({n})" if isinstance(n, Expr) and n.op in {"sum", "product", "mod"} else str(n)


def number_text(value: Any) -> str:
    """A number for people: 1,179,776."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def cell_text(value: Any) -> str:
    """A cell for people, whatever it holds."""
    return shape_text(value) if isinstance(value, tuple) else number_text(value)


class Total(NamedTuple):
    """A line below the table."""

    label: Text
    value: Any
    """A number, an expression or a text."""

    @property
    def text(self) -> str:
        return cell_text(self.value)


def totals(summary: Summary) -> list[Total]:
    """What the table adds up to."""
    listed = [
        Total(Text("Total params"), summary.total_params),
        Total(Text("Trainable params"), summary.trainable_params),
        Total(Text("Non-trainable params"), summary.non_trainable_params),
        Total(Text("MACs"), summary.total_macs),
        Total(Text("FLOPs (2 per MAC)"), 2 * summary.total_macs),
    ]
    if summary.convention:
        listed.append(Total(counted_title(summary.convention), summary.total_counted))
    memory = summary.memory
    sizes = (memory.weights, memory.inference_peak, memory.training_sum)
    if all(isinstance(size, int) for size in sizes):
        weights, peak, training = map(bytes_text, sizes)
        label = Text("Memory ({dtype}, batch {batch})", dtype=memory.dtype, batch=memory.batch)
        listed.append(Total(label, str(Text("weights {weights}, inference peak {peak}", weights=weights, peak=peak))))
        kept = {"training": training, "gradients": bytes_text(memory.gradients), "outputs": bytes_text(memory.outputs)}
        parts = Text("{training}: weights, gradients {gradients}, all outputs {outputs}", **kept)
        listed.append(Total(Text("Memory in training"), str(parts)))
    if valid := valid_for(summary):
        listed.append(Total(VALID, valid))
    return listed


VALID = Text("Valid for")


def valid_for(summary: Summary) -> str:
    """What the symbols of a summary must be; empty where it has none."""
    if not summary.conditions:
        return ""
    from .domain import domain_text  # noqa: PLC0415 - a network of numbers has no use for it

    return domain_text(summary.domain)


def validity(summary: Summary) -> list[str]:
    """The same as a line, where there is one."""
    valid = valid_for(summary)
    return [f"{VALID}: {valid}"] if valid else []


UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def bytes_text(count: int) -> str:
    """Bytes for people, in units of 1024."""
    power = min(len(UNITS) - 1, max(0, (count.bit_length() - 1) // 10))
    if power == 0:
        return f"{count} B"
    hundredths = (count * 100 + (1 << (10 * power - 1))) >> (10 * power)
    return f"{hundredths // 100:,}.{hundredths % 100:02d} {UNITS[power]}"
