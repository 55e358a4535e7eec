"""What the organisations bring: commands, standing, and the loop that keeps each process's directory new."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.kernel.calendar import city_folder
from yiwang.kernel.orgs.commands import city
from yiwang.kernel.orgs.directory import Directory, standing
from yiwang.kernel.orgs.load import load_city
from yiwang.kernel.runtime import Loop, Prepare, Room, Runtime


async def refresh(rt: Runtime) -> bool:
    """Read the directory again if it has changed."""
    return await rt.part(Directory).refresh()


async def read_directory(rt: Runtime) -> None:
    """At start: the first copy."""
    await refresh(rt)


async def load(rt: Runtime, say: Callable[[str], None]) -> None:
    """Once per start of the system: the city of the settings, when its files are new or have changed."""
    report = await load_city(rt, city_folder(rt.settings.city))
    if report.changed:
        say(f"{report.divisions:,} divisions, {report.organisations:,} organisations, {report.posts:,} posts")


ROOM = Room(
    name="orgs",
    package="yiwang.kernel.orgs",
    loops=(Loop("orgs.refresh", every_s=1.0, run=refresh, everywhere=True),),
    on_start=(read_directory,),
    prepare=(Prepare("City", load, order=10),),
    commands=(city,),
    extra={"standing": standing},
)
