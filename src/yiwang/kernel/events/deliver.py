"""Delivery: one handler, one event, one transaction; what fails waits longer each time and is buried in the end."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta
from uuid import UUID

import orjson

from yiwang.kernel.events.outbox import q
from yiwang.kernel.events.relay import route_pending
from yiwang.kernel.runtime import Reaction, Runtime, register_door
from yiwang.messages.base import Event, event_types

log = logging.getLogger(__name__)
MAX_TRIES = 6
_BACKOFF_S = (1, 5, 30, 120, 600)


def reaction_named(rt: Runtime, name: str) -> Reaction | None:
    """The reaction of that name, if a room still has it."""
    return next((r for r in rt.registry.all("reactions") if r.name == name), None)


def open_envelope(body: str) -> Event:
    """The typed payload of a CloudEvents envelope; KeyError when no room knows its type any more."""
    envelope = orjson.loads(body)
    return event_types()[envelope["type"]].model_validate(envelope["data"])


async def deliver_one(rt: Runtime, name: str, event_id: UUID) -> bool:
    """Apply one event to one reaction, once. False: it had been applied, or it failed and was put off or buried."""
    reaction = reaction_named(rt, name)
    if reaction is None:
        await _fail(rt, name, event_id, LookupError(f"no room has a reaction named {name!r} any more"), final=True)
        return False
    try:
        async with rt.system_unit(f"reaction:{name}") as unit:
            row = await unit.db.fetchrow(q.take_delivery, name, event_id)
            if row is None:
                unit.nothing_changed()
                return False
            await reaction.handle(unit, open_envelope(row["body"]))
            await unit.db.execute(q.finish_delivery, name, event_id)
            unit.bookkeeping()
        return True
    except Exception as error:
        await _fail(rt, name, event_id, error)
        return False


async def _fail(rt: Runtime, name: str, event_id: UUID, error: Exception, *, final: bool = False) -> None:
    text = "".join(traceback.format_exception(error))[-4000:]
    now = rt.clock.now()
    async with rt.db.transaction("owner") as db:
        tries = await db.fetchval(q.postpone_delivery, name, event_id, now + timedelta(days=1))
        if tries is None:
            return
        if final or tries >= MAX_TRIES:
            await db.execute(q.bury_delivery, name, event_id, now, text)
            log.error("event buried", extra={"reaction": name, "event": str(event_id), "error": repr(error)})
            return
        await db.execute(
            "update event.delivery set next_at = $3 where reaction = $1 and event = $2",
            name, event_id, now + timedelta(seconds=_BACKOFF_S[min(tries, len(_BACKOFF_S)) - 1]),
        )  # fmt: skip
    log.warning("event put off", extra={"reaction": name, "event": str(event_id), "tries": tries, "error": repr(error)})


async def deliver_due(rt: Runtime, limit: int = 500) -> int:
    """Apply what no message will bring: retries that are due and deliveries whose message was lost."""
    async with rt.db.transaction("owner", readonly=True) as db:
        due = await db.fetch(q.due_deliveries, rt.clock.now(), limit)
    done = 0
    for row in due:
        done += await deliver_one(rt, row["reaction"], row["event"])
    return done


async def drain(rt: Runtime, rounds: int = 50) -> int:
    """Apply every waiting event here and now, and the events that follow from them (tests, stories).

    Failures are put off as ever; ``rounds`` bounds reactions that feed each other.
    """
    done = 0
    for _ in range(rounds):
        rows = await route_pending(rt)
        async with rt.db.transaction("owner") as db:
            await db.execute(q.drop_pending, [r["event"] for r in rows])
            waiting = await db.fetch(q.waiting_deliveries, 5000)
        applied = 0
        for row in waiting:
            applied += await deliver_one(rt, row["reaction"], row["event"])
        done += applied
        if not rows and not applied:
            break
    return done


register_door("drain", drain)
