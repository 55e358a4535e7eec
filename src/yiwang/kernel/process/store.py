"""Boards in and out of the database: load under a lock, save whole, one round trip each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.errors import ClockSetBack
from yiwang.kernel.process.board import Board
from yiwang.kernel.process.errors import NoSuchInstance, NoSuchTask
from yiwang.kernel.process.model import InstanceRow, Json, TaskRow, instance_from_json, task_from_json, to_json
from yiwang.kit.chinese import bigrams, normalise

q = Queries.load("yiwang.kernel.process")
#: A unit that waited for a lock is behind the one it waited for; further behind, the clock was set back.
PATIENCE = timedelta(minutes=3)
_UNCHANGED = object()


@dataclass(slots=True)
class Loaded:
    """One instance as it was locked; ``engine`` is None when the caller already holds that stamp, or it has ended."""

    instance: InstanceRow
    tasks: list[TaskRow]
    engine: str | None


async def load(
    db: Conn,
    *,
    instance: UUID | None = None,
    task: UUID | None = None,
    known: int | None = 0,
    whole: bool = False,
    trusted: bool = False,
) -> Loaded:
    """Lock an instance (by its id or one of its tasks) and read its live rows, or with ``whole`` all of them.

    NoSuchTask or NoSuchInstance unless the actor's scope sees it; ``trusted`` is for what an action on the subject,
    decided before, does to its process. ``known`` None: the engine's text is not wanted at all.
    """
    row = await db.fetchrow(q.load_board, instance, task, known, whole, trusted)
    if row is None:
        if task is not None:
            raise NoSuchTask(f"there is no task {task}", task=str(task))
        raise NoSuchInstance(f"there is no process instance {instance}", instance=str(instance))
    return Loaded(instance_from_json(row["instance"]), [task_from_json(t) for t in row["tasks"]], row["engine"])


def moment(instance: InstanceRow, now: datetime) -> datetime:
    """The time of this change: never before what the instance already recorded; ClockSetBack when far before it."""
    if now >= instance.latest:
        return now
    behind = instance.latest - now
    if behind > PATIENCE:
        raise ClockSetBack(
            f"the clock is {behind} behind what process instance {instance.id} recorded",
            seconds=round(behind.total_seconds()),
        )
    return instance.latest


def new_stamp() -> int:
    """A mark that no other saved state has."""
    return secrets.randbits(62) + 1


async def save(
    db: Conn,
    board: Board,
    *,
    engine: str | None = None,
    timer: Any = _UNCHANGED,
    awaiting: Sequence[str] | None = None,
    starting: bool = False,
) -> None:
    """Write what changed on the board, and the engine's state when it moved."""
    inst = board.instance
    inst.latest = max(inst.latest, board.now)
    doc: Json = {"id": inst.id, "start" if starting else "instance": to_json(inst)}
    if starting:
        words = normalise(f"{inst.subject_no} {inst.title}")
        doc |= {"words": words, "grams": bigrams(words)}
    if inst.ended_at is not None:
        doc["ended"] = True
    opened = list(board.opened.values())
    changed = [board.rows[key] for key in board.before]
    for name, rows in (("open", opened), ("change", changed)):
        if rows:
            doc[name] = [to_json(row) for row in rows]
    if board.notes:
        doc["notes"] = board.notes
    if board.logs:
        doc["log"] = board.logs
    if timer is not _UNCHANGED:
        doc["timer"] = timer
    if awaiting is not None:
        doc["awaiting"] = sorted(set(awaiting))
    await db.fetchval(q.save_board, doc, engine)


def dumps(value: Any) -> str:
    """Canonical JSON text, for digests."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str).decode()
