"""A worker: every loop of every room, and one consumer per reaction. Any number of workers may run at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from yiwang.kernel.errors import Unavailable
from yiwang.kernel.events import deliver_one
from yiwang.kernel.events.bus import NatsBus
from yiwang.kernel.runtime import Loop, Reaction, Runtime

log = logging.getLogger(__name__)


async def run_worker(rt: Runtime, stop: asyncio.Event) -> None:
    """Run until ``stop`` is set. A loop that fails is logged and runs again; only the process's end stops it."""
    alarms: dict[str, asyncio.Event] = {}
    loops = [loop for loop in rt.registry.all("loops") if isinstance(loop, Loop)]
    tasks = [asyncio.create_task(_repeat(rt, loop, alarms), name=loop.name) for loop in loops]
    if any(loop.wake for loop in loops):
        tasks.append(asyncio.create_task(_listen(rt, alarms), name="listen"))
    if isinstance(rt.bus, NatsBus):
        tasks += [asyncio.create_task(_consume(rt, rt.bus, r), name=r.name) for r in rt.registry.all("reactions")]
    try:
        await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def keep_caches(rt: Runtime) -> None:
    """In a process that is no worker: the loops that every process runs for itself."""
    for loop in rt.registry.all("loops"):
        if loop.everywhere:
            rt.spawn(_repeat(rt, loop, {}), loop.name)


async def _consume(rt: Runtime, bus: NatsBus, reaction: Reaction) -> None:
    async def handle(event_id: UUID) -> None:
        await _patiently(partial(deliver_one, rt, reaction.name, event_id))

    await bus.consume(reaction.name, [e.type for e in reaction.events], handle)


async def _patiently(work: Callable[[], Awaitable[object]]) -> None:
    # While the database is away nothing can be put off in it: hold the message until it is back.
    while True:
        try:
            await work()
            return
        except (Unavailable, OSError) as error:
            log.warning("waiting for the database", extra={"error": repr(error)})
            await asyncio.sleep(1)


async def _repeat(rt: Runtime, loop: Loop, alarms: dict[str, asyncio.Event]) -> None:
    alarm = alarms.setdefault(loop.wake, asyncio.Event()) if loop.wake else asyncio.Event()
    failures = 0
    while True:
        alarm.clear()
        try:
            await loop.run(rt)
            failures = 0
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failures += 1
            level = logging.WARNING if isinstance(error, Unavailable) else logging.ERROR
            log.log(level, "loop failed", extra={"loop": loop.name, "error": repr(error), "failures": failures},
                    exc_info=not isinstance(error, Unavailable) and failures <= 3)  # fmt: skip
        wait = loop.every_s if not failures else min(30.0, loop.every_s + 2.0 ** min(failures, 5) * 0.25)
        try:
            await asyncio.wait_for(alarm.wait(), wait)
        except TimeoutError:
            continue


async def _listen(rt: Runtime, alarms: dict[str, asyncio.Event]) -> None:
    def ring(_connection: object, _pid: int, channel: str, _payload: str) -> None:
        if alarm := alarms.get(channel):
            alarm.set()

    while True:
        try:
            async with rt.db.raw("owner") as raw:
                try:
                    for channel in alarms:
                        await raw.add_listener(channel, ring)
                    while not raw.is_closed():
                        await asyncio.sleep(1)
                        await raw.fetchval("select 1")
                finally:
                    if not raw.is_closed():
                        for channel in alarms:
                            await raw.remove_listener(channel, ring)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("listening again", extra={"error": repr(error)})
            await asyncio.sleep(1)
