"""Whether two rules of a table can match the same case, as far as that can be told without running them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from yiwang.kernel.process.engine.decisions.cell import Cell, Interval, Meaning, numbers


def overlaps(rules: Sequence[Sequence[Cell]], integers: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Pairs of rules (numbers from 0, the lower first) that surely overlap. ``integers`` tells the whole-number
    columns.

    A pair is left out where a cell is CEL whose meaning is not known: then the run finds out.
    """
    for second, row in enumerate(rules):
        for first in range(second):
            cells = zip(rules[first], row, integers, strict=True)
            if all(_meet(a.meaning, b.meaning, whole) for a, b, whole in cells):
                yield first, second


def _meet(a: Meaning, b: Meaning, whole: bool) -> bool:
    """Whether some value passes both cells, for sure."""
    if not a.known or not b.known:
        return False
    if a.anything:
        return b.anything or _not_empty(b, whole)
    if b.anything:
        return _not_empty(a, whole)
    if a.without is not None or b.without is not None:
        return _meet_without(a, b, whole)
    if a.values & b.values:
        return True
    if any(_inside(n, i) for n in numbers(a) for i in b.intervals):
        return True
    if any(_inside(n, i) for n in numbers(b) for i in a.intervals):
        return True
    return any(_cross(i, j, whole) for i in a.intervals for j in b.intervals)


def _meet_without(a: Meaning, b: Meaning, whole: bool) -> bool:
    if a.without is not None and b.without is not None:
        return not any(isinstance(value, tuple) for value in a.without | b.without)  # of two booleans none may be left
    without, other = (a.without, b) if a.without is not None else (b.without, a)
    if other.values - (without or frozenset()):
        return True
    return any(_wider_than_a_point(i, whole) for i in other.intervals)


def _not_empty(meaning: Meaning, whole: bool) -> bool:
    if meaning.without is not None or meaning.values:
        return True
    return any(_cross(i, i, whole) for i in meaning.intervals)


def _inside(number: float, interval: Interval) -> bool:
    low, high = interval.low, interval.high
    above = low is None or number > low or (number == low and interval.low_in)
    below = high is None or number < high or (number == high and interval.high_in)
    return above and below


def _bounds(a: Interval, b: Interval, whole: bool) -> tuple[float, bool, float, bool]:
    lows = [(i.low, i.low_in) for i in (a, b) if i.low is not None]
    highs = [(i.high, i.high_in) for i in (a, b) if i.high is not None]
    low, low_in = max(lows, key=lambda e: (e[0], not e[1]), default=(-math.inf, False))
    high, high_in = min(highs, key=lambda e: (e[0], e[1]), default=(math.inf, False))
    if whole:  # the smallest and the largest whole number inside
        if math.isfinite(low):
            low, low_in = (math.ceil(low) if low_in else math.floor(low) + 1), True
        if math.isfinite(high):
            high, high_in = (math.floor(high) if high_in else math.ceil(high) - 1), True
    return low, low_in, high, high_in


def _cross(a: Interval, b: Interval, whole: bool) -> bool:
    low, low_in, high, high_in = _bounds(a, b, whole)
    return low < high or (low == high and low_in and high_in)


def _wider_than_a_point(interval: Interval, whole: bool) -> bool:
    """Whether taking a few values away surely leaves some; of a short interval of whole numbers it may not."""
    low, _, high, _ = _bounds(interval, interval, whole)
    return low < high and (not whole or math.isinf(low) or math.isinf(high))
