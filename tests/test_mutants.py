"""The witness notices broken rules: every small change of a rule of shape, weights or MACs gives other numbers than NumPy.

    python tests/test_mutants.py

prints the changes that nothing notices, as they stand in `SILENT`, which says why each of them changes no number.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from types import CodeType
from typing import Any

import pytest
from mutant_cases import RUN, Case, cases_of, said
from mutants import Mutant, mutants

from cnncalc.layers import FAMILIES, HOME

SHARED = (
    "arithmetic",
    "window",
    *(f"layers.{name}" for name in ("axes", "base", "fields", "lora", "over_axes", "recurrence")),
)
MODULES = (*SHARED, *(f"layers.{family}" for family in RUN))
"""Where rules stand, for the families that the witness can run."""

COMPLETE = RUN.keys() == FAMILIES.keys()
"""Whether all families can be run; until then, no case may run a part of the shared modules."""

SILENT: dict[str, tuple[str, ...]] = {
    "only symbols come here": (
        "arithmetic.ceildiv: return number.ceildiv(a, b) -> return number.ceildiv(a, b) + 1",
        "arithmetic.ceildiv: return number.ceildiv(a, b) -> return number.ceildiv(a, b)[1:]",
        "arithmetic.ceildiv: number.ceildiv(a, b) -> number.ceildiv(b, a)",
        "arithmetic.ceildiv: (a, b) -> (a,)",
        "arithmetic.ceildiv: (a, b) -> (b,)",
        "arithmetic.ceildiv: (a, b) -> (b, a)",
        "arithmetic.maximum: return _maximum(a, b) -> return _maximum(a, b) + 1",
        "arithmetic.maximum: return _maximum(a, b) -> return _maximum(a, b)[1:]",
        "arithmetic.minimum: return _minimum(a, b) -> return _minimum(a, b) + 1",
        "arithmetic.minimum: return _minimum(a, b) -> return _minimum(a, b)[1:]",
        "layers.fields.scaled: n * exact.numerator // exact.denominator -> -(-(n * exact.numerator) // exact.denominator)",
        "layers.fields.scaled: n * exact.numerator -> n + exact.numerator",
        "layers.fields.scaled: n * exact.numerator -> n",
        "layers.fields.scaled: n * exact.numerator -> exact.numerator",
        "layers.merge.common: rest[0] if rest else 1 -> 1",
        "layers.merge.common: rest[0] -> rest[-1]",
        "layers.merge._settled: sizes[0] -> sizes[-1]",
    ),
    "a layer demands that the division leaves no rest": (
        "layers.activation.GLU.output: x[place] // 2 -> -(-x[place] // 2)",
        "layers.conv.Conv.weights: c // self.groups -> -(-c // self.groups)",
        "layers.shaping.Reshape.output: prod(x) // known -> -(-prod(x) // known)",
        "layers.shaping.Unflatten.output: x[place] // known -> -(-x[place] // known)",
        "layers.shuffle.PixelShuffle.channels: c // (self.upscale_factor * self.upscale_factor) -> -(-c // (self.upscale_factor * self.upscale_factor))",
        "layers.transposed.ConvTranspose.weights: self.filters // self.groups -> -(-self.filters // self.groups)",
        "layers.unfold.Fold.facts: columns // prod(self.kernel_size) -> -(-columns // prod(self.kernel_size))",
    ),
    "axis 0 is the batch, and no layer may name it": (
        "layers.axes.position: axis < 0 -> axis <= 0",
        "layers.axes.position: axis < 0 -> axis < 1",
        "layers.axis_changes.ExpandDims._place: self.axis < 0 -> self.axis <= 0",
        "layers.axis_changes.ExpandDims._place: self.axis < 0 -> self.axis < 1",
    ),
    "the input has two axes": (
        "layers.recurrent.RNN.weights: x[-1] -> x[1]",
        "layers.torch_recurrent.Stacked.weights: x[-1] -> x[1]",
    ),
    "what differs between the inputs is not asked for: they have the same shape, rank or steps, or only the first counts": (
        "layers.merge.Concatenate.facts: xs[0] -> xs[-1]",
        "layers.scaling.CustomScaleLayer.facts: xs[0] -> xs[1]",
        "layers.scaling.CustomScaleLayer.facts: xs[0] -> xs[-1]",
        "layers.wrapper.Bidirectional.facts: xs[:1] -> xs[:]",
        "layers.wrapper.Bidirectional.facts: xs[:1] -> xs[:2]",
        "layers.wrapper.Bidirectional.facts: xs[:1] -> xs[:] (2)",
        "layers.wrapper.Bidirectional.facts: xs[:1] -> xs[:2] (2)",
        "layers.wrapper.TimeDistributed.facts: xs[0] -> xs[-1]",
    ),
    "which pixels are left, and not how many: a matter of receptive fields": (
        "layers.transposed.ConvTranspose._cut: minimum((extra + 1) // 2, half) -> maximum((extra + 1) // 2, half)",
        "layers.transposed.ConvTranspose._cut: (extra + 1) // 2 -> -(-(extra + 1) // 2)",
        "layers.transposed.ConvTranspose._cut: extra + 1 -> extra - 1",
        "layers.transposed.ConvTranspose._cut: extra + 1 -> extra",
        "layers.transposed.ConvTranspose._cut: extra + 1 -> 1",
        "layers.transposed.ConvTranspose._cut: extra + 1 -> extra + 2",
        "layers.transposed.ConvTranspose._cut: extra + 1 -> extra + 0",
        "layers.transposed.ConvTranspose._cut: (extra + 1) // 2 -> (extra + 1) // 3",
        "layers.transposed.ConvTranspose._cut: (extra + 1) // 2 -> (extra + 1) // 1",
        "layers.transposed.ConvTranspose._cut: spread._replace(padding=(half, half), extra=extra, front=front) -> spread._replace(padding=(half, half), extra=extra)",
        "layers.augmentation.Resizing.windows: Resample(self.height, taps, centred=True) -> Resample(self.height, taps)",
        "layers.augmentation.Resizing.windows: True -> False",
        "layers.augmentation.Resizing.windows: Resample(self.width, taps, centred=True) -> Resample(self.width, taps)",
        "layers.augmentation.Resizing.windows: True -> False (2)",
        "layers.augmentation._cut: n >= size -> n > size",
        "layers.augmentation._cut: (n - size) // 2 -> -(-(n - size) // 2)",
        "layers.augmentation._cut: (n - size) // 2 -> (n - size) // 3",
        "layers.augmentation._cut: (n - size) // 2 -> (n - size) // 1",
        "layers.augmentation._cut: n - size -> n + size",
        "layers.augmentation._cut: n - size -> n",
        "layers.augmentation._cut: n - size -> size",
        "layers.augmentation._cut: (-before, before + size - n) -> (before + size - n, -before)",
        "layers.resizing.Cropping.windows: (-before, -after) -> (-after, -before)",
    ),
    "the local `same` says what is read, which is a matter of receptive fields": (
        "layers.custom.Custom.facts: self.output is None -> self.output is not None",
        "layers.custom.Custom.facts: self.output is None -> (not self.output) is None",
    ),
    "names in another order, which changes neither a shape nor a count": (
        "layers.attention.Heads.facts: ('key', 'value') -> ('value', 'key')",
        "layers.normalization.BatchNormalization.weights: (*learned, *moving) -> (*moving, *learned)",
        "layers.torch_recurrent.Stacked._one: ('bias_ih', 'bias_hh') -> ('bias_hh', 'bias_ih')",
    ),
    "for the type checker: the field has a value here": (
        "layers.einsum.EinsumDense._bias: self.bias_axes or '' -> self.bias_axes",
        "layers.einsum.EinsumDense._bias: self.bias_axes or '' -> self.bias_axes or '?'",
        "layers.global_pool.FractionalMaxPooling.windows: self.output_ratio or () -> self.output_ratio",
        "layers.global_pool.FractionalMaxPooling.windows: () -> (1,)",
        "layers.interpolation.Upsample._sizes: self.scale_factor or () -> self.scale_factor",
        "layers.interpolation.Upsample._sizes: () -> (1,)",
    ),
    "what is too long is cut off where it is used": (
        "layers.global_pool.FractionalMaxPooling.windows: ratios * len(spatial) if len(ratios) == 1 else ratios -> ratios * len(spatial)",
        "layers.interpolation.Upsample._sizes: factors * len(spatial) if len(factors) == 1 else factors -> factors * len(spatial)",
        "layers.torch_recurrent.StackedLSTM.states: 2 -> 3",
    ),
    "words and numbers for a padding need no taps; only causal padding does": (
        "layers.transposed.ConvTranspose._cut: self.paddings(self.padding, self.kernel_size, self.dilation_rate) -> self.paddings(self.padding, self.dilation_rate, self.kernel_size)",
        "layers.transposed.ConvTranspose._cut: self.paddings(self.padding, self.kernel_size, self.dilation_rate) -> self.paddings(self.padding, not self.kernel_size, self.dilation_rate)",
        "layers.transposed.ConvTranspose._cut: self.paddings(self.padding, self.kernel_size, self.dilation_rate) -> self.paddings(self.padding, self.kernel_size, not self.dilation_rate)",
    ),
    "a shorter way, for symbols: without it the formula says 0 of one tap too": (
        "window.Window.pads: self.size == 1 -> self.size + 1 == 1",
        "window.Window.pads: self.size == 1 -> (not self.size) == 1",
        "window.Window.pads: self.size == 1 -> self.size == 0",
    ),
    "the size of the batch, which the input's overwrites": (
        "layers.einsum.EinsumDense._output_sizes: (1, *self.output_shape) -> (2, *self.output_shape)",
        "layers.einsum.EinsumDense._output_sizes: (1, *self.output_shape) -> (0, *self.output_shape)",
    ),
    "without dots no axis is left over": (
        "layers.einsum.EinsumDense._elided: x[len(equation.input) - 1:] if equation.after else () -> x[len(equation.input) - 1:]",
    ),
    "two projections of each sequence: it is the same either way round": (
        "layers.transformer.TransformerLayer.facts: self._attention(own, xs[1][0]) -> self._attention(xs[1][0], own)",
    ),
}  # fmt: skip
"""The changes that nothing notices, by the reason."""


@cache
def all_cases() -> tuple[Case, ...]:
    return tuple(case for kinds in RUN.values() for kind in kinds for case in cases_of(kind))


@cache
def running() -> dict[CodeType, list[Case]]:
    """The cases that run a function, by its code."""
    found: dict[CodeType, list[Case]] = {}
    for case in all_cases():
        for code in case.runs:
            found.setdefault(code, []).append(case)
    return found


def concerned(mutant: Mutant) -> list[Case]:
    """The cases that the changed rule has a say in."""
    if isinstance(mutant.rule, CodeType):
        return running().get(mutant.rule, [])
    if isinstance(mutant.rule, type):
        return [case for case in all_cases() if isinstance(case.layer, mutant.rule)]
    return [case for case in all_cases() if f"cnncalc.layers.{HOME[case.layer.kind()]}" == mutant.rule.__name__]


def notices(case: Case) -> bool:
    """Whether the rules, as they are now, say another number than NumPy made, or cannot answer."""
    try:
        return said(case.layer, case.shapes) != case.seen
    except Exception:
        return True


def unnoticed(module: str) -> Iterator[str]:
    """The mutants of a module that no case notices, and the rules that no case runs."""
    idle: dict[str, None] = {}
    for mutant in mutants(module):
        found = concerned(mutant)
        if not found:
            idle[mutant.name.partition(":")[0]] = None
            continue
        with mutant.in_place():
            if not any(map(notices, found)):
                yield mutant.name
    yield from (f"{name}: no case" for name in idle if is_rule(module, name))


def is_rule(module: str, name: str) -> bool:
    """Whether a function that no case runs should be run: it is in a class, and all the layers of that class can run."""
    return name.removeprefix(f"{module}.").count(".") == 1 and (COMPLETE or module not in SHARED)


def test_the_rules_as_they_are_agree() -> None:
    assert [case[:2] for case in all_cases() if notices(case)] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_broken_rule_is_noticed(module: str) -> None:
    known = {name for names in SILENT.values() for name in names if name.startswith(f"{module}.")}
    found = set(unnoticed(module))
    assert found - known == set(), "broken, and nothing notices"
    if COMPLETE or module not in SHARED:
        assert known - found == set(), "no longer there, or noticed now"


def test_a_mutant_is_another_rule_while_it_is_in_place() -> None:
    """By hand: a window of 3 has 5 - 3 + 1 = 3 places on 5 pixels; with the last sign turned round, 1."""
    from cnncalc.window import Window

    (broken,) = (
        each
        for each in mutants("window")
        if each.name == "window.Window.count: room // self.stride + 1 -> room // self.stride - 1"
    )
    assert Window(3).count(5) == 3
    with broken.in_place():
        assert Window(3).count(5) == 1
    assert Window(3).count(5) == 3


def test_without_the_witness_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "notices", lambda case: False)
    assert list(unnoticed("layers.conv")) == [mutant.name for mutant in mutants("layers.conv")]


def test_a_rule_without_a_case_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "concerned", lambda mutant: [])
    assert "layers.conv.Conv.weights: no case" in list(unnoticed("layers.conv"))


def main() -> None:
    """Every mutant that nothing notices; those whose reason is known are marked."""
    known: dict[str, Any] = {name: reason for reason, names in SILENT.items() for name in names}
    for module in MODULES:
        for name in unnoticed(module):
            print(f'{"  " if name in known else "? "}"{name}",')
    print(sum(len(mutants(module)) for module in MODULES), "mutants", len(all_cases()), "cases")


if __name__ == "__main__":
    main()
