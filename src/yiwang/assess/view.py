"""From a request's query to a question, and from an answer to what the board shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yiwang.assess.model import Board, Indicator, Line, Question
from yiwang.kernel.errors import Invalid

#: Rows of the breakdown on the page; the export has all.
SHOWN = 40
_PERIODS = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}


class BadPeriod(Invalid):
    """A date that is none, or a period that ends before it begins."""

    key = "assess.errors.bad_period"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a breakdown, a period in days of the city, filters."""

    by: str | None
    period: str
    since: date | None
    until: date | None
    where: Mapping[str, str]

    def question(self, indicators: Sequence[Indicator], zone: ZoneInfo) -> Question:
        """The question; ``until`` is the last day included."""
        since = _midnight(self.since, zone)
        until = _midnight(self.until + timedelta(days=1), zone) if self.until else None
        return Question(tuple(indicators), self.by, since, until, dict(self.where))


def read_query(query: Mapping[str, str], dimensions: Sequence[str], default_by: str | None, today: date) -> Asked:
    """From the query of the address; BadPeriod when a date is wrong. Unknown dimensions are ignored."""
    by = query.get("by", default_by or "")
    where = {name: query[name][:200] for name in dimensions if name in query and query[name] != ""}
    where |= {name: "" for name in dimensions if query.get(f"{name}_missing")}
    period = query.get("period", "all" if not (query.get("from") or query.get("to")) else "")
    since, until = _day(query.get("from")), _day(query.get("to"))
    if period in _PERIODS:
        since, until = today - timedelta(days=_PERIODS[period] - 1), today
    if since and until and until < since:
        raise BadPeriod(f"{since} to {until}", since=str(since), until=str(until))
    return Asked(by if by in dimensions else None, period, since, until, where)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 1900 <= day.year < 3000:  # at the ends of the calendar a day more is no date any more
            raise ValueError(text)
        return day
    except ValueError as error:
        raise BadPeriod(f"{text!r} is no date", since=text, until="") from error


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def ordered(lines: Sequence[Line], by: str | None, first: str) -> list[Line]:
    """Weeks and months in time, everything else by the first indicator, largest first; not recorded comes last."""
    if by in {"week", "month", "day", "year"}:
        return sorted(lines, key=lambda n: (n.key is None, n.key or ""))
    return sorted(lines, key=lambda n: (n.key is None, -(n.values.get(first) or 0)))


def chart(lines: Sequence[Line], indicator: Indicator, by: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The chart of one indicator over the breakdown: a line over time, bars otherwise."""
    over_time = by in {"week", "month", "day", "year"}
    shown = list(lines)[-60:] if over_time else list(lines)[:15]
    return {
        "kind": "line" if over_time else "rank",
        "axis": names["axis"],
        "unit": names["unit"],
        "categories": [n.label for n in shown],
        "series": [{"name": names["title"], "values": [n.values[indicator.id] for n in shown]}],
    }


def default_board(boards: Sequence[Board]) -> Board | None:
    """The board that opens first."""
    return boards[0] if boards else None
