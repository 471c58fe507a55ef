"""EinsumDense: a kernel contracted with the input as an equation says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import field_validator, model_validator

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .base import Mixed, Reading, Scope, UnaryLayer, Weights
from .fields import ActivationName, Letter, Positive, wrong
from .lora import Adaptable

EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


class Equation(NamedTuple):
    """The letters of `input,kernel->output`, and on which side three dots stand."""

    input: str
    kernel: str
    output: str
    before: bool
    after: bool


def parsed(text: str) -> Equation | None:
    """The parts of an equation such as `abc,cd->abd` or `...x,xy->...y`; None if it is not one."""
    found = EQUATION.fullmatch(text.replace(" ", ""))
    if found is None or bool(found[1]) != bool(found[5]) or bool(found[3]) != bool(found[7]) or (found[1] and found[3]):
        return None
    return Equation(found[2], found[4], found[6], bool(found[1]), bool(found[3]))


class EinsumDense(UnaryLayer, Adaptable):
    """A Dense layer over any axes: `abc,cd->abd` is Dense on the last of three (Keras `EinsumDense`)."""

    equation: str
    output_shape: Annotated[tuple[Positive | None, ...], Letter()]
    activation: ActivationName = None
    bias_axes: str | None = None

    @field_validator("output_shape", mode="before")
    @classmethod
    def _lone_axis(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int) else value

    @model_validator(mode="after")
    def _letters_have_sizes(self) -> EinsumDense:
        equation = parsed(self.equation)
        if equation is None:
            raise wrong(Text('takes an equation such as "abc,cd->abd", not {value}', value=repr(self.equation)))
        for letter in equation.kernel:
            if letter not in equation.input + equation.output:
                raise wrong(Text("{letter} stands for an axis of the kernel alone", letter=letter))
        for letter in equation.output:
            if letter not in equation.input + equation.kernel:
                raise wrong(Text("{letter} stands for an axis of the output alone", letter=letter))
            if equation.output.count(letter) > 1:
                raise wrong(Text("{letter} stands in the output more than once", letter=letter))
        batch = "" if equation.before else equation.input[0]
        if not equation.output.startswith(batch) or (batch and batch in equation.kernel):
            raise wrong(
                Text("{letter} is the batch: it comes first in the output, and not in the kernel", letter=batch)
            )
        for letter in self.bias_axes or ():
            if letter not in equation.output or letter == batch:
                raise wrong(Text("bias_axes takes letters of the output but the batch, not {letter}", letter=letter))
        return self

    @property
    def _equation(self) -> Equation:
        equation = parsed(self.equation)
        assert equation is not None, "checked at the door"
        return equation

    def needs(self, x: Shape) -> Iterator[Demand]:
        equation = self._equation
        named = len(equation.input) - (not equation.before)  # the first letter is the batch
        open_ended = equation.before or equation.after
        rule = Text("the input must have the axes that the equation names")
        yield Demand(named, "<=" if open_ended else "==", len(x), rule, code="rank")
        rule = Text("output_shape must have the axes that the equation names")
        yield Demand(len(self.output_shape), "==", len(equation.output) - (not equation.before), rule)
        sizes = self._input_sizes(x)
        for letter, size in self._output_sizes().items():
            if letter in sizes and size is not None:
                yield Demand(sizes[letter], "==", size, Text("output_shape must keep the axes of the input"))
        known = {**self._output_sizes(), **sizes}
        for letter in equation.kernel:
            yield Demand(int(known[letter] is None), "==", 0, Text("an axis that a weight needs must be known"))

    def _input_sizes(self, x: Shape) -> dict[str, Dim]:
        """The size behind each letter of the input; the batch counts as 1."""
        letters, before = self._equation.input, self._equation.before
        return dict(zip(letters, x[len(x) - len(letters) :] if before else (1, *x), strict=False))

    def _output_sizes(self) -> dict[str, Dim | None]:
        letters = self._equation.output
        return dict(zip(letters, self.output_shape if self._equation.before else (1, *self.output_shape), strict=False))

    def _elided(self, x: Shape) -> Shape:
        """The axes that three dots stand for, without the batch."""
        equation = self._equation
        if equation.before:
            return x[: len(x) - len(equation.input)]
        return x[len(equation.input) - 1 :] if equation.after else ()

    def _sizes(self, x: Shape) -> dict[str, Dim]:
        return {**self._output_sizes(), **self._input_sizes(x)}

    def output(self, x: Shape) -> Shape:
        equation, sizes, elided = self._equation, self._sizes(x), self._elided(x)
        named = tuple(sizes[letter] for letter in equation.output)
        return (*elided, *named) if equation.before else (*named[1:], *elided)

    def reading(self, x: Shape) -> Reading:
        """Mixed are the axes that the kernel takes away, where the others stay in their places."""
        equation = self._equation
        first = len(x) - len(equation.input) if equation.before else -1
        places = {letter: first + number for number, letter in enumerate(equation.input)}
        stays = {letter: first + number for number, letter in enumerate(equation.output)}
        if len(self.output(x)) != len(x) or any(
            places[letter] != place for letter, place in stays.items() if letter in places
        ):
            return Scope.WHOLE
        return Mixed(frozenset(place for letter, place in places.items() if letter not in stays), Scope.WHOLE)

    def weights(self, x: Shape) -> Weights:
        sizes = self._sizes(x)
        kernel = tuple(sizes[letter] for letter in self._equation.kernel)
        bias: Weights = {"bias": self._bias(sizes, x)} if self.bias_axes else {}
        return {"kernel": kernel, **bias, **self.adapter(kernel)}

    def _bias(self, sizes: dict[str, Dim], x: Shape) -> Shape:
        """An axis per letter of the output from the first of `bias_axes` on; 1 where the bias is the same."""
        equation, axes = self._equation, self.bias_axes or ""
        tail = equation.output[min(equation.output.find(letter) for letter in axes) :]
        ones = (1,) * len(self._elided(x)) if equation.after else ()
        return (*(sizes[letter] if letter in axes else 1 for letter in tail), *ones)

    def macs(self, x: Shape, y: Shape) -> Dim:
        """One per combination of all letters."""
        letters = dict.fromkeys(self._equation.input + self._equation.kernel)
        return prod(self._elided(x)) * prod(self._sizes(x)[letter] for letter in letters)
