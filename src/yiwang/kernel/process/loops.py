"""Background work: timers that are due, tasks that are late. Any number of workers may run these at once."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from yiwang.kernel.errors import Unavailable, YiwangError
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.instances import instance_resource
from yiwang.kernel.process.model import TaskRow
from yiwang.kernel.process.responsible import place_for
from yiwang.kernel.process.session import Session
from yiwang.kernel.process.store import q
from yiwang.kernel.process.verbs import supervise
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource, Unit, unit
from yiwang.messages import process as said

log = logging.getLogger(__name__)
#: Instances taken up in one turn of a loop.
BATCH = 200
_TIMERS, _DEADLINES = Actor.system("process.timers"), Actor.system("process.deadlines")
#: A timer whose work failed is tried again after 1, 2, 4 .. minutes, at most every hour.
_FIRST_RETRY, _LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)


class _NothingToDo(Exception):
    """A signal: another worker was here since the list was read, so the lock is let go again."""


async def run_timers(rt: Runtime) -> int:
    """Let every timer fire that is due; tells how many instances moved on. One that fails does not stop the others."""
    moved = 0
    while True:
        async with rt.read_as_system() as db:
            due: list[UUID] = [r["instance"] for r in await db.fetch(q.due_timers, rt.clock.now(), BATCH)]
        fired = [await _fire(rt, instance) for instance in due]
        moved += sum(fired)
        if len(due) < BATCH or not any(fired):
            return moved


async def _fire(rt: Runtime, instance: UUID) -> bool:
    try:
        async with unit(rt, _TIMERS) as work:
            if not await work.db.fetchval(q.try_lock, instance):
                return False
            if not await work.db.fetchval(q.timer_is_due, instance, work.now):
                raise _NothingToDo
            await _advance(work, instance)
            return True
    except _NothingToDo:
        return False
    except Unavailable:
        raise
    except (YiwangError, ValueError) as error:
        log.exception("a timer failed", extra={"instance": str(instance)})
        await _put_off(rt, instance, error)
        return False


async def _advance(work: Unit, instance: UUID) -> None:
    session = await Session.of_instance(work, instance, trusted=True)
    inst = session.board.instance
    async with work.also("process.advance", instance_resource(inst)) as act:
        run = await session.run()
        session.board.note_down("timer", None)
        await session.follow(act, run.advance(session.board.now), None)
        await session.save(act)
        act.record(after={"state": inst.state, "opened": [str(i) for i in session.board.opened]})


async def _put_off(rt: Runtime, instance: UUID, error: Exception) -> None:
    async with unit(rt, _TIMERS) as work, work.also("process.advance", Resource("process", instance)) as act:
        attempts = await act.db.fetchval(q.timer_attempts, instance) or 0
        wait = min(_FIRST_RETRY * 2 ** min(attempts, 10), _LONGEST_RETRY)
        await act.db.execute(q.timer_failed, instance, act.now + wait, f"{type(error).__name__}: {error}")
        act.record(after={"failed": str(error)[:500]}, note="put off")


async def mark_overdue(rt: Runtime) -> int:
    """Mark tasks that have passed their deadline, say so, and open supervision where their step asks for it."""
    marked = 0
    while True:
        async with rt.read_as_system() as db:
            late: list[UUID] = [r["instance"] for r in await db.fetch(q.late_instances, rt.clock.now(), BATCH)]
        found = [await _late(rt, instance) for instance in late]
        marked += sum(found)
        if not any(found):
            return marked


async def _late(rt: Runtime, instance: UUID) -> int:
    try:
        async with unit(rt, _DEADLINES) as work:
            if not await work.db.fetchval(q.try_lock, instance):
                return 0
            return await _mark(work, instance)
    except _NothingToDo:
        return 0


async def _mark(work: Unit, instance: UUID) -> int:
    session = await Session.of_instance(work, instance, trusted=True)
    board = session.board
    late = [r for r in board.live() if _is_late(r, session)]
    if not late:
        raise _NothingToDo
    async with work.also("process.overdue", instance_resource(board.instance)) as act:
        for row in late:
            board.touch(row, quietly=True).overdue_at = board.now
            board.note_down("overdue", row)
            board.say(said.TaskOverdue, row)
            _escalate(session, row)
        await session.save(act)
        act.record(after={"overdue": [str(r.id) for r in late]}, count=len(late))
    return len(late)


def _is_late(row: TaskRow, session: Session) -> bool:
    return row.due_at is not None and row.due_at < session.board.now and not (row.overdue_at or row.paused_at)


def _escalate(session: Session, row: TaskRow) -> None:
    """督办 by the role that the step names in yw:escalate; nobody in that role is logged and stops nothing."""
    if not row.escalate or row.kind not in ("main", "rework"):
        return
    try:
        place = place_for(session.rt.part(Directory), {"role": row.escalate}, session.board.instance, row.step_name_zh)
    except YiwangError as error:
        log.warning("nobody to escalate to", extra={"task": str(row.id), "role": row.escalate, "error": str(error)})
        return
    supervise(session.board, row, place, session.rt.strings.t("process.overdue_reason", "zh"))
