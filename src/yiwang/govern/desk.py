"""What staff do at an incident's page and over the API: finish the task that lies on one of their desks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.govern.errors import NoTaskHere
from yiwang.govern.store import q
from yiwang.kernel.db import Conn
from yiwang.kernel.process import Done, complete_task
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

_WORKABLE = ("open", "claimed")


async def open_tasks(db: Conn, incident: UUID, actor: Actor) -> list[Any]:
    """The live tasks of an incident that the scope sees; the actor's own first (column ``mine``)."""
    return await db.fetch(q.open_tasks, incident, sorted(actor.posts))


async def complete_my_task(
    rt: Runtime,
    actor: Actor,
    incident: UUID,
    data: dict[str, Any],
    *,
    task: UUID | None = None,
    version: int | None = None,
) -> Done:
    """Complete the actor's task of an incident with its form; NoTaskHere when none lies on their desks.

    ``task`` names one where there are several; ``version`` refuses a page that is older than the task.
    """
    async with rt.unit(actor) as unit:
        if task is None:
            mine = [t for t in await open_tasks(unit.db, incident, actor) if t["mine"] and t["state"] in _WORKABLE]
            if not mine:
                raise NoTaskHere(f"no task of incident {incident} lies on a desk of {actor.name}")
            task = mine[0]["id"]
        return await complete_task(unit, task, data, version=version)
