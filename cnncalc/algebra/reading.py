"""Formulas read back from text: as this project writes them, as Python, as LaTeX, as people type them.

    >>> formula("⌊(H − 3)/2⌋ + 1")
    ⌊(H-3)/2⌋+1
    >>> formula(r"\\left\\lfloor \\frac{H - 3}{2} \\right\\rfloor + 1")
    ⌊(H-3)/2⌋+1

A formula is parsed, never run. Between its floors it must be whole: `(H-3)/2` alone is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple
from unicodedata import normalize

from ..arithmetic import Dim, ceildiv, maximum, minimum, prod
from ..errors import nearest
from ..expression import Expr, factors_of, render, symbol, total
from ..language import Text
from .polynomial import canonical, expanded_terms

__all__ = ["FormulaError", "formula"]

MAX_LENGTH = 2000
MAX_DEPTH = 60
MAX_POWER = 16
MAX_DIGITS = 40
MAX_TERMS = 2000
"""Of the formula, multiplied out."""

MAX_FACTORS = 64
MAX_BITS = 4096
"""Of a number that is worked out on the way: powers of powers grow without end."""

SPELLINGS = {
    r"\cdot": "*", r"\times": "*", "·": "*", "×": "*", "⋅": "*", "∙": "*", "−": "-", "–": "-", "÷": "/", "**": "^",
    r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\bmod": "mod", "%": "mod", r"\max": "max",
    r"\min": "min", "[": "(", "]": ")",
}  # fmt: skip
"""What stands for the same."""

SILENT = {r"\left", r"\right", r"\,", r"\;"}
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
GROUPED = r"\d{1,3}(?:[,_]\d{3})+(?![\d,])"
"""1,199,882; where commas part the numbers of a max or a min, they do nothing else."""
NAME = rf"(?![\d{RAISED}])\w(?:(?![{RAISED}])\w)*"
TOKENS = rf"\d+|{NAME}_\{{\w+\}}|{NAME}(?:[.'′]\w*)*|\\[A-Za-z]+|\\.|\*\*|//|\S"
CLOSING = {"(": ")", "⌊": "⌋", "⌈": "⌉", "{": "}"}
FUNCTIONS = {"max": maximum, "min": minimum, "floor": None, "ceil": None, "ceiling": None}


class FormulaError(ValueError):
    """A text that is no formula, with the reason and where (a character, from 0)."""

    def __init__(self, text: Text, position: int) -> None:
        super().__init__(text)
        self.text = text
        self.position = position


class Ratio(NamedTuple):
    """A quotient on its way into a floor."""

    top: Dim
    below: Dim = 1


def formula(text: str, known: Collection[str] = ()) -> Dim:
    """The expression that a formula says; raises FormulaError.

    `known` are the symbols that it may have: `CF` is then C times F, and any other name an error.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(Text("a formula may have at most {limit} characters", limit=MAX_LENGTH), MAX_LENGTH)
    return _Reader(text, known).formula()


class _Reader:
    """Precedence climbing over tokens; each method reads one level of the grammar."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.known = frozenset(known)
        pattern = TOKENS if re.search("max|min", text) else f"{GROUPED}|{TOKENS}"
        found = [match for match in re.finditer(pattern, _plain(text)) if match[0] not in SILENT]
        self.tokens = [SPELLINGS.get(match[0], match[0]) for match in found]
        self.starts = [*(match.start() for match in found), len(text)]
        self.at = 0
        self.depth = 0

    def formula(self) -> Dim:
        if not self.tokens:
            raise self.error(Text("there is no formula"))
        value = self.whole(self.sum())
        if self.at < len(self.tokens):
            raise self.error(Text("{token} is not expected here", token=repr(self.tokens[self.at])))
        return value

    def error(self, text: Text) -> FormulaError:
        return FormulaError(text, self.starts[min(self.at, len(self.tokens))])

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token where it is one of those wanted, else nothing."""
        token = self.next()
        if token not in wanted:
            return ""
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise self.error(Text("{token} is missing", token=repr(token)))

    def sum(self) -> Ratio:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(Text("a formula may be nested {limit} deep", limit=MAX_DEPTH))
        terms = [self.product()]
        while sign := self.take("+", "-"):
            other = self.product()
            terms.append(other if sign == "+" else Ratio(-1 * other.top, other.below))
        self.depth -= 1
        return self.added(terms)

    def added(self, terms: list[Ratio]) -> Ratio:
        """The sum; terms over the same are gathered in one go."""
        if all(term.below == terms[0].below for term in terms):
            return Ratio(total(term.top for term in terms), terms[0].below) if len(terms) > 1 else terms[0]
        value = terms[0]
        for term in terms[1:]:
            if value.below == term.below:
                value = Ratio(value.top + term.top, value.below)
            else:
                value = self.bounded(Ratio(value.top * term.below + term.top * value.below, value.below * term.below))
        return value

    def product(self) -> Ratio:
        value = self.signed()
        while True:
            if self.take("*"):
                value = self.bounded(_times(value, self.signed()))
            elif self.take("/"):
                other = self.signed()
                value = self.bounded(_times(value, Ratio(other.below, other.top)))
            elif self.take("//"):
                value = self.bounded(Ratio(self.floored(value, self.signed())))
            elif self.take("mod"):
                value = Ratio(self.whole(value) % self.divisor(self.whole(self.signed())))
            elif self.starts_factor() and not self.next()[0].isdecimal():
                value = self.bounded(_times(value, self.power()))  # 3H, 2(H-1)
            else:
                return value

    def floored(self, value: Ratio, other: Ratio) -> Dim:
        return value.top * other.below // self.divisor(value.below * other.top)

    def bounded(self, value: Ratio) -> Ratio:
        """A quotient that is not too large to be multiplied out."""
        if any(_long(part) or expanded_terms(part) > MAX_TERMS for part in value):
            raise self.error(Text("the formula is too large"))
        return value

    def divisor(self, value: Dim) -> Dim:
        if canonical(value).number == 0:
            raise self.error(Text("nothing can be divided by 0"))
        return value

    def starts_factor(self) -> bool:
        token = self.next()
        return bool(token) and (token[0].isalnum() or token in CLOSING or token == r"\frac") and token != "mod"

    def signed(self) -> Ratio:
        sign = 1
        while token := self.take("-", "+"):
            sign = -sign if token == "-" else sign
        value = self.power()
        return value if sign == 1 else Ratio(-1 * value.top, value.below)

    def power(self) -> Ratio:
        value = self.atom()
        exponent = self.exponent()
        result = value
        for _ in range(exponent - 1):
            result = self.bounded(_times(result, value))
        return result

    def exponent(self) -> int:
        """What is raised: ², ^2, **2, ^{2}; 1 where nothing is."""
        if (token := self.next()) and token in RAISED[1:]:
            self.at += 1
            return RAISED.index(token)
        if not self.take("^"):
            return 1
        braced = self.take("{", "(")
        exponent = self.next()
        if not exponent.isdecimal() or len(exponent) > 2 or not 1 <= int(exponent) <= MAX_POWER:
            raise self.error(Text("a power is a number from 1 to {limit}", limit=MAX_POWER))
        self.at += 1
        if braced:
            self.expect(CLOSING[braced])
        return int(exponent)

    def atom(self) -> Ratio:
        token = self.next()
        if not token:
            raise self.error(Text("a number or a name is missing at the end"))
        if token[0].isdecimal():
            return Ratio(self.number(token))
        if token in {"(", "{"}:
            return self.bracketed(token)
        if token in {"⌊", "⌈"}:
            return Ratio(self.rounded(self.bracketed(token), token))
        if token == r"\frac":
            self.at += 1
            top = self.bracketed("{")
            below = self.bracketed("{")
            return _times(top, Ratio(below.below, self.divisor(below.top)))
        if token in FUNCTIONS:
            self.at += 1
            return self.called(token)
        if token[0].isalpha():
            return Ratio(self.named(re.sub("[{}]", "", token).replace("'", "′")))
        raise self.error(Text("{token} is not expected here", token=repr(token)))

    def number(self, token: str) -> int:
        if len(token) > MAX_DIGITS:
            raise self.error(Text("a number may have {limit} digits", limit=MAX_DIGITS))
        self.at += 1
        return int(token.replace(",", "").replace("_", ""))

    def named(self, name: str) -> Dim:
        """A symbol; or several, written side by side."""
        if not self.known or name in self.known:
            self.at += 1
            return symbol(name)
        if not all(letter in self.known for letter in name):
            near = nearest(name, self.known) or ", ".join(self.known)
            raise self.error(Text("{name} is not known here; did you mean {near}?", name=repr(name), near=near))
        self.at += 1
        return prod(map(symbol, name))

    def bracketed(self, opening: str) -> Ratio:
        self.expect(opening)
        value = self.sum()
        self.expect(CLOSING[opening])
        return value

    def rounded(self, value: Ratio, how: str) -> Dim:
        below = self.divisor(value.below)
        return value.top // below if how in {"⌊", "floor"} else ceildiv(value.top, below)

    def called(self, name: str) -> Ratio:
        """max(a, b, ...), floor(a/b)."""
        self.expect("(")
        values = [self.sum()]
        while self.take(","):
            values.append(self.sum())
        self.expect(")")
        rule = FUNCTIONS[name]
        if rule is None:
            if len(values) > 1:
                raise self.error(Text("{name} takes one number", name=name))
            return Ratio(self.rounded(values[0], "floor" if name == "floor" else "ceil"))
        result = self.whole(values[0])
        for value in values[1:]:
            result = rule(result, self.whole(value))
        return Ratio(result)

    def whole(self, value: Ratio) -> Dim:
        """A quotient that leaves no remainder, whatever the symbols are."""
        if value.below == 1:
            return value.top
        quotient = canonical(value.top // self.divisor(value.below))
        if quotient * canonical(value.below) != canonical(value.top):
            written = render(Expr("floor", value))[1:-1]
            raise self.error(Text("{value} is not whole for all numbers: say how to round it, as in floor({value})", value=written))  # fmt: skip
        return quotient.expression()


def _plain(text: str) -> str:
    """Full-width and other forms of characters as their plain ones, each in its place."""
    plain = (character if character in RAISED else normalize("NFKC", character) for character in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, plain, strict=True))


def _long(part: Dim) -> bool:
    factors = factors_of(part)
    return len(factors) > MAX_FACTORS or any(isinstance(each, int) and each.bit_length() > MAX_BITS for each in factors)


def _times(a: Ratio, b: Ratio) -> Ratio:
    return Ratio(a.top * b.top, a.below * b.below)
