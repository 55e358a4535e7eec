"""A dictionary that works out what it lacks, once, and does not grow without bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
#: A log of nonsense must not fill the memory.
MOST = 100_000


class Kept(dict[K, V], Generic[K, V]):
    """``kept[key]`` is ``make(key)``, worked out when it is asked for the first time; a hit costs a plain look-up."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        """Work it out; start over when there are too many."""
        value = self._make(key)
        if len(self) >= MOST:
            self.clear()
        self[key] = value
        return value
