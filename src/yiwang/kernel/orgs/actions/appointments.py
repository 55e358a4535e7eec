"""Appointing to a post, ending an appointment, handing a post over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiwang.kernel.orgs.actions.common import check_note, check_period, lock_open_post, post_resource, renew
from yiwang.kernel.orgs.errors import AlreadyHolder, NotHolder
from yiwang.kernel.orgs.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor
from yiwang.kit.ids import new_id
from yiwang.messages.orgs import AppointmentEnded, AppointmentMade


async def appoint(
    rt: Runtime,
    actor: Actor,
    post: int,
    account: UUID,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    note: str = "",
) -> UUID:
    """Appoint an account to a post from now (or `starts_at`) on; returns the appointment.

    AlreadyHolder when the account's periods on this post would overlap; PostClosed, UnknownPost, PeriodInvalid.
    """
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.appoint", resource) as act:
        begins = starts_at or act.now
        check_period(act.now, begins, ends_at)
        await lock_open_post(act, post)
        if await act.db.fetchval(q.overlapping_appointment, post, account, begins, ends_at):
            raise AlreadyHolder(f"account {account} holds post {post} already", post=post)
        appointment = await _add(act, post, account, begins, ends_at, None, check_note(note))
        act.record(after=_facts(appointment, account, begins, ends_at))
    await renew(rt)
    return appointment


async def end_appointment(
    rt: Runtime, actor: Actor, post: int, account: UUID, *, ends_at: datetime | None = None, note: str = ""
) -> UUID:
    """End an account's appointment to a post now (or at `ends_at`); returns it. NotHolder when there is none now."""
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.dismiss", resource) as act:
        await act.db.fetchrow(q.lock_post, post)  # also of a closed post somebody may be relieved
        appointment, ended = await _end(act, post, account, ends_at or act.now)
        act.record(before={"account": str(account)}, after={"ends_at": ended.isoformat()}, note=check_note(note))
    await renew(rt)
    return appointment


async def hand_over(
    rt: Runtime, actor: Actor, post: int, from_account: UUID, to_account: UUID, *, note: str = ""
) -> UUID:
    """Hand a post over, now: the one appointment ends and the other begins at the same moment; returns the new one.

    The open tasks stay where they are, with the post. NotHolder, AlreadyHolder, PostClosed, UnknownPost.
    """
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.hand_over", resource) as act:
        await lock_open_post(act, post)
        if await act.db.fetchval(q.overlapping_appointment, post, to_account, act.now, None):
            raise AlreadyHolder(f"account {to_account} holds post {post} already", post=post)
        ended, _ = await _end(act, post, from_account, act.now)
        note = check_note(note)
        appointment = await _add(act, post, to_account, act.now, None, (ended, from_account), note)
        act.record(before={"account": str(from_account)}, after={"account": str(to_account)}, note=note)
    await renew(rt)
    return appointment


async def _add(
    act: Act,
    post: int,
    account: UUID,
    starts_at: datetime,
    ends_at: datetime | None,
    before: tuple[UUID, UUID] | None,
    note: str,
) -> UUID:
    appointment = new_id()
    earlier, giver = before or (None, None)
    await act.db.execute(q.add_appointment, appointment, post, account, starts_at, ends_at, earlier, note)
    await act.db.execute(q.bump_people)
    act.emit(
        AppointmentMade(
            appointment=appointment, post=post, account=account, starts_at=starts_at, handed_over_from=giver
        )
    )
    return appointment


async def _end(act: Act, post: int, account: UUID, ends_at: datetime) -> tuple[UUID, datetime]:
    row = await act.db.fetchrow(q.appointment_at, post, account, act.now)
    if row is None:
        raise NotHolder(f"account {account} does not hold post {post} now", post=post)
    ends_at = max(ends_at, act.now)
    await act.db.execute(q.end_appointment, row["id"], ends_at)
    await act.db.execute(q.bump_people)
    act.emit(AppointmentEnded(appointment=row["id"], post=post, account=account, ends_at=ends_at))
    return row["id"], ends_at


def _facts(appointment: UUID, account: UUID, starts_at: datetime, ends_at: datetime | None) -> dict[str, str | None]:
    return {
        "appointment": str(appointment),
        "account": str(account),
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat() if ends_at else None,
    }
