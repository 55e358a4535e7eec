"""What was recorded last, told to the clock at the start: a machine that was set back must not write before it."""

from __future__ import annotations

from yiwang.kernel.audit.entries import q
from yiwang.kernel.clock import SystemClock
from yiwang.kernel.runtime import Runtime


async def remember_latest(rt: Runtime) -> None:
    """Let the machine's clock know the time of the latest audit entry, whoever wrote it.

    While the clock is behind that by more than the tolerance, everything that asks it is refused with ClockSetBack:
    deadlines and the order of the trail would be wrong. A clock of a story or a replay is left alone.
    """
    if not isinstance(rt.clock, SystemClock):
        return
    async with rt.db.transaction("owner", readonly=True) as db:
        latest = await db.fetchval(q.latest_entry)
    if latest is not None:
        rt.clock.not_before(latest)
