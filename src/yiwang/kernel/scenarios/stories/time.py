"""Moving the clock of a story: from one moment at which something is due to the next, so that nothing is skipped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from yiwang.kernel.clock import MovableClock
from yiwang.kernel.db import Queries
from yiwang.kernel.runtime import Runtime

q = Queries.load("yiwang.kernel.scenarios")
MOST_STOPS = 2000
MOST_ROUNDS = 20


async def settle(rt: Runtime) -> None:
    """Apply every event and run every background loop once more until nothing is left to be delivered."""
    for _ in range(MOST_ROUNDS):
        made = await rt.drain()
        for loop in rt.registry.all("loops"):
            await loop.run(rt)
        if not made and not await rt.drain():
            return
    raise RuntimeError(f"events still cause new events after {MOST_ROUNDS} rounds")


async def move_to(rt: Runtime, moment: datetime) -> None:
    """Move the clock, stopping at every timer and every deadline on the way. Raises ClockSetBack."""
    clock = cast("MovableClock", rt.clock)
    if moment < clock.now():
        clock.move_to(moment)  # raises ClockSetBack
    for _ in range(MOST_STOPS):
        async with rt.read_as_system() as conn:
            due: datetime | None = await conn.fetchval(q.story_next_due)
        # A moment that is due now and stays due (an error that is retried) must not hold the clock.
        stop = min(moment, max(due, clock.now() + timedelta(seconds=1))) if due is not None else moment
        clock.move_to(max(stop, clock.now()))
        await settle(rt)
        if clock.now() >= moment:
            return
    raise RuntimeError(f"more than {MOST_STOPS} things were due before {moment.isoformat()}")
