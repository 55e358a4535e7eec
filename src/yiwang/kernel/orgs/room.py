"""What the organisations bring: commands, standing, and the loop that keeps each process's directory new."""

from __future__ import annotations

from yiwang.kernel.orgs.commands import city
from yiwang.kernel.orgs.directory import Directory, standing
from yiwang.kernel.runtime import Loop, Room, Runtime


async def refresh(rt: Runtime) -> bool:
    """Read the directory again if it has changed."""
    return await rt.part(Directory).refresh()


async def read_directory(rt: Runtime) -> None:
    """At start: the first copy."""
    await refresh(rt)


ROOM = Room(
    name="orgs",
    package="yiwang.kernel.orgs",
    loops=(Loop("orgs.refresh", every_s=1.0, run=refresh),),
    on_start=(read_directory,),
    commands=(city,),
    extra={"standing": standing},
)
