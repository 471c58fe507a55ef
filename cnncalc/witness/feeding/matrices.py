"""Numbers that somebody typed or saved: CSV, nested lists in YAML or JSON, `.npy`. Integers stay integers.

Files come from strangers: sizes are bounded, nothing in them is run, and every mistake has its line.
"""

from __future__ import annotations

import re
from io import BytesIO
from math import isfinite, prod
from tokenize import TokenError
from typing import Any

import numpy as np

from ...architecture.files import contents, decoded, parse
from ...architecture.source import Source, failure, place_at
from ...errors import ArchitectureError, Path, Place
from ...language import Text
from ..arrays import Array

TYPED = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}

MAX_WHOLE = 2**24
"""Beyond it whole numbers become floats, whose products cannot run over."""


def read_csv(path: str) -> Array:
    """A row per line, separated by commas, semicolons, tabs or blanks."""
    text = decoded(contents(path, path), path)
    rows: list[list[Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                row = [_number(word.strip().strip('"')) for word in _words(line)]
            except NotANumber as wrong:
                message = Text("{word} is not a number", word=repr(str(wrong)[:40]))
                raise failure("no-number", message, place_at(path, text, number, 1)) from None
            if rows and len(row) != len(rows[0]):
                message = Text("this row has {n} numbers, the first has {first}", n=len(row), first=len(rows[0]))
                raise failure("ragged", message, place_at(path, text, number, 1))
            rows.append(row)
    if not rows:
        raise failure("empty-file", Text("the file is empty"), Place(path), Text("write a row of numbers per line"))
    return _array(rows)


class NotANumber(ValueError):
    """A word in a file of numbers."""


def _words(line: str) -> list[str]:
    for sign in (",", ";"):
        if sign in line:
            return line.strip().removesuffix(sign).split(sign)
    return line.split()


def _number(word: str) -> Any:
    if re.fullmatch(r"[+-]?[0-9]{1,15}", word, re.ASCII):
        return int(word)
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", word, re.ASCII) or not isfinite(float(word)):  # fmt: skip
        raise NotANumber(word)
    return float(word)


def read_lists(path: str) -> Array:
    """Lists of numbers in YAML or JSON, as deep as the array has axes."""
    source = read_source(path)
    return from_lists(source.data, source, ())


def read_source(path: str) -> Source:
    """The data of a YAML or JSON file, which is not empty."""
    ending = path[path.rfind(".") :].lower()
    source = parse(decoded(contents(path, path), path), path, TYPED.get(ending, "yaml"))
    if source.data is None:
        raise failure("empty-file", Text("the file is empty"), Place(path))
    return source


def from_lists(data: Any, source: Source, path: Path) -> Array:
    """The value at `path` as an array; every list of a level must have the same length."""
    shape: list[int] = []
    level = data
    while isinstance(level, list) and level:
        shape.append(len(level))
        level = level[0]
    _check(data, shape, source, path)
    return _array(data)


def _check(data: Any, shape: list[int], source: Source, path: Path) -> None:
    if not shape:
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not isfinite(data):
            told = Text("a list") if isinstance(data, (list, dict)) else repr(str(data)[:40])
            raise _wrong("no-number", Text("a number is needed here, not {what}", what=told), source, path)
    elif not isinstance(data, list) or len(data) != shape[0]:
        n = len(data) if isinstance(data, list) else 1
        message = Text("there are {n} values here, where the first list has {first}", n=n, first=shape[0])
        raise _wrong("ragged", message, source, path)
    else:
        for number, each in enumerate(data):
            _check(each, shape[1:], source, (*path, number))


def _wrong(code: str, message: Text, source: Source, path: Path) -> ArchitectureError:
    return failure(code, message, source.place(path) or Place(source.file))


def _array(numbers: Any) -> Array:
    array = np.asarray(numbers)
    return whole_or_float(array if array.dtype.kind in "iuf" else array.astype(np.float64))


def whole_or_float(array: Array) -> Array:
    """Whole numbers as int64, as long as they are small enough to be multiplied and added."""
    if array.dtype.kind in "biu" and (not array.size or max(abs(int(array.min())), abs(int(array.max()))) <= MAX_WHOLE):
        return array.astype(np.int64)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def read_npy(path: str) -> Array:
    """An array that NumPy saved; objects are refused, and no more is taken than the file holds."""
    content = contents(path, path)
    if not content:
        raise failure("empty-file", Text("the file is empty"), Place(path))
    stream = BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = header(stream)
        array = np.frombuffer(content, _plain(dtype, path), prod(shape), stream.tell()) if prod(shape) else np.empty(0)
        array = array.reshape(shape, order="F" if fortran else "C")
    except ArchitectureError:
        raise
    except (ValueError, EOFError, SyntaxError, TypeError, OverflowError, TokenError) as error:
        message = Text("this is not an array that NumPy saved: {reason}", reason=str(error).splitlines()[0][:100])
        raise failure("damaged", message, Place(path)) from None
    if not array.size or not np.isfinite(array).all():
        raise failure("no-number", Text("the array must hold numbers, none of them infinite or NaN"), Place(path))
    return whole_or_float(array)


def _plain(dtype: Any, path: str) -> Any:
    if dtype.kind not in "biuf":
        raise failure("damaged", Text("the array holds {dtype}, not numbers", dtype=str(dtype)[:40]), Place(path))
    return dtype
