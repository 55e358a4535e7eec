"""Grants as facts: given, narrowed, ended, revoked, and never above a forbid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from yiwang.kernel.errors import Refused
from yiwang.kernel.policy import GrantInvalid, GrantOver, NewGrant, Policies, give_grant, list_grants, revoke_grant
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource

ADMIN = Actor("staff", uuid4(), "管理员", 1, (1,), (7,), (), frozenset({"admin"}))
CLERK = Actor("staff", uuid4(), "韩梅梅", 30, (30,), (8,), (), frozenset({"handler"}))
ENTRY = Resource("audit", 5, org=7, area="320211001")
GRANT = NewGrant("post", "30", "audit.read", "audit", 7, "年度检查", scope_area="320211")


async def reads(rt: Runtime, resource: Resource = ENTRY, purpose: str | None = None) -> bool:
    return (await rt.part(Policies).may(CLERK, "audit.read", resource, purpose=purpose)).allowed


async def test_a_grant_opens_exactly_what_it_names(rt: Runtime) -> None:
    assert not await reads(rt)
    await give_grant(rt, ADMIN, GRANT)
    assert await reads(rt)
    assert not await reads(rt, replace(ENTRY, area="320213001"))
    other = replace(CLERK, posts=(31,), post=31)
    assert not (await rt.part(Policies).may(other, "audit.read", ENTRY)).allowed


async def test_a_grant_ends_by_its_date_and_by_revoking(rt: Runtime) -> None:
    until = rt.clock.now() + timedelta(days=2)
    await give_grant(rt, ADMIN, replace(GRANT, valid_to=until))
    assert await reads(rt)
    rt.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]
    assert not await reads(rt)
    identity = await give_grant(rt, ADMIN, GRANT)
    assert await reads(rt)
    await revoke_grant(rt, ADMIN, identity, "检查结束")
    assert not await reads(rt)
    with pytest.raises(GrantOver):
        await revoke_grant(rt, ADMIN, identity, "再次收回")


async def test_purpose_and_condition_narrow_a_grant(rt: Runtime) -> None:
    await give_grant(rt, ADMIN, replace(GRANT, purpose="audit-2026", conditions={"when": "resource.org == 7"}))
    assert not await reads(rt)
    assert await reads(rt, purpose="audit-2026")
    assert not await reads(rt, replace(ENTRY, org=9), purpose="audit-2026")


async def test_conditions_of_a_grant_oblige(rt: Runtime) -> None:
    await give_grant(rt, ADMIN, replace(GRANT, conditions={"mask": ["contact"], "expires": "30d", "watermark": True}))
    ruling = await rt.part(Policies).may(CLERK, "audit.read", ENTRY)
    assert ruling.obligations.watermark
    assert ruling.obligations.expires_at == rt.clock.now() + timedelta(days=30)
    assert ruling.enforce([{"phone": "13812341234"}]) == [{"phone": "138****1234"}]


async def test_another_process_notices_a_grant(rt: Runtime) -> None:
    await give_grant(rt, ADMIN, GRANT)
    second = Policies(rt)
    assert (await second.may(CLERK, "audit.read", ENTRY)).allowed
    identity = (await list_grants(rt, ADMIN))[0]["id"]
    await revoke_grant(rt, ADMIN, identity, "检查结束")
    await second._look()
    assert not (await second.may(CLERK, "audit.read", ENTRY)).allowed


async def test_nobody_grants_to_themselves_or_for_another_organisation(rt: Runtime) -> None:
    with pytest.raises(Refused):
        await give_grant(rt, ADMIN, replace(GRANT, subject_kind="account", subject=str(ADMIN.id)))
    with pytest.raises(Refused):
        await give_grant(rt, ADMIN, replace(GRANT, org=8))
    with pytest.raises(Refused):
        await give_grant(rt, CLERK, replace(GRANT, org=8))
    assert await list_grants(rt, ADMIN) == []


async def test_what_is_wrong_with_a_grant_is_collected(rt: Runtime) -> None:
    wrong = replace(GRANT, subject_kind="team", action="grant.give", reason=" ", conditions={"mask": "shoe-size"})
    with pytest.raises(GrantInvalid) as caught:
        await give_grant(rt, ADMIN, wrong)
    assert {p.where for p in caught.value.problems} == {"subject", "action", "reason", "conditions"}


async def test_a_grant_leaves_an_audit_row(rt: Runtime) -> None:
    identity = await give_grant(rt, ADMIN, GRANT)
    async with rt.read_as_system() as conn:
        row = await conn.fetchrow("select * from audit.entry where action = 'grant.give'")
    assert row is not None
    assert row["resource_id"] == str(identity)
    assert row["policies"] == ["admin.own-organisations"]
