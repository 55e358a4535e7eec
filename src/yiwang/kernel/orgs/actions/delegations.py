"""Letting somebody act from one's post for a while, and taking that back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.orgs.actions.common import check_note, check_period, lock_open_post, post_resource, renew
from yiwang.kernel.orgs.errors import NotHolder
from yiwang.kernel.orgs.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor
from yiwang.kit.ids import new_id
from yiwang.messages.orgs import DelegationRevoked, PostDelegated


class UnknownDelegation(NotFound):
    """There is no such delegation."""

    key = "orgs.unknown_delegation"


async def delegate_post(
    rt: Runtime,
    actor: Actor,
    post: int,
    to_account: UUID,
    *,
    ends_at: datetime,
    starts_at: datetime | None = None,
    from_account: UUID | None = None,
    note: str = "",
) -> UUID:
    """Let `to_account` act from a post until `ends_at`; returns the delegation.

    The giver is the actor (the system names `from_account`) and must hold the post itself: what was lent cannot be lent
    on. It lapses when the giver leaves the post. NotHolder, PostClosed, UnknownPost, PeriodInvalid.
    """
    resource = await post_resource(rt, post)
    giver = from_account if actor.kind == "system" else actor.id
    async with rt.act(actor, "post.delegate", resource) as act:
        begins = starts_at or act.now
        check_period(act.now, begins, ends_at)
        await lock_open_post(act, post)
        if giver is None or not await act.db.fetchrow(q.appointment_at, post, giver, act.now):
            raise NotHolder(f"account {giver} does not hold post {post} now and cannot lend it", post=post)
        if giver == to_account:
            raise Invalid("a post cannot be lent to its holder", key="orgs.already_holder")
        delegation = new_id()
        await act.db.execute(q.add_delegation, delegation, post, giver, to_account, begins, ends_at, check_note(note))
        await act.db.execute(q.bump_people)
        act.record(
            after={"delegation": str(delegation), "to": str(to_account), "until": ends_at.isoformat()}, note=note
        )
        act.emit(
            PostDelegated(
                delegation=delegation,
                post=post,
                from_account=giver,
                to_account=to_account,
                starts_at=begins,
                ends_at=ends_at,
            )
        )
    await renew(rt)
    return delegation


async def revoke_delegation(rt: Runtime, actor: Actor, delegation: UUID) -> None:
    """Take a delegation back, from now on; nothing happens when it has ended already. UnknownDelegation."""
    async with rt.read_as_system() as db:
        post = await db.fetchval(q.post_of_delegation, delegation)
    if post is None:
        raise UnknownDelegation(f"there is no delegation {delegation}")
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.revoke_delegation", resource) as act:
        row = await act.db.fetchrow(q.lock_delegation, delegation)
        if row is None or row["revoked_at"] is not None or row["ends_at"] <= act.now:
            act.nothing_changed()
            return
        await act.db.execute(q.revoke_delegation, delegation, act.now)
        await act.db.execute(q.bump_people)
        act.record(before={"to": str(row["to_account"])}, after={"revoked_at": act.now.isoformat()})
        act.emit(DelegationRevoked(delegation=delegation, post=post, to_account=row["to_account"]))
    await renew(rt)
