"""The deadline that the process would set, applied to what a log records.

Definition, as the readers of the indicators are told: the installed decision tables give a span of working days for the
category; the day of opening does not count, the last day is the N-th working day of the city's calendar after it; a
request is on time when it was closed on or before that day. A span in hours says nothing about a log of days: then
there is no deadline.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping as Dictionary
from datetime import date, datetime, time
from typing import Any

from yiwang.govern.replay.mapping import Deadline
from yiwang.kernel.calendar import Span, Unit, work_calendar
from yiwang.kernel.process import Definitions
from yiwang.kernel.process.engine import Decision
from yiwang.kernel.runtime import Runtime


class Deadlines:
    """Spans by category, and days by span."""

    def __init__(self, rt: Runtime, deadline: Deadline | None, tables: Dictionary[str, Decision], rule: str) -> None:
        self._calendar = work_calendar(rt)
        self._now = rt.clock.now()
        self._deadline = deadline
        self._tables = tables
        self._spans: dict[str, Span | None] = {}
        self._days: list[int] = []
        self._years: set[int] = set()
        self._ends: dict[date, datetime] = {}
        self.rule = rule

    @classmethod
    async def of(cls, rt: Runtime, deadline: Deadline | None) -> Deadlines:
        """From the newest installed version of the process; NoSuchProcess when its package is not installed."""
        if deadline is None:
            return cls(rt, None, {}, "")
        async with rt.read_as_system() as db:
            found = await rt.part(Definitions).newest(db, deadline.process)
        return cls(rt, deadline, found.spec.decisions, f"{found.package}/{found.key} v{found.version}")

    def span(self, category: str) -> Span | None:
        """The span for a category (empty: not recorded), or None where no deadline in days follows."""
        if category not in self._spans:
            self._spans[category] = self._decide(category)
        return self._spans[category]

    def _decide(self, category: str) -> Span | None:
        if self._deadline is None:
            return None
        data: dict[str, Any] = {**self._deadline.given, "category": category}
        for table in self._deadline.tables:
            data[table.into] = self._tables[table.decision].decide(data, now=self._now)
        value: Any = data
        for name in self._deadline.span:
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            return None
        span = Span.parse(str(value))
        return span if span.unit in (Unit.WORKING_DAYS, Unit.DAYS) else None

    def due(self, span: Span, opened: date) -> tuple[date, datetime]:
        """The last day in time for a request that was opened on a day (at whatever hour), and the moment it ends.

        The same as the calendar's own `add`, from a list of working days: a log of ten years asks thousands of times.
        """
        if span.unit is Unit.DAYS or not span.amount:
            moment = self._calendar.add(datetime.combine(opened, time(12), self._calendar.zone), span)
            return self._calendar.local(moment).date(), moment
        last = self._working(opened, span.amount)
        if last not in self._ends:
            self._ends[last] = self._calendar.hours_on(last)[-1][1]
        return last, self._ends[last]

    def _working(self, opened: date, amount: int) -> date:
        """The N-th working day after a day."""
        while True:
            days = self._days
            index = bisect_right(days, opened.toordinal()) + amount - 1
            if days and days[0] <= opened.toordinal() and index < len(days):
                return date.fromordinal(days[index])
            self._learn(opened)

    def _learn(self, opened: date) -> None:
        """Extend the list of working days by whole years, so that it reaches a day and the year after the last."""
        years = self._years
        wanted = {opened.year - 1, opened.year, opened.year + 1, max(years, default=opened.year) + 1}
        years |= set(range(min(wanted | years), max(wanted | years) + 1))
        day, end = date(min(years), 1, 1).toordinal(), date(max(years) + 1, 1, 1).toordinal()
        self._days = [n for n in range(day, end) if self._calendar.is_working_day(date.fromordinal(n))]
