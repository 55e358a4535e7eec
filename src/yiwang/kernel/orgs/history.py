"""Who has held a post: for pages; the directory in memory knows the present and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.kernel.orgs.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor


@dataclass(frozen=True)
class PastAppointment:
    """One appointment, over or not; `handed_over` when it took over from the one before it."""

    account: UUID
    starts_at: datetime
    ends_at: datetime | None
    handed_over: bool
    note: str


async def post_history(rt: Runtime, actor: Actor, post: int, *, limit: int = 20) -> list[PastAppointment]:
    """Everybody who has held or will hold a post, newest first, as far as the actor may see who holds what."""
    async with rt.read(actor) as db:
        rows = await db.fetch(q.post_history, post, limit)
    return [
        PastAppointment(r["account"], r["starts_at"], r["ends_at"], r["handed_over_from"] is not None, r["note"])
        for r in rows
    ]
