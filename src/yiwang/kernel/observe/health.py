"""Health: does every part that we need answer, and do the queues drain?"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from yiwang.kernel.errors import ClockSetBack, YiwangError
from yiwang.kernel.runtime import Runtime

_DEPTHS = """
select (select count(*) from (select from event.pending limit 100000) x) as pending_events,
       (select count(*) from (select from event.delivery limit 100000) x) as waiting_deliveries,
       (select count(*) from event.dead_letter where replayed_at is null) as dead_letters,
       (select count(*) from (select from audit.pending limit 100000) x) as unsealed_audit_rows,
       (select count(*) from pg_stat_activity where datname = current_database()) as database_connections
"""
_DOCS = {
    "pending_events": "Events committed and not yet relayed (counted up to 100,000).",
    "waiting_deliveries": "Deliveries not yet applied (counted up to 100,000).",
    "dead_letters": "Deliveries given up and not sent again.",
    "unsealed_audit_rows": "Audit rows not yet chained (counted up to 100,000).",
    "database_connections": "Connections to this database.",
}


@dataclass(frozen=True)
class Check:
    """One part: its name (a string key below ``observe.``), whether it is well, how long it took, and a detail."""

    name: str
    ok: bool
    ms: float
    detail: str = ""


async def gather_depths(rt: Runtime) -> dict[str, tuple[float, str]]:
    """The depth of every queue with its description; empty when the database is away."""
    try:
        async with rt.db.transaction("owner", readonly=True, wait=2) as db:
            row = await db.fetchrow(_DEPTHS)
    except (YiwangError, OSError):
        return {}
    return {name: (float(row[name]), doc) for name, doc in _DOCS.items()} if row else {}


async def _database(rt: Runtime) -> str:
    async with rt.db.transaction("app", readonly=True, wait=2) as db:
        return f"PostgreSQL {await db.fetchval('show server_version')}"


async def _migrations(rt: Runtime) -> str:
    async with rt.db.transaction("owner", readonly=True, wait=2) as db:
        done = await db.fetchval("select count(*) from yw.migration")
    wanted = len(rt.registry.migrations().items)
    if done < wanted:
        raise YiwangError(f"{wanted - done} migrations have not run")
    return str(done)


async def _bus(rt: Runtime) -> str:
    ready = getattr(rt.bus, "ready", None)
    if ready is not None and not await ready():
        raise YiwangError("NATS does not answer")
    return "NATS JetStream" if ready else "in process"


async def _clock(rt: Runtime) -> str:
    return rt.clock.now().isoformat(timespec="seconds")


_CHECKS: dict[str, Callable[[Runtime], Awaitable[str]]] = {
    "database": _database,
    "migrations": _migrations,
    "bus": _bus,
    "clock": _clock,
}


async def check_health(rt: Runtime) -> list[Check]:
    """Every check, in order; a part that fails is told, not raised."""
    found = []
    for name, check in _CHECKS.items():
        began = time.perf_counter()
        try:
            detail, ok = await check(rt), True
        except (YiwangError, ClockSetBack, OSError) as error:
            detail, ok = str(error), False
        except Exception as error:
            detail, ok = type(error).__name__, False
        found.append(Check(name, ok, round((time.perf_counter() - began) * 1000, 1), detail))
    return found
