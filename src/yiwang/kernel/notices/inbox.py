"""Messages inside the application: each person's own, with a count of what is unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource

q = Queries.load("yiwang.kernel.notices")


@dataclass(frozen=True)
class InboxEntry:
    """One message to a person; `href` is the page that it is about, or empty."""

    id: UUID
    template: str
    title: str
    body: str
    href: str
    created_at: datetime
    read_at: datetime | None


async def inbox(rt: Runtime, actor: Actor, *, before: UUID | None = None, limit: int = 30) -> list[InboxEntry]:
    """The newest messages of the person who acts; `before` is the last one shown, for the next page."""
    if actor.id is None:
        return []
    async with rt.read(actor) as db:
        return [InboxEntry(**dict(r)) for r in await db.fetch(q.inbox_of, actor.id, before, min(limit, 100))]


async def unread_count(rt: Runtime, actor: Actor) -> int:
    """How many are unread, counted up to 100."""
    if actor.id is None:
        return 0
    async with rt.read(actor) as db:
        return int(await db.fetchval(q.unread_count, actor.id))


async def mark_read(rt: Runtime, actor: Actor, message: UUID | None = None) -> int:
    """Mark one of one's messages, or all of them, as read; tells how many were unread."""
    if actor.id is None:
        return 0
    async with rt.act(actor, "notice.inbox", Resource("notice", message, owner=actor.id)) as act:
        marked: int = await act.db.execute(q.mark_read, actor.id, message, act.now)
        if marked:
            act.record(count=marked, note="read")
        else:
            act.nothing_changed()
    return marked
