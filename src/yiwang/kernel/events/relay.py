"""The relay: from the outbox to JetStream, in batches, in order, and nothing is forgotten before it is acknowledged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yiwang.kernel.events.outbox import q
from yiwang.kernel.runtime import Runtime

BATCH = 500
#: A delivery whose message has not been applied after this long is tried without the message.
LOST_AFTER = timedelta(seconds=30)


def interested(rt: Runtime) -> dict[str, list[str]]:
    """Event type -> names of the reactions that want it."""
    found: dict[str, list[str]] = {}
    for reaction in rt.registry.all("reactions"):
        for event in reaction.events:
            found.setdefault(event.type, []).append(reaction.name)
    return found


async def route_pending(rt: Runtime, *, lost_after: timedelta = LOST_AFTER) -> list[Any]:
    """Turn pending events into deliveries (one per interested reaction); returns them for publishing."""
    wanted = interested(rt)
    async with rt.db.transaction("owner") as db:
        rows = await db.fetch(q.take_pending, BATCH)
        fresh = [r for r in rows if not r["routed"]]
        if fresh:
            routes = [(name, r["event"]) for r in fresh for name in wanted.get(r["type"], ())]
            await db.execute(
                q.route_events, [name for name, _ in routes], [event for _, event in routes],
                rt.clock.now() + lost_after, [r["event"] for r in fresh],
            )  # fmt: skip
    return rows


async def relay_events(rt: Runtime) -> int:
    """Relay everything pending; tells how many. Raises Unavailable when NATS did not acknowledge: it stays pending."""
    total = 0
    while rows := await route_pending(rt):
        if rt.bus is not None:
            await rt.bus.publish([(r["type"], str(r["event"]), r["body"].encode()) for r in rows])
        async with rt.db.transaction("owner") as db:
            await db.execute(q.drop_pending, [r["event"] for r in rows])
        total += len(rows)
        if len(rows) < BATCH:
            break
    return total
