"""Starting processes, telling them things, stopping and moving them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from yiwang.kernel.process import verbs
from yiwang.kernel.process.definitions import Definitions
from yiwang.kernel.process.errors import BadRequest, InstanceStopped
from yiwang.kernel.process.model import InstanceRow, Json, Subject
from yiwang.kernel.process.session import Session, Work
from yiwang.kernel.process.store import dumps, q
from yiwang.kernel.process.verbs.common import need_reason
from yiwang.kernel.write import Act, Resource
from yiwang.messages import process as said

#: Characters of JSON that a start or a message may bring.
MOST_DATA = 500_000


async def start_process(
    act: Act, key: str, subject: Subject, data: Json, *, org: int, parties: tuple[int, ...] = (), area: str = ""
) -> UUID:
    """Start the newest version of a process for a subject, within the action that made the subject; returns its id.

    It runs to where it waits for somebody: the first tasks lie on their desks when the action commits. Raises
    NoSuchProcess, NobodyResponsible, or whatever a capability on the way refuses with.
    """
    _bounded(data)
    definition = await act.rt.part(Definitions).newest(act.db, key)
    session = await Session.start(act, definition, subject, data, org, parties, area)
    await session.save(act)
    return session.board.instance.id


async def deliver_message(act: Act, name: str, subject_type: str, subject_id: UUID, payload: Json) -> list[UUID]:
    """Tell every instance of a subject that waits for a message; returns which did (none: nobody waits for it now).

    Belongs to an action on the subject that was decided already (a resident withdraws their own request). Raises
    InstanceStopped when one of them is suspended.
    """
    _bounded(payload)
    rows = await act.db.fetch(q.awaiting, name, subject_type, subject_id)
    told: list[UUID] = []
    for row in rows:
        session = await Session.of_instance(act, row["instance"], trusted=True)
        if session.board.instance.state == "suspended":
            raise InstanceStopped(f"process instance {row['instance']} is suspended", state="suspended")
        run = await session.run()
        if not run.awaits(name):
            continue  # somebody was faster
        session.board.note_down("message", None, name=name)
        await session.follow(act, run.deliver(name, payload, session.board.now), None)
        await session.save(act)
        told.append(row["instance"])
    return told


async def process_data(act: Act, instance: UUID, values: Json) -> None:
    """Record facts in the data of a running process from outside (its subject was reclassified)."""
    _bounded(values)
    session = await Session.of_instance(act, instance, trusted=True)
    run = await session.run()
    run.update(values)
    await session.follow(act, run.advance(session.board.now), None)
    await session.save(act)


def instance_resource(instance: InstanceRow) -> Resource:
    """An instance as policies see it."""
    attrs = {"key": instance.key, "subject_type": instance.subject_type}
    return Resource(
        "process", instance.id, org=instance.org, parties=tuple(instance.parties), area=instance.area, attrs=attrs
    )


async def suspend_instance(work: Work, instance: UUID, reason: str) -> None:
    """挂起流程: every clock and timer of it stands still, and nobody can work on its tasks."""
    reason = need_reason(reason)

    async def doing(act: Act, session: Session) -> None:
        _expect(session, "running")
        verbs.suspend_all(session.board, reason)
        await session.hold_timers(act, None, paused=True)
        inst = session.board.instance
        if inst.ended_at is None:
            inst.state, inst.suspended_at = "suspended", session.board.now
        session.board.say(said.ProcessPaused, paused=True, reason=reason)

    await _do(work, "suspend", instance, doing, reason)


async def resume_instance(work: Work, instance: UUID, reason: str = "") -> None:
    """恢复流程: as it was, with deadlines and timers moved by the pause."""

    async def doing(act: Act, session: Session) -> None:
        _expect(session, "suspended")
        inst = session.board.instance
        inst.state, inst.suspended_at = "running", None
        verbs.resume_all(session.board, reason)
        await session.hold_timers(act, None, paused=False)
        session.board.say(said.ProcessPaused, paused=False, reason=reason)

    await _do(work, "resume", instance, doing, reason)


async def cancel_instance(work: Work, instance: UUID, reason: str) -> None:
    """终止流程: every open task is cancelled and the process is over; notes and attachments stay."""
    reason = need_reason(reason)

    async def doing(_act: Act, session: Session) -> None:
        _expect(session, "running", "suspended")
        await session.cancel(reason)

    await _do(work, "cancel", instance, doing, reason)


async def _do(
    work: Work, verb: str, instance: UUID, doing: Callable[[Act, Session], Awaitable[None]], reason: str
) -> None:
    session = await Session.of_instance(work, instance)
    inst = session.board.instance
    async with work.also(f"process.{verb}", instance_resource(inst)) as act:
        before = {"state": inst.state, "version": inst.version}
        await doing(act, session)
        if verb != "cancel":
            session.board.note_down(f"{verb}_instance", None, reason=reason)
        await session.save(act)
        act.record(before=before, after={"state": inst.state, "version": inst.version}, note=reason[:500])


def _expect(session: Session, *states: str) -> None:
    inst = session.board.instance
    if inst.state not in states:
        raise InstanceStopped(f"process instance {inst.id} is {inst.state}", state=inst.state)


def _bounded(data: Json) -> None:
    if len(dumps(data)) > MOST_DATA:
        raise BadRequest("the data are too long", key="process.error.data_too_long", most=MOST_DATA)
