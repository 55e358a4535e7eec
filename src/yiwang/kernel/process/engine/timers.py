"""When a timer is due: ISO 8601 durations and dates, and spans of the city's working calendar.

The moment from which a timer counts is always given; nothing here reads a clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta

#: Adds a span text such as ``2wd`` (working days) or ``4wh`` (working hours) to a moment, by the city's calendar.
Due = Callable[[datetime, str], datetime]

_SPAN = re.compile(r"([1-9]\d{0,4})(wd|wh|m|h|d)")
_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_PLAIN = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
#: A timer further away than this is a mistake.
LONGEST_YEARS = 100


class BadTimer(ValueError):
    """A timer text that cannot be understood, with the reason as its message."""


def check_timer(kind: str, text: str) -> None:
    """Raise BadTimer unless ``text`` is a timer of ``kind``: ``span``, ``timeDuration`` or ``timeDate``."""
    if kind == "span":
        if _SPAN.fullmatch(text) is None:
            raise BadTimer(f"{text!r} is not a span such as 30m, 4h, 3d, 2wd or 4wh")
    elif kind == "timeDuration":
        _duration(text)
    elif kind == "timeDate":
        _date(text)
    else:
        raise BadTimer("a timer needs exactly one of yw:span, timeDuration or timeDate")


def due_at(kind: str, text: str, start: datetime, due: Due | None) -> datetime:
    """The moment a timer that starts at ``start`` is due. Raises BadTimer."""
    if kind == "span":
        return _after_span(text, start, due)
    if kind == "timeDuration":
        months, rest = _duration(text)
        return _add_months(start, months) + rest
    return _date(text)


def _after_span(text: str, start: datetime, due: Due | None) -> datetime:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise BadTimer(f"{text!r} is not a span such as 30m, 4h, 3d, 2wd or 4wh")
    if due is not None:
        return due(start, text)
    unit = _PLAIN.get(match[2])
    if unit is None:
        raise BadTimer(f"{text!r} needs a working calendar and none was given")
    return start + int(match[1]) * unit


def _duration(text: str) -> tuple[int, timedelta]:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise BadTimer(f"{text!r} is not an ISO 8601 duration such as P3D or PT30M")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if years + months // 12 + (weeks * 7 + days) // 365 + hours // 8766 > LONGEST_YEARS:
        raise BadTimer(f"{text!r} is longer than {LONGEST_YEARS} years")
    return years * 12 + months, timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _add_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))


def _date(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadTimer(f"{text!r} is not a date and time such as 2026-03-02T09:00+08:00") from None
    if moment.tzinfo is None:
        raise BadTimer(f"{text!r} needs a time zone, such as +08:00")
    return moment
