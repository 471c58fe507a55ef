"""The geometry against plain simulations: positions tried one by one, pads searched for, taps listed."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.layers import kind
from cnncalc.window import SAME, Bins, Reads, Spread, Window

sizes = st.integers(1, 7)
strides = st.integers(1, 4)
rates = st.integers(1, 3)
sides = st.integers(0, 4)
axes = st.integers(1, 40)


def places(n: int, size: int, stride: int, rate: int, before: int, after: int) -> int:
    """Slide the window and count."""
    extent = rate * (size - 1) + 1
    return len(range(-before, n + after - extent + 1, stride))


@given(sizes, strides, rates, sides, sides, axes)
def test_count(size: int, stride: int, rate: int, before: int, after: int, n: int) -> None:
    window = Window(size, stride, rate, (before, after))
    wanted = places(n, size, stride, rate, before, after)
    demand = window.demand(n, 0)
    assert (demand.left <= demand.right) == (wanted >= 1)
    if wanted >= 1:
        assert window.count(n) == wanted


@given(sizes, strides, rates, axes)
def test_same(size: int, stride: int, rate: int, n: int) -> None:
    """TensorFlow's SAME: as many places as every stride-th pixel, the least padding that gives them, the odd one after."""
    window = Window(size, stride, rate, SAME)
    wanted = len(range(0, n, stride))
    total = next(t for t in range(200) if places(n, size, stride, rate, 0, t) >= wanted)
    assert window.count(n) == wanted
    assert window.pads(n) == (total // 2, total - total // 2)
    demand = window.demand(n, 0)
    assert demand.left <= demand.right


@pytest.mark.parametrize(
    ("n", "size", "stride", "pads"),
    [(224, 7, 2, (2, 3)), (28, 3, 1, (1, 1)), (7, 3, 2, (1, 1)), (8, 3, 2, (0, 1)), (5, 1, 2, (0, 0))],
)
def test_same_by_hand(n: int, size: int, stride: int, pads: tuple[int, int]) -> None:
    """224 with a kernel of 7 and a stride of 2: 112 places reach 229 pixels, so 5 are added, 2 before and 3 after."""
    assert Window(size, stride, 1, SAME).pads(n) == pads


@given(sizes, strides, sides, axes)
def test_ceil_mode(size: int, stride: int, side: int, n: int) -> None:
    """PyTorch: a last window may pass the end, but not start in the padding after."""
    assume(2 * side <= size)
    starts = [p for p in range(-side, n + side + stride, stride) if p - stride + size < n + side or p == -side]
    wanted = len([p for p in starts if p < n])
    window = Window(size, stride, 1, (side, side), ceil_mode=True)
    demand = window.demand(n, 0)
    if demand.left <= demand.right:
        assert window.count(n) == wanted


@pytest.mark.parametrize(
    ("n", "size", "stride", "side", "count"),
    [(5, 2, 2, 1, 3), (4, 5, 5, 0, 1), (9, 4, 4, 2, 3), (7, 3, 2, 0, 3), (6, 3, 2, 0, 3)],
)
def test_ceil_mode_by_hand(n: int, size: int, stride: int, side: int, count: int) -> None:
    """The first three are reported cases of frameworks that got it wrong (5 pooled by 2, 2, 1 gives 3, not 4)."""
    assert Window(size, stride, 1, (side, side), ceil_mode=True).count(n) == count


@given(sizes, strides, rates, sides, sizes, strides, rates, sides, st.integers(40, 60))
def test_a_chain_is_one_window(k1: int, s1: int, d1: int, p1: int, k2: int, s2: int, d2: int, p2: int, n: int) -> None:
    """Its reading is the reading of the reading; its count is the chain's wherever every step is valid."""
    first, second = Window(k1, s1, d1, (p1, p1)), Window(k2, s2, d2, (p2, p2))
    middle = first.count(n)
    assume(middle + 2 * p2 >= second.extent)
    chain = first.then(second)
    for output in range(second.count(middle)):
        seen = [place(first, tap) for tap in taps(second, output)]
        assert min(low for low, _ in seen) == output * chain.stride + chain.start
        assert max(high for _, high in seen) == output * chain.stride + chain.start + chain.extent - 1


def taps(window: Window, output: int) -> list[int]:
    """The inputs that an output reads, tap by tap."""
    assert window.padding is not None
    return [output * window.stride - window.padding[0] + tap * window.dilation for tap in range(window.size)]


def place(window: Window, output: int) -> tuple[int, int]:
    return min(taps(window, output)), max(taps(window, output))


@given(sizes, strides, rates, sides, sides, st.integers(0, 2), st.integers(1, 12))
def test_spread(size: int, stride: int, rate: int, before: int, after: int, extra: int, n: int) -> None:
    """Every input adds its taps; what an output reads is found by asking all of them."""
    spread = Spread(size, stride, rate, (before, after), extra)
    length = max(i * stride + t * rate for i in range(n) for t in range(size)) + 1
    assert spread.count(n) == length - before - after + extra
    reads = spread.reads(n)
    for output in range(3 * stride):
        touching = [i for i in range(-60, 60) for t in range(size) if i * stride + t * rate == output + before]
        low, high = span(reads, output)
        assert (low > high) == (not touching)
        if touching:
            assert (low, high) == (min(touching), max(touching))


@given(sizes, strides, st.integers(1, 20))
def test_spread_same(size: int, stride: int, n: int) -> None:
    """n * stride outputs; what is cut off is the padding of the convolution run backwards."""
    spread = Spread(size, stride, 1, SAME)
    before, _ = Window(size, stride, 1, SAME).pads(n * stride)
    assert spread.count(n) == n * stride
    assert spread.reads(n) == Spread(size, stride, 1, (before, 0)).reads(n)


@given(st.integers(1, 30), st.integers(1, 12))
def test_bins(n: int, parts: int) -> None:
    """Part i begins at floor(i*n/parts) and ends before ceil((i+1)*n/parts)."""
    reads = Bins(parts).reads(n)
    assert Bins(parts).demand(n, 0).left <= Bins(parts).demand(n, 0).right
    for part in range(parts):
        inside = [x for x in range(n) if part * n // parts <= x < -(-(part + 1) * n // parts)]
        assert span(reads, part) == (inside[0], inside[-1])


def span(reads: Reads, output: int) -> tuple[int, int]:
    turn, rest = divmod(output, len(reads.spans))
    low, high = reads.spans[rest]
    return low + turn * reads.shift, high + turn * reads.shift


def test_keras_puts_output_padding_on_both_sides() -> None:
    """3 taps 2 apart, "same", output_padding 1: of 7 places Keras 3 drops the last one alone, on each of its backends."""
    layer = kind("Conv1DTranspose").model_validate(
        {"filters": 1, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1}
    )
    (spread,) = layer.windows(())  # type: ignore[attr-defined]
    assert spread.count(3) == 6
    assert spread.reads(3) == Reads(((-1, 0), (0, 0)), 1)  # place 0: taps 0 and 2; place 1: tap 1
