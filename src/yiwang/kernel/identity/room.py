"""What identity registers."""

from __future__ import annotations

from yiwang.kernel.identity.sessions import Sessions
from yiwang.kernel.runtime import Room, Runtime


async def _start(rt: Runtime) -> None:
    rt.spawn(rt.part(Sessions).keep_flushing(), "identity.sessions")


ROOM = Room("identity", "yiwang.kernel.identity", on_start=(_start,))
