"""How often and when last each element and flow was entered: what the diagram shows of steps that are long gone.

Two numbers for every place of the definition, packed: the size depends on the definition and not on what has happened.
"""

from __future__ import annotations

import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping


class Seen:
    """Counters by place. ``places`` gives each element and flow of a definition its number."""

    __slots__ = ("_numbers", "_places")

    def __init__(self, places: Mapping[str, int], packed: str | None = None) -> None:
        self._places = places
        self._numbers = array("I", bytes(8 * len(places)) if packed is None else b64decode(packed))
        if packed is not None and sys.byteorder == "big":
            self._numbers.byteswap()
        if len(self._numbers) != 2 * len(places):
            raise ValueError(f"{len(self._numbers)} counters for {len(places)} places")

    def enter(self, place: str, stamp: int) -> None:
        """Count an entry at ``stamp`` (seconds since 1970)."""
        at = 2 * self._places[place]
        self._numbers[at] += 1
        self._numbers[at + 1] = stamp

    def add(self, place: str, count: int, last: int) -> None:
        """Add what was counted elsewhere; a place that is not there is left out."""
        at = self._places.get(place)
        if at is not None:
            self._numbers[2 * at] += count
            self._numbers[2 * at + 1] = max(self._numbers[2 * at + 1], last)

    def entered(self) -> Iterator[tuple[str, int, int]]:
        """Place, count and last entry (seconds since 1970) of every place that was entered."""
        numbers = self._numbers
        for place, at in self._places.items():
            if numbers[2 * at]:
                yield place, numbers[2 * at], numbers[2 * at + 1]

    def pack(self) -> str:
        """As text (base64 of little-endian 32-bit numbers)."""
        numbers = self._numbers
        if sys.byteorder == "big":
            numbers = array("I", numbers)
            numbers.byteswap()
        return b64encode(numbers).decode()
