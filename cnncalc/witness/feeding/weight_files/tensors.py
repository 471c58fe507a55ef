"""The safetensors format: a table of arrays and their bytes, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from math import prod
from typing import Any

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from .own import flat
from .stored import Contents, Stored

DTYPES = {"F16": "float16", "F32": "float32", "F64": "float64", "BF16": "bfloat16", "BOOL": "bool"} | {
    f"{letter}{bits}": f"{word}{bits}" for letter, word in (("I", "int"), ("U", "uint")) for bits in (8, 16, 32, 64)
}
"""NumPy's names of the format's types."""

BITS = 8


@contextmanager
def safetensors_contents(path: str) -> Iterator[Contents]:
    """The arrays of a file, by name."""
    try:
        from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - an extra, needed for these files alone
    except ImportError:
        message = Text("this file is read with {package}, which is not installed here", package="safetensors")
        hint = Text("install it: {command}", command="python -m pip install 'cnncalc[safetensors]'")
        raise failure("missing-extra", message, Place(path), hint) from None
    try:
        opened: Any = safe_open(path, "np")
    except SafetensorError as error:
        raise ValueError(str(error)) from None
    with opened:
        arrays = {key: _stored(opened, key) for key in opened.keys()}  # noqa: SIM118 - no mapping
        yield flat(arrays)


def _stored(opened: Any, key: str) -> Stored:
    part = opened.get_slice(key)
    shape, dtype = tuple(part.get_shape()), part.get_dtype()
    bits = int("".join(filter(str.isdecimal, dtype)) or BITS)
    return Stored(shape, DTYPES.get(dtype, dtype), prod(shape) * bits // BITS, partial(opened.get_tensor, key))
