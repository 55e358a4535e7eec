"""The audit row, and the two things done with it: add and search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Conn, Queries

q = Queries.load("yiwang.kernel.audit")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what. ``count`` and ``digest`` describe bulk work, which is one action and one row."""

    at: datetime
    actor: UUID | None
    actor_kind: str
    actor_name: str
    post: int | None
    action: str
    resource_type: str
    resource_id: str | None
    org: int | None
    area: str
    purpose: str | None
    policies: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    note: str
    count: int | None
    digest: str | None
    request_id: str


_NAMES = tuple(f.name for f in fields(Entry))


def as_rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The rows of one unit of work as ``audit.add_entries`` takes them."""
    return [{name: getattr(e, name) for name in _NAMES} for e in entries]


async def write_entries(db: Conn, entries: Sequence[Entry]) -> None:
    """Add the rows of one unit of work. Only kernel.write calls this."""
    await db.execute(q.add_entries, as_rows(entries))


async def search_entries(
    db: Conn,
    *,
    before_id: int | None = None,
    action: str | None = None,
    resource_type: str | None = None,
    resource_id: str | None = None,
    actor: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    actor_name: str | None = None,
    limit: int = 50,
) -> list[Any]:
    """Rows that the connection's scope may see, newest first; pass the last id as ``before_id`` for the next page."""
    return await db.fetch(
        q.search_entries, before_id, action, resource_type, resource_id, actor, since, until, actor_name,
        min(max(limit, 1), 500),
    )  # fmt: skip
