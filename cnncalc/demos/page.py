"""What a demonstration shows: sections of sentences, checked claims, tables and figures, each with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from ..language import Text

Cell = int | float | str | bool | Text | Fraction | tuple[int, ...]
"""A number, a word, yes or no, or a shape; a view decides how it looks. A `Share` is a fraction in percent."""


class Share(Fraction):
    """A part of a whole, which people read in percent."""

    __slots__ = ()


class Claim(NamedTuple):
    """A sentence that was checked, and whether it holds."""

    says: Text
    holds: bool


class Table(NamedTuple):
    """Rows under titles."""

    titles: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Grid(NamedTuple):
    """A map as rows of numbers, or of yes and no."""

    title: Text
    rows: tuple[tuple[Any, ...], ...]
    sparse: bool = False
    """Whether most of it is 0, which need not be written."""
    down: Text = Text("row")
    across: Text = Text("column")
    """What the rows and the columns are."""

    @property
    def is_mask(self) -> bool:
        """Whether it holds yes and no."""
        return isinstance(self.rows[0][0], bool)


class Maps(NamedTuple):
    """Maps to look at side by side."""

    caption: Text
    grids: tuple[Grid, ...]


class Series(NamedTuple):
    """One line of a diagram: a y per x."""

    title: Text
    ys: tuple[float, ...]


class Curves(NamedTuple):
    """A diagram: lines over the same x."""

    caption: Text
    x_title: Text
    y_title: Text
    xs: tuple[int, ...]
    series: tuple[Series, ...]
    log_x: bool = False
    log_y: bool = False


Figure = Maps | Curves
Part = Text | Claim | Table | Figure


class Section(NamedTuple):
    """Some parts under a title."""

    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A demonstration, computed."""

    name: str
    title: Text
    settings: Mapping[str, int]
    sections: tuple[Section, ...]
    numbers: Mapping[str, Any]
    """The main results under stable words, for programs."""

    @property
    def parts(self) -> Iterator[Part]:
        return (part for section in self.sections for part in section.parts)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(part for part in self.parts if isinstance(part, Maps | Curves))

    @property
    def ok(self) -> bool:
        """Whether every claim holds."""
        return all(part.holds for part in self.parts if isinstance(part, Claim))

    def to_dict(self) -> dict[str, Any]:
        """The page as schema 1 of the JSON output; fractions are floats, texts in the current language."""
        return {
            "schema": 1,
            "name": self.name,
            "title": str(self.title),
            "settings": dict(self.settings),
            "ok": self.ok,
            "numbers": {name: plain(value) for name, value in self.numbers.items()},
            "sections": [
                {"title": str(section.title), "parts": [_part(part) for part in section.parts]}
                for section in self.sections
            ],
        }


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case Text():
            return str(value)
        case Fraction():
            return float(value)
        case tuple() | list():
            return [plain(item) for item in value]
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
    return value


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return {"text": str(part)}
        case Claim():
            return {"claim": str(part.says), "holds": part.holds}
        case Table():
            return {"table": {"titles": plain(part.titles), "rows": plain(part.rows)}}
        case Maps():
            grids = [{"title": str(grid.title), "rows": plain(grid.rows)} for grid in part.grids]
            return {"maps": {"caption": str(part.caption), "grids": grids}}
    series = [{"title": str(each.title), "y": plain(each.ys)} for each in part.series]
    return {
        "curves": {
            "caption": str(part.caption),
            "x_title": str(part.x_title),
            "y_title": str(part.y_title),
            "x": list(part.xs),
            "series": series,
        }
    }
