"""What the inbox reads beside the kernel's lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Conn, Queries

q = Queries.load("yiwang.work")


async def senders(db: Conn, tasks: Iterable[UUID]) -> dict[UUID, tuple[str, int]]:
    """(name, post) of whoever sent each task on; a task that nobody sent (the first of its process) is missing."""
    came = {row["id"]: row["came"] for row in await db.fetch(q.causes, list(tasks))}
    if not came:
        return {}
    rows = {row["id"]: row for row in await db.fetch(q.senders, list(set(came.values())))}
    return {
        task: (rows[by]["done_name"] or rows[by]["claimed_name"] or "", rows[by]["post"])
        for task, by in came.items()
        if by in rows
    }


async def chosen_tasks(db: Conn, tasks: Iterable[UUID]) -> list[Any]:
    """The rows of these tasks that the scope sees, in the order of the inbox."""
    return await db.fetch(q.chosen, list(tasks))
