"""The same city at another moment: for a replay of the past, and for a demo whose past is played up to now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from yiwang.kernel.clock import MovableClock
from yiwang.kernel.db import Database
from yiwang.kernel.runtime import Runtime


@asynccontextmanager
async def at_moment(rt: Runtime, moment: datetime) -> AsyncIterator[Runtime]:
    """A runtime over the same database with a movable clock of its own, closed at the end."""
    live = Runtime(rt.settings, Database(rt.db.url, size=4), rt.registry, clock=MovableClock(moment))
    for wire in rt.registry.extra("wire"):
        wire(live)
    try:
        await live.start()
        yield live
    finally:
        await live.close()
