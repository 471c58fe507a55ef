"""The recorded answers under `tests/data`."""

from __future__ import annotations

import gzip
import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def recorded(name: str) -> list[dict[str, Any]]:
    """The lines of `NAME.jsonl.gz` or `NAME.jsonl.xz`."""
    packed = DATA / f"{name}.jsonl.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else lzma.decompress(_xz(name, "jsonl"))
    return [json.loads(line) for line in text.decode().splitlines()]


@cache
def torch_nets() -> dict[str, Any]:
    """Leaf modules (class, printed form, input shapes, output shape, parameters) and the networks made of them."""
    found: dict[str, Any] = json.loads(lzma.decompress(_xz("torch_nets", "json")))
    return found


def _xz(name: str, form: str) -> bytes:
    return (DATA / f"{name}.{form}.xz").read_bytes()
