"""Lists of incidents by filters that stand in the address."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yiwang.govern.model import LIVE, STATES
from yiwang.govern.store import q
from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Invalid
from yiwang.kit.chinese import query_bigrams

PAGE, MOST = 50, 20_000
#: A list that also shows what is done looks this far back unless a period is chosen.
USUAL_DAYS = 90
_SEARCH = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. ``state``: one state, ``live`` (all that is open) or ``all``."""

    state: str = "live"
    category: str = ""
    area: str = ""
    department: int | None = None
    late: bool = False
    supervised: bool = False
    since: date | None = None
    until: date | None = None
    text: str = ""

    @staticmethod
    def read(query: Mapping[str, str]) -> Filters:
        """From the query of an address; what makes no sense is ignored, a list is always shown."""
        state = query.get("state", "live")
        department = query.get("department", "")
        return Filters(
            state=state if state in (*STATES, "live", "all") else "live", category=query.get("category", "")[:60],
            area=query.get("area", "")[:15],
            department=_id(department),
            late=query.get("late") == "1", supervised=query.get("supervised") == "1", since=_day(query.get("from")),
            until=_day(query.get("to")), text=query.get("q", "").strip()[:60],
        )  # fmt: skip

    @property
    def over_live(self) -> bool:
        """Whether open work alone is asked for, which is small however long the history."""
        return self.state == "live" or self.state in LIVE


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day is not None and 1900 <= day.year < 3000 else None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of what comes after."""

    rows: list[Any]
    next: str | None


async def list_incidents(
    db: Conn, filters: Filters, now: datetime, zone: ZoneInfo, *, after: str | None = None, limit: int = PAGE
) -> Page:
    """Incidents that the scope of the connection sees, newest first."""
    since, until = _bounds(filters, now, zone)
    at, key = read_cursor(after) if after else (None, None)
    ids = None
    if filters.text:
        ids = [row["id"] for row in await db.fetch(q.find_incidents, query_bigrams(filters.text) or ["\x01"], _SEARCH)]
        if row := await db.fetchrow(q.read_by_number, filters.text):
            ids.append(row["id"])
    state = filters.state if filters.state in STATES else None
    rows = await db.fetch(
        q.list_live if filters.over_live else q.list_all, state, filters.category or None, filters.area or None,
        filters.department, filters.late, now, filters.supervised, since, until, at, key, ids, limit + 1,
    )  # fmt: skip
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, cursor(rows[-1]["opened_at"], rows[-1]["id"]) if more else None)


def _bounds(filters: Filters, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    since, until = filters.since, filters.until
    if since is None and not filters.over_live and not filters.text:
        since = (until or now.astimezone(zone).date()) - timedelta(days=USUAL_DAYS)
    first = datetime.combine(since, time(), zone) if since else None
    last = datetime.combine(until + timedelta(days=1), time(), zone) if until and until < date.max else None
    return first, last


def cursor(at: datetime, key: UUID) -> str:
    """Where a page ended."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{key}".encode()).decode()


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """What ``cursor`` wrote; Invalid when it is something else."""
    try:
        at, _, key = base64.urlsafe_b64decode(text.encode("ascii")).decode().partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(key)
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise Invalid("the cursor cannot be read", field="after") from error
