"""Giving and revoking grants: the only writers of ``policy.grant``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Problem
from yiwang.kernel.policy.grants import SUBJECTS, parse_conditions
from yiwang.kernel.policy.service import Policies
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource
from yiwang.kit.ids import new_id
from yiwang.messages.policy import GrantGiven, GrantRevoked

q = Queries.load("yiwang.kernel.policy")


class GrantInvalid(Invalid):
    """A grant that cannot be given as it stands."""

    key = "policy.error.grant"


class GrantOver(Conflict):
    """The grant was revoked already."""

    key = "policy.error.grant_over"


@dataclass(frozen=True)
class NewGrant:
    """What is granted to whom, as the columns of ``policy.grant``; the administrators of ``org`` give and revoke it."""

    subject_kind: str
    subject: str
    action: str
    resource_type: str
    org: int
    reason: str
    resource_id: str | None = None
    scope_org: int | None = None
    scope_area: str | None = None
    purpose: str | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    area: str = ""


async def give_grant(rt: Runtime, actor: Actor, new: NewGrant) -> UUID:
    """Give a grant; its id. Raises GrantInvalid with every problem, or Refused."""
    start = new.valid_from or rt.clock.now()
    problems = _problems(rt, new, start)
    if problems:
        raise GrantInvalid(f"the grant has {len(problems)} problem(s)", problems=problems)
    identity = new_id()
    async with rt.act(actor, "grant.give", _resource(identity, new.org, new.area, new)) as act:
        await act.db.execute(
            q.insert_grant, identity, new.subject_kind, new.subject, new.action, new.resource_type, new.resource_id,
            new.scope_org, new.scope_area, new.purpose, dict(new.conditions), start, new.valid_to, new.reason.strip(),
            new.org, new.area, actor.id, act.now,
        )  # fmt: skip
        await act.db.execute(q.bump_revision)
        act.record(after=_plain(new, start), note=new.reason)
        act.emit(GrantGiven(grant=identity, subject_kind=new.subject_kind, subject=new.subject, action=new.action))
    await rt.part(Policies).load()
    return identity


async def revoke_grant(rt: Runtime, actor: Actor, identity: UUID, reason: str) -> None:
    """Revoke a grant; it counts no more from this moment. Raises NotFound, GrantOver or Refused."""
    async with rt.read(actor) as conn:
        row = await conn.fetchrow(q.find_grant, identity)
    if row is None:
        raise NotFound(f"there is no grant {identity}")
    if not reason.strip():
        raise GrantInvalid(problems=[Problem("reason", "policy.grant.reason")])
    async with rt.act(actor, "grant.revoke", _resource(identity, row["org"], row["area"], row)) as act:
        if not await act.db.execute(q.revoke_grant, identity, act.now, actor.id, reason.strip()):
            raise GrantOver(f"the grant {identity} was revoked already")
        await act.db.execute(q.bump_revision)
        act.record(before={"revoked": False}, after={"revoked": True}, note=reason.strip())
        act.emit(GrantRevoked(grant=identity, reason=reason.strip()))
    await rt.part(Policies).load()


async def list_grants(
    rt: Runtime, actor: Actor, *, action: str | None = None, ended: bool = False, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """The grants that the actor's organisations gave, newest first."""
    async with rt.read(actor) as conn:
        rows = await conn.fetch(q.list_grants, action, ended, min(limit, 200), offset)
    return [dict(row) for row in rows]


def _resource(identity: UUID, org: int, area: str, source: Any) -> Resource:
    names = ("subject_kind", "subject", "action")
    attrs = {name: source[name] if isinstance(source, Mapping) or hasattr(source, "keys") else getattr(source, name)
             for name in names}  # fmt: skip
    return Resource("grant", identity, org=org, area=area, attrs=attrs)


def _problems(rt: Runtime, new: NewGrant, start: datetime) -> list[Problem]:
    declared = rt.part(Policies).compiled.declarations.actions.get(new.action)
    found = []
    if new.subject_kind not in SUBJECTS or not new.subject:
        found.append(Problem("subject", "policy.grant.subject"))
    if declared is None or not declared.grantable:
        found.append(Problem("action", "policy.grant.action"))
    elif new.resource_type not in declared.on:
        found.append(Problem("resource_type", "policy.grant.resource_type"))
    if new.valid_to is not None and new.valid_to <= start:
        found.append(Problem("valid_to", "policy.grant.valid_to"))
    if new.scope_area == "":
        found.append(Problem("scope_area", "policy.grant.scope_area"))
    if not new.reason.strip() or len(new.reason) > 1000:
        found.append(Problem("reason", "policy.grant.reason"))
    try:
        parse_conditions(new.conditions)
    except ValueError as error:
        found.append(Problem("conditions", "policy.grant.conditions", {"reason": str(error)}))
    return found


def _plain(new: NewGrant, start: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(new, name) for name in NewGrant.__dataclass_fields__ if name not in ("reason", "conditions")},
        "conditions": dict(new.conditions),
        "valid_from": start.isoformat(),
        "valid_to": new.valid_to.isoformat() if new.valid_to else None,
    }
