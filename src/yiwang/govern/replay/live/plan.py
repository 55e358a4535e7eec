"""When each step of a request is done: from what the log records, its opening and its closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.govern.replay.mapping import Step
from yiwang.kernel.calendar import WorkCalendar

#: A request that the log never closes is taken in all the same, within so much working time; then it stays where it is.
TAKEN_IN, EARLY = "2wh", 0.5


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the day, as the history has it."""

    number: str
    title: str
    category: str
    address: str
    area: str
    department: int | None
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Request:
        """From a row of the history."""
        return cls(**{name: row[name] for name in cls.__slots__})


def moment_of(step: Step, request: Request, opened: datetime, calendar: WorkCalendar) -> datetime | None:
    """When a task that was opened at a moment is done; None when the log knows of no such step.

    The share ``at`` of the way from opening to closing; by day in office hours, as far as the closing leaves room.
    """
    if step.after is not None:
        return calendar.add(opened, step.after)
    at = step.at or 0.0
    if request.closed_at is None:
        return max(opened, calendar.add(request.opened_at, TAKEN_IN)) if at < EARLY else None
    planned = request.opened_at + at * (request.closed_at - request.opened_at)
    same_day = calendar.local(request.opened_at).date() == calendar.local(request.closed_at).date()
    if at < 1 and not same_day and not calendar.is_open(planned):
        planned = calendar.add(planned, "1wm")
    return max(opened, min(planned, request.closed_at))


def filled(form: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """A form with ``{name}`` replaced: a text that is nothing else becomes the value itself (a post is a number)."""
    return {name: _filled(cell, values) for name, cell in form.items()}


def _filled(cell: Any, values: dict[str, Any]) -> Any:
    if not isinstance(cell, str):
        return cell
    if cell.startswith("{") and cell.endswith("}") and cell[1:-1] in values:
        return values[cell[1:-1]]
    return cell.format_map({name: str(value) for name, value in values.items()})
