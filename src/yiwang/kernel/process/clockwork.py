"""Deadlines of tasks: the city's calendar as a board needs it."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.kernel.calendar import Span, SpanInvalid, WorkCalendar, work_calendar
from yiwang.kernel.runtime import Runtime


class Clockwork:
    """Spans, pauses and deadlines in the working time of the city."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar

    def due(self, start: datetime, span: str) -> datetime:
        """When a span from ``start`` is over; SpanInvalid when it cannot be read."""
        return self.calendar.add(start, Span.parse(span))

    def extended(self, due: datetime, span: str | None, since: datetime, until: datetime) -> tuple[datetime, int]:
        """The deadline after a pause and the minutes that the pause took, both in the time that the span counts in.

        A deadline without a span of its own (set by a date) counts in working time.
        """
        working = span is None or _working(span)
        minutes = (
            self.calendar.minutes_between(since, until) if working else int((until - since) / timedelta(minutes=1))
        )
        return self.calendar.resume(due, since, until, working=working), minutes


def _working(span: str) -> bool:
    try:
        return Span.parse(span).unit.working
    except SpanInvalid:
        return True


class CityClockwork(Clockwork):
    """``rt.part(CityClockwork)``: the clockwork of the installation's city."""

    def __init__(self, rt: Runtime) -> None:
        super().__init__(work_calendar(rt))
