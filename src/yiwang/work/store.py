"""What the inbox reads beside the kernel's lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Conn, Queries

q = Queries.load("yiwang.work")


async def senders(db: Conn, tasks: Iterable[UUID]) -> dict[UUID, tuple[str, int]]:
    """(name, post) of whoever sent each task on; a task that nobody sent (the first of its process) is missing."""
    rows = await db.fetch(q.senders, list(tasks))
    return {row["id"]: (row["done_name"] or row["claimed_name"] or "", row["post"]) for row in rows}


async def chosen_tasks(db: Conn, tasks: Iterable[UUID]) -> list[Any]:
    """The rows of these tasks that the scope sees, in the order of the inbox."""
    return await db.fetch(q.chosen, list(tasks))
