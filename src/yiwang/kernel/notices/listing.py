"""What was sent, and what would have been: for administrators, with addresses masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Conflict
from yiwang.kernel.identity import Keys
from yiwang.kernel.notices.transports import Transports
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource, unit
from yiwang.kernel.write.unit import decide

q = Queries.load("yiwang.kernel.notices")
STATES = ("queued", "sending", "sent", "sandboxed", "dropped", "gave_up")
RETRY_FOR = timedelta(days=1)


@dataclass(frozen=True)
class NoticeFilter:
    """Which messages: by state, channel, template; `before` the last one shown, for the next page."""

    state: str | None = None
    channel: str | None = None
    template: str | None = None
    before: UUID | None = None
    limit: int = 50


@dataclass(frozen=True)
class Notice:
    """One message as an administrator sees it. `text` is None for a secret that has left the house."""

    id: UUID
    template: str
    channel: str
    masked: str
    locale: str
    subject: str
    text: str | None
    state: str
    reason: str
    attempts: int
    next_at: datetime
    created_at: datetime
    done_at: datetime | None
    urgent: bool


async def list_notices(rt: Runtime, actor: Actor, chosen: NoticeFilter | None = None) -> list[Notice]:
    """The newest first. Refused unless the policy lets the actor read them (action notice.read)."""
    await decide(rt, actor, "notice.read", Resource("notice"), None, rt.clock.now())
    f = chosen or NoticeFilter()
    async with rt.read_as_system() as db:
        rows = await db.fetch(q.list_messages, f.state, f.channel, f.template, f.before, min(f.limit, 200))
    return [_notice(rt, dict(r)) for r in rows]


async def count_notices(rt: Runtime, actor: Actor, *, since: datetime) -> dict[str, int]:
    """How many per state since a moment."""
    await decide(rt, actor, "notice.read", Resource("notice"), None, rt.clock.now())
    async with rt.read_as_system() as db:
        found = {r["state"]: r["count"] for r in await db.fetch(q.count_states, since)}
    return {state: found.get(state, 0) for state in STATES}


async def retry_notice(rt: Runtime, actor: Actor, notice: UUID) -> None:
    """Try a message again that was given up. Conflict when it was not, or its secret text is gone."""
    # The row is not the administrator's to see; after the decision about them the system puts it back on their word.
    resource = Resource("notice", notice)
    async with unit(rt, Actor.system("notices")) as work, work.also("notice.retry", resource, actor=actor) as act:
        if not await act.db.execute(q.retry_message, notice, act.now, act.now + RETRY_FOR):
            raise Conflict("it was not given up, or there is nothing left to send", key="notice.error.not_given_up")
        act.record(after={"state": "queued"})


def _notice(rt: Runtime, row: dict[str, Any]) -> Notice:
    sealed, body = row.pop("sealed"), row.pop("body")
    subject = row.pop("subject")
    if sealed is not None and rt.part(Transports).is_sandbox(row["channel"]) and row["state"] == "sandboxed":
        subject, body = orjson.loads(rt.part(Keys).box.open("notice", sealed, bound=row["id"].bytes))
    return Notice(subject=subject, text=body, **row)
