"""What symbols must be, in words: H ≥ 16, a multiple of 16."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..algebra.domain import Domain
from ..algebra.range import Range
from ..language import Text

NOTHING = Text("no numbers")

MANY = 12
"""How many numbers or rows of numbers to list."""


def domain_text(domain: Domain) -> str:
    """The domain in one line."""
    if domain.impossible is not None:
        return str(Text("no numbers: {demand} cannot hold with the rest", demand=domain.impossible))
    parts = [range_text(name, found) for name, found in domain.symbols.items()]
    parts = [part for part in parts if part] + [str(demand) for demand in domain.rest]
    return ("; " if any("," in part for part in parts) else ", ").join(parts)


def range_text(name: str, found: Range) -> str:
    """The numbers that a symbol may stand for; empty where it may be any."""
    if found.also:
        listed = f"{name} = {listed_text(found.also)}"
        rest = range_text(name, found._replace(also=())) if found.remainders else ""
        return str(Text("{listed}, or {rest}", listed=listed, rest=rest)) if rest else listed
    if found.is_empty:
        return f"{name}: {NOTHING}"
    if found.only is not None or found.modulus == 1:
        return ", ".join(found.conditions(name))
    bounds = found._replace(modulus=1, remainders=(0,)).conditions(name)
    if not bounds:
        return steps_text(found, name)
    if found.remainders == (0,):
        return str(Text("{bounds}, a multiple of {n}", bounds=bounds[0], n=found.modulus))
    return f"{bounds[0]}, {steps_text(found, name)}"


def steps_text(found: Range, name: str) -> str:
    """The remainders alone: "H is a multiple of 16", "H mod 4 is 1 or 2"."""
    if found.remainders == (0,):
        return str(Text("{name} is a multiple of {n}", name=name, n=found.modulus))
    listed = listed_text(found.remainders)
    return str(Text("{name} mod {modulus} is {remainders}", name=name, modulus=found.modulus, remainders=listed))


def listed_text(numbers: Sequence[int]) -> str:
    """Numbers in order; three and more in a row by their ends: 0 to 3, 7 or 9."""
    parts = list(_rows(numbers))
    if len(parts) == 1:
        return parts[0]
    if len(parts) > MANY:
        return f"{', '.join(parts[:MANY])}, …"
    return str(Text("{numbers} or {last}", numbers=", ".join(parts[:-1]), last=parts[-1]))


def _rows(numbers: Sequence[int]) -> Iterator[str]:
    start = 0
    for index in range(1, len(numbers) + 1):
        if index == len(numbers) or numbers[index] != numbers[index - 1] + 1:
            row = numbers[start:index]
            yield from [str(Text("{low} to {high}", low=row[0], high=row[-1]))] if len(row) > 2 else map(str, row)
            start = index
