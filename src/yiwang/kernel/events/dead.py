"""Dead letters: what could not be applied, readable by a person, and sent again when the cause is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.db import Conn
from yiwang.kernel.events.outbox import q


@dataclass(frozen=True)
class DeadLetter:
    """One event that one reaction could not apply."""

    id: int
    reaction: str
    event: UUID
    type: str
    subject: str
    at: datetime
    failed_at: datetime
    tries: int
    error: str
    envelope: dict[str, Any]


async def list_dead_letters(rt: Any, *, before_id: int | None = None, limit: int = 50) -> list[DeadLetter]:
    """Newest first; the caller has been allowed to (action ``event.read_dead``)."""
    async with rt.db.transaction("owner", readonly=True) as db:
        rows = await db.fetch(q.list_dead, before_id, limit)
    return [
        DeadLetter(
            r["id"], r["reaction"], r["event"], r["type"], r["subject"], r["at"], r["failed_at"], r["tries"],
            r["error"], orjson.loads(r["body"]),
        )
        for r in rows
    ]  # fmt: skip


async def replay_dead_letters(act: Any, ids: Sequence[int]) -> int:
    """Queue dead letters again inside an action ``event.replay``; tells how many. The worker applies them."""
    db: Conn = act.db
    count = await db.fetchval("select event.replay($1, $2, $3)", list(ids), act.now, act.actor.id)
    act.record(note=f"{count} dead letters sent again", count=count, after={"ids": list(ids)})
    return int(count)
