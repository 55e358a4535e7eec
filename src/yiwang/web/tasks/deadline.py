"""A deadline as people read it: what is left, or by how much it is late, in the working time of the city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from yiwang.kernel.calendar import WorkCalendar, work_calendar
from yiwang.web import format
from yiwang.web.context import Context

Kind = Literal["none", "paused", "late", "soon", "ahead", "on_time", "ended_late"]
#: Less than this much working time left is soon.
SOON = 240
#: Late by more than this is said louder.
BURNING = timedelta(days=1)
#: Beyond this many days the working days in between are not counted one by one.
FAR = 120
ENDED = frozenset({"done", "transferred", "cancelled"})


@dataclass(frozen=True, slots=True)
class Deadline:
    """``text`` is the badge, ``at`` the moment for its title, ``tone`` its colour; ``burning``: late by over a day."""

    kind: Kind
    text: str
    at: datetime | None = None
    burning: bool = False

    @property
    def tone(self) -> str:
        """The kind of badge."""
        return {"late": "error", "ended_late": "error", "soon": "warning", "on_time": "success"}.get(self.kind, "")


def deadline(ctx: Context, row: Mapping[str, Any] | Any) -> Deadline:
    """The deadline of a task row (a record with due_at, paused_at, done_at, state)."""
    due, now = row["due_at"], ctx.now
    if due is None:
        return Deadline("none", ctx.t("tasks.due.none"))
    if row["state"] in ENDED:
        in_time = row["done_at"] is None or row["done_at"] <= due
        return (
            Deadline("on_time", ctx.t("tasks.due.on_time"), due) if in_time else _ended_late(ctx, due, row["done_at"])
        )
    if row["paused_at"] is not None:
        return Deadline("paused", ctx.t("tasks.due.paused"), due)
    calendar = work_calendar(ctx.rt)
    if due < now:
        text = ctx.t("tasks.due.late", span=working_span(ctx, calendar, due, now))
        return Deadline("late", text, due, burning=now - due > BURNING)
    left = calendar.minutes_between(now, due)
    kind: Kind = "soon" if left < SOON else "ahead"
    return Deadline(kind, ctx.t("tasks.due.left", span=working_span(ctx, calendar, now, due)), due)


def _ended_late(ctx: Context, due: datetime, done: datetime) -> Deadline:
    span = working_span(ctx, work_calendar(ctx.rt), due, done)
    return Deadline("ended_late", ctx.t("tasks.due.ended_late", span=span), due)


def working_span(ctx: Context, calendar: WorkCalendar, start: datetime, end: datetime) -> str:
    """The time between two moments: working days from the second day on, working hours and minutes below.

    Where no office works in between (the evening of the last day) it is plain time, and so it is beyond ``FAR`` days.
    """
    if end - start > timedelta(days=FAR):
        return format.span(end - start, ctx.locale)
    minutes = calendar.minutes_between(start, end)
    days = calendar.working_days_between(calendar.local(start).date(), calendar.local(end).date())
    if days >= 2:
        return ctx.t("tasks.due.days", n=days)
    if minutes <= 0:
        return format.span(end - start, ctx.locale)
    if minutes >= 60:
        return ctx.t("tasks.due.hours", n=minutes // 60)
    return ctx.t("tasks.due.minutes", n=minutes)
