"""Lengths of time as packages write them: ``2wd``, ``4wh``, ``30m``, ``3d``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.errors import Invalid

#: No deadline of an office is longer than this many of any unit.
MAX_AMOUNT = 100_000


class SpanInvalid(Invalid):
    """A length of time that cannot be read; write a whole number and one of wd, wh, wm, d, h, m."""

    key = "calendar.span_invalid"


class Unit(StrEnum):
    """Working days, hours and minutes follow the city's calendar; d, h and m are elapsed time."""

    WORKING_DAYS = "wd"
    WORKING_HOURS = "wh"
    WORKING_MINUTES = "wm"
    DAYS = "d"
    HOURS = "h"
    MINUTES = "m"

    @property
    def working(self) -> bool:
        """Whether it stands still outside of working hours."""
        return self.value.startswith("w")


_LONG = {
    "working day": Unit.WORKING_DAYS,
    "working hour": Unit.WORKING_HOURS,
    "working minute": Unit.WORKING_MINUTES,
    "day": Unit.DAYS,
    "hour": Unit.HOURS,
    "minute": Unit.MINUTES,
}
_FORM = re.compile(r"(\d{1,6}) *([a-z][a-z ]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """A whole number of one unit."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``2wd`` or, as stories write it, ``2 working days``; SpanInvalid otherwise."""
        match = _FORM.fullmatch(text.strip()) if len(text) <= 40 else None
        unit = _unit(match[2]) if match else None
        if match is None or unit is None or int(match[1]) > MAX_AMOUNT:
            raise SpanInvalid(
                f"cannot read the span {text[:40]!r}: expected for example 2wd, 4wh, 30m or 3d", text=text[:40]
            )
        return cls(int(match[1]), unit)

    def __str__(self) -> str:
        """The short form, which `parse` reads back."""
        return f"{self.amount}{self.unit.value}"

    @property
    def key(self) -> str:
        """The key of the sentence that a person reads, to be filled with ``n``."""
        return f"calendar.span.{self.unit.value}"


def _unit(word: str) -> Unit | None:
    try:
        return Unit(word)
    except ValueError:
        return _LONG.get(word.removesuffix("s"))
