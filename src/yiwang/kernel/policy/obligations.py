"""What a permit obliges to: mask these kinds of field, only these rows, watermark, expire.

Obligations of several permits combine to the strictest: masks add up, every row condition must hold, one watermark is
enough, the shortest time counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel.policy.masks import GROUPS, MASKS
from yiwang.kernel.policy.rows import compile_rows
from yiwang.kernel.write import Obligations

_SPAN = re.compile(r"^(\d{1,5})(m|h|d)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Duties:
    """``mask``: kinds of field (see masks.MASKS); ``rows``: CEL conditions over ``row`` and ``actor``; ``expires``: how
    long what was given may be used."""

    mask: frozenset[str] = frozenset()
    rows: tuple[str, ...] = ()
    watermark: bool = False
    expires: timedelta | None = None

    def __bool__(self) -> bool:
        return bool(self.mask or self.rows or self.watermark or self.expires)

    def at(self, now: datetime) -> Obligations:
        """The obligations of a decision taken at that moment."""
        return Obligations(self.mask, self.rows, self.watermark, now + self.expires if self.expires else None)


NOTHING = Duties()


def parse_duties(notes: Mapping[str, Any]) -> Duties:
    """From annotations (or the conditions of a grant); ValueError says which one is wrong."""
    return Duties(
        mask=_masks(notes.get("mask")),
        rows=_rows(notes.get("rows")),
        watermark="watermark" in notes and notes["watermark"] not in (False, "false"),
        expires=_span(notes.get("expires")),
    )


def strictest(several: Iterable[Duties]) -> Duties:
    """The obligation that satisfies all of them."""
    several = [one for one in several if one]
    if not several:
        return NOTHING
    spans = [one.expires for one in several if one.expires is not None]
    return Duties(
        mask=frozenset().union(*(one.mask for one in several)),
        rows=tuple(dict.fromkeys(row for one in several for row in one.rows)),
        watermark=any(one.watermark for one in several),
        expires=min(spans) if spans else None,
    )


def _masks(text: str | Iterable[str] | None) -> frozenset[str]:
    names = text.split(",") if isinstance(text, str) else (text or ())
    kinds: set[str] = set()
    for name in (str(one).strip() for one in names):
        if name in GROUPS:
            kinds |= GROUPS[name]
        elif name in MASKS:
            kinds.add(name)
        else:
            raise ValueError(f"@mask: {name!r} is none of {sorted([*MASKS, *GROUPS])}")
    return frozenset(kinds)


def _rows(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    if not str(text).strip():
        raise ValueError("@rows needs a condition over row and actor")
    compile_rows(str(text))  # raises ValueError with the reason
    return (str(text),)


def _span(text: str | None) -> timedelta | None:
    if text is None:
        return None
    match = _SPAN.match(str(text))
    if match is None or int(match.group(1)) == 0:
        raise ValueError(f'@expires: {text!r} must look like "30m", "12h" or "30d"')
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})
