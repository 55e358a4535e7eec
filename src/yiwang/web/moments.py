"""Moments as a form gives them: the browser's own field of date and time, read on the city's clock."""

from __future__ import annotations

from datetime import datetime

from yiwang.kernel.errors import Invalid, Problem
from yiwang.web.context import Context


class MomentUnreadable(Invalid):
    """A field of date and time holds something else, or nothing where a moment is needed."""

    key = "web.moment.unreadable"


def read_moment(ctx: Context, fields: dict[str, str], name: str) -> datetime | None:
    """The moment of a field (ISO 8601 without a zone is the city's), None when it is empty; MomentUnreadable."""
    text = fields.get(name, "").strip()[:40]
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise MomentUnreadable(f"{text!r} is no moment", problems=[Problem(name, "web.moment.wrong")]) from wrong
    return found if found.tzinfo is not None else found.replace(tzinfo=ctx.zone)


def need_moment(ctx: Context, fields: dict[str, str], name: str) -> datetime:
    """As `read_moment`, for a field that must be filled in."""
    found = read_moment(ctx, fields, name)
    if found is None:
        raise MomentUnreadable(f"{name} is empty", problems=[Problem(name, "web.moment.missing")])
    return found
