"""cnncalc: what every layer of a convolutional network does to shapes and parameters.

    >>> import cnncalc
    >>> network = cnncalc.load("examples/mnist_cnn.yaml")
    >>> cnncalc.summarize(network).total_params
    1199882

Every layer kind is here too, for networks written in Python: `cnncalc.Sequential([cnncalc.Conv2D(32, 3)],
input=(28, 28, 1))`. Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .algebra.equality import equal
    from .algebra.reading import formula
    from .algebra.to_sympy import to_sympy
    from .architecture import Architecture
    from .errors import ArchitectureError, CnncalcError
    from .face import Sequential, Summary, summarize
    from .interop.open import load
    from .interop.save import save

HOMES = {
    "Architecture": "architecture",
    "ArchitectureError": "errors",
    "CnncalcError": "errors",
    "Sequential": "face",
    "Summary": "face",
    "equal": "algebra.equality",
    "formula": "algebra.reading",
    "load": "interop.open",
    "save": "interop.save",
    "summarize": "face",
    "to_sympy": "algebra.to_sympy",
}
"""Where each public name lives."""

__all__ = [
    "Architecture",
    "ArchitectureError",
    "CnncalcError",
    "Sequential",
    "Summary",
    "equal",
    "formula",
    "load",
    "save",
    "summarize",
    "to_sympy",
]


def __getattr__(name: str) -> Any:
    if name in HOMES:
        found = getattr(import_module(f".{HOMES[name]}", __name__), name)
    elif name[:1].isupper() and name in import_module(".layers", __name__).HOME:
        found = import_module(".face", __name__).entry(name)
    else:
        message = f"module 'cnncalc' has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *import_module(".layers", __name__).HOME})
