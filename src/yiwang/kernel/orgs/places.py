"""Point in polygon: from a position to the chain of divisions that hold it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from shapely import STRtree

#: Farthest that a point inside a district may lie from its nearest cell: cells are rounded to a metre, and clipping at
#: a district's edge leaves gaps of that size. In degrees, about 200 m.
_GAP_DEG = 0.002


@dataclass(frozen=True)
class Outline:
    """The outline of one division as well-known binary, WGS 84."""

    code: str
    shape: bytes
    generated: bool


class Places:
    """All outlines, indexed when they are first asked for (decoding five thousand takes some 20 ms)."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._outlines = {outline.code: outline for outline in outlines}

    def __len__(self) -> int:
        return len(self._outlines)

    @cached_property
    def _index(self) -> tuple[list[str], Any, STRtree]:
        # Longest codes are the finest cells; a division above one that has an outline is only asked at the gaps.
        codes = sorted(self._outlines)
        shapes = shapely.from_wkb([self._outlines[code].shape for code in codes])
        return codes, shapes, STRtree(shapes)

    def containing(self, lon: float, lat: float) -> str | None:
        """The code of the finest division whose outline holds the position; the smaller code on a shared border.

        A position inside a coarse division that falls into a gap between its fine cells goes to the nearest of them.
        """
        codes, _, tree = self._index
        point = shapely.Point(lon, lat)
        hits = sorted(codes[i] for i in tree.query(point, predicate="intersects"))
        if not hits:
            return None
        depth = max(len(code) for code in hits)
        finest = next(code for code in hits if len(code) == depth)
        return finest if depth == self._depth else self._nearest_below(finest, point) or finest

    @cached_property
    def _depth(self) -> int:
        """Length of the codes of the finest cells."""
        return max(map(len, self._outlines), default=0)

    def _nearest_below(self, coarse: str, point: Any) -> str | None:
        codes, shapes, tree = self._index
        around = tree.query(point, predicate="dwithin", distance=_GAP_DEG)
        below = [i for i in around if codes[i].startswith(coarse) and codes[i] != coarse]
        return min(((shapely.distance(shapes[i], point), codes[i]) for i in below), default=(0, None))[1]

    def outline(self, prefix: str) -> Any | None:
        """The outline of a division as a shapely geometry: its own, or the union of the coarsest ones below it."""
        below = [item for code, item in self._outlines.items() if code.startswith(prefix)]
        depth = min((len(item.code) for item in below), default=0)
        parts = [item.shape for item in below if len(item.code) == depth]
        return shapely.union_all(shapely.from_wkb(parts)) if parts else None

    def generated(self, codes: Sequence[str]) -> bool:
        """Whether any of these outlines was generated rather than surveyed."""
        return any(self._outlines[code].generated for code in codes if code in self._outlines)
