"""The roster: who stands watch on a post, from when to when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiwang.kernel.errors import NotFound
from yiwang.kernel.orgs.actions.common import check_period, lock_open_post, post_resource, renew
from yiwang.kernel.orgs.errors import NotHolder
from yiwang.kernel.orgs.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor
from yiwang.kit.ids import new_id
from yiwang.messages.orgs import DutySet


class UnknownDuty(NotFound):
    """There is no such entry in the roster."""

    key = "orgs.unknown_duty"


async def set_duty(
    rt: Runtime, actor: Actor, post: int, account: UUID, *, starts_at: datetime, ends_at: datetime
) -> UUID:
    """Put a holder of the post on its roster; returns the entry. Several may be on duty at once.

    NotHolder when the account does not hold the post when the watch begins; PostClosed, UnknownPost, PeriodInvalid.
    """
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.set_duty", resource) as act:
        check_period(act.now, starts_at, ends_at)
        await lock_open_post(act, post)
        if not await act.db.fetchrow(q.appointment_at, post, account, max(starts_at, act.now)):
            raise NotHolder(f"account {account} will not hold post {post} at {starts_at}", post=post)
        duty = new_id()
        await act.db.execute(q.add_duty, duty, post, account, starts_at, ends_at)
        await act.db.execute(q.bump_people)
        period = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        act.record(after={"duty": str(duty), "account": str(account), **period})
        act.emit(DutySet(duty=duty, post=post, account=account, starts_at=starts_at, ends_at=ends_at, cancelled=False))
    await renew(rt)
    return duty


async def cancel_duty(rt: Runtime, actor: Actor, duty: UUID) -> None:
    """Take an entry off the roster; nothing happens when it is off or over. UnknownDuty."""
    async with rt.read_as_system() as db:
        post = await db.fetchval(q.post_of_duty, duty)
    if post is None:
        raise UnknownDuty(f"there is no entry {duty} in the roster")
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.set_duty", resource) as act:
        row = await act.db.fetchrow(q.lock_duty, duty)
        if row is None or row["cancelled_at"] is not None or row["ends_at"] <= act.now:
            act.nothing_changed()
            return
        await act.db.execute(q.cancel_duty, duty, act.now)
        await act.db.execute(q.bump_people)
        act.record(before={"account": str(row["account"])}, after={"cancelled_at": act.now.isoformat()})
        period = {"starts_at": row["starts_at"], "ends_at": row["ends_at"]}
        act.emit(DutySet(duty=duty, post=post, account=row["account"], **period, cancelled=True))
    await renew(rt)
