"""What identity brings: commands, the first accounts, housekeeping of expired rows and of sessions in use."""

from __future__ import annotations

from yiwang.kernel.db import Queries
from yiwang.kernel.identity.bootstrap import prepare_admin, prepare_demo
from yiwang.kernel.identity.commands import account
from yiwang.kernel.identity.sessions import Sessions
from yiwang.kernel.runtime import Loop, Prepare, Room, Runtime
from yiwang.kernel.write import Actor, unit

q = Queries.load("yiwang.kernel.identity")


async def keep_sessions(rt: Runtime) -> None:
    """At start, in every process: write down once a minute which sessions were used."""
    rt.spawn(rt.part(Sessions).keep_flushing(), "identity.sessions")


async def purge(rt: Runtime) -> int:
    """Remove rows that nothing can use any more (tickets, counters, kept forms, old sessions); tells how many."""
    async with unit(rt, Actor.system("identity")) as work:
        work.bookkeeping()
        return int(await work.db.fetchval(q.purge, rt.clock.now()))


ROOM = Room(
    "identity",
    "yiwang.kernel.identity",
    on_start=(keep_sessions,),
    loops=(Loop("identity.purge", every_s=600.0, run=purge),),
    commands=(account,),
    prepare=(
        Prepare("Accounts", prepare_admin, order=40),
        Prepare("Demo accounts", prepare_demo, demo=True, order=41),
    ),
)
