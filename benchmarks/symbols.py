"""Formulas of whole networks, beside SymPy where it is installed.

    python benchmarks/symbols.py

Times are medians of several runs in one process; nothing is kept from one run to the next.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cnncalc
from cnncalc.algebra import polynomial, simplified, simplify
from cnncalc.derive import derive
from cnncalc.expression import evaluate, symbol

EXAMPLES = Path(__file__).parents[1] / "examples"
NETWORKS = ("mnist_cnn", "vgg16", "resnet50", "zoo/densenet121", "zoo/unet")
LAYERS = 50


def timed(run: Callable[[], Any], runs: int = 15) -> float:
    """Milliseconds, with what was remembered forgotten before each run."""
    times = []
    for _ in range(runs):
        for remembered in (polynomial._canonical, polynomial._called, simplify._simplified):
            remembered.cache_clear()
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def totals(network: cnncalc.Architecture) -> tuple[Any, Any]:
    found = derive(network)
    return found.total_params, found.total_macs


def chain(n: Any) -> Any:
    """Fifty windows of 3 with a padding of 1, every tenth with a stride of 2."""
    for layer in range(LAYERS):
        n = simplified((n + 2 - 3) // (2 if layer % 10 == 9 else 1) + 1)
    return n


def main() -> None:
    print("Shapes, parameters and MACs on an input of H, W, with their totals (aim for ResNet-50: 100 ms)")
    for name in NETWORKS:
        network = cnncalc.load(EXAMPLES / f"{name}.yaml", input=("H", "W", 3))
        print(f"  {name:16} {len(network.nodes):4} layers {timed(lambda network=network: totals(network)):8.1f} ms")

    print(f"A chain of {LAYERS} windows as a formula: {chain(symbol('H'))}")
    ours = timed(lambda: chain(symbol("H")))
    formula = chain(symbol("H"))
    print(f"  built {ours:8.2f} ms; evaluated {timed(lambda: evaluate(formula, {'H': 224})) * 1000:8.1f} us")
    try:
        import sympy
    except ImportError:
        print("  SymPy is not installed")
        return
    beside(sympy, ours)


def beside(sympy: Any, ours: float) -> None:
    """The same chain by SymPy."""
    h = sympy.Symbol("H", integer=True, positive=True)

    def theirs() -> Any:
        sympy.core.cache.clear_cache()
        n = h
        for layer in range(LAYERS):
            n = sympy.floor((n + 2 - 3) / sympy.Integer(2 if layer % 10 == 9 else 1)) + 1
        return n

    built = timed(theirs, 5)
    found = theirs()
    simplifying = timed(lambda: sympy.simplify(found), 3)
    print(f"  SymPy: {sympy.simplify(found)}")
    print(f"  built {built:8.2f} ms ({built / ours:.0f} times ours); simplified {simplifying:8.1f} ms")


if __name__ == "__main__":
    main()
