"""The outbox: events are written in the transaction of the change that they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.db import Conn, Queries
from yiwang.kit.ids import new_id
from yiwang.messages.base import Event

q = Queries.load("yiwang.kernel.events")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event in its CloudEvents 1.0 envelope (structured mode, JSON), ready for the outbox."""

    id: UUID
    type: str
    subject: str
    at: datetime
    body: str

    @staticmethod
    def of(event: Event, *, city: str, at: datetime, actor: str) -> Outgoing:
        """Wrap a payload; ``actor`` is the kind of actor, never a name: envelopes travel further than rows."""
        key = new_id()
        owner = event.type.split(".")[2] if event.type.count(".") > 2 else "kernel"
        envelope = {
            "specversion": "1.0",
            "id": str(key),
            "source": f"/yiwang/{city}/{owner}",
            "type": event.type,
            "subject": event.about(),
            "time": at.isoformat(),
            "datacontenttype": "application/json",
            "ywactor": actor,
            "data": event.model_dump(mode="json"),
        }
        return Outgoing(key, event.type, event.about(), at, orjson.dumps(envelope).decode())


def as_columns(events: Sequence[Outgoing]) -> tuple[list[Any], ...]:
    """The events of one unit of work as the outbox takes them: ids, types, subjects, moments, envelopes."""
    return (
        [e.id for e in events], [e.type for e in events], [e.subject for e in events], [e.at for e in events],
        [e.body for e in events],
    )  # fmt: skip


async def write_outbox(db: Conn, events: Sequence[Outgoing]) -> None:
    """Add the events of one unit of work. Only kernel.write calls this."""
    await db.execute(q.add_events, *as_columns(events))
