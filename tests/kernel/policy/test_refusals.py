"""A refusal is kept and explained to the one who was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from yiwang.kernel.errors import NotFound, Refused
from yiwang.kernel.policy import Policies, explain
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource

CLERK = Actor("staff", uuid4(), "韩梅梅", 30, (30,), (8,), (), frozenset({"handler"}))
TASK = Resource("task", "t-1", org=7, area="320211001", attrs={"post": 3})


async def refused(
    rt: Runtime, actor: Actor = CLERK, action: str = "task.transfer", resource: Resource = TASK
) -> Refused:
    with pytest.raises(Refused) as caught:
        async with rt.act(actor, action, resource):
            raise AssertionError("must not get here")
    return caught.value


async def test_explanation_names_what_was_asked_what_failed_and_whom_to_ask(rt: Runtime) -> None:
    error = await refused(rt)
    told = await explain(rt, error.decision.refusal_id, "zh", actor=CLERK)
    assert told.asked == "转办任务（对象：任务）"
    by_id = {one.policy_id: one for one in told.considered}
    assert [c.met for c in by_id["staff.post-work"].conditions] == [False]
    assert by_id["staff.post-work"].conditions[0].text == "您担任该任务所属的岗位"
    assert [c.met for c in by_id["staff.supervision"].conditions] == [False, False]
    assert by_id["staff.supervision"].conditions[0].text == "您担任督办人员或者领导"
    assert "由系统管理员给您授权" in told.would_allow
    assert told.ask_roles == ("supervisor", "leader", "admin")
    assert not told.allowed_now


async def test_the_same_refusal_in_english_has_no_chinese_and_no_code(rt: Runtime) -> None:
    error = await refused(rt)
    told = await explain(rt, error.decision.refusal_id, "en", actor=CLERK)
    text = " ".join(
        [told.asked, *told.would_allow, *told.ask, *(c.text for p in told.considered for c in p.conditions)]
    )
    assert text.isascii()
    assert "principal" not in text


async def test_a_visitor_is_told_to_sign_in(rt: Runtime) -> None:
    error = await refused(rt, Actor.anonymous())
    told = await explain(rt, error.decision.refusal_id, "zh", actor=Actor.anonymous())
    assert told.would_allow[0] == "先登录再办理"


async def test_what_would_be_allowed_by_now_is_said(rt: Runtime) -> None:
    error = await refused(rt, Actor("resident", CLERK.id), "refusal.read", Resource("refusal", 1, owner=uuid4()))
    told = await explain(rt, error.decision.refusal_id, "zh", actor=Actor("resident", CLERK.id))
    assert told.considered
    assert not told.changed


async def test_others_do_not_read_my_refusal_but_auditors_do(rt: Runtime) -> None:
    error = await refused(rt)
    stranger = replace(CLERK, id=uuid4())
    with pytest.raises(NotFound):
        await explain(rt, error.decision.refusal_id, "zh", actor=stranger)
    auditor = replace(stranger, roles=frozenset({"auditor"}))
    assert await explain(rt, error.decision.refusal_id, "zh", actor=auditor)


async def test_the_same_question_again_is_one_refusal(rt: Runtime) -> None:
    first, second = await refused(rt), await refused(rt)
    assert first.decision.refusal_id == second.decision.refusal_id
    await rt.part(Policies).refusals.flush()
    async with rt.read_as_system() as conn:
        assert await conn.fetchval("select count(*) from policy.refusal") == 1


async def test_old_refusals_go(rt: Runtime) -> None:
    error = await refused(rt)
    policies = rt.part(Policies)
    await policies.refusals.flush()
    assert await policies.refusals.prune() == 0
    rt.clock.advance(timedelta(days=91))  # type: ignore[attr-defined]
    assert await policies.refusals.prune() == 1
    with pytest.raises(NotFound):
        await explain(rt, error.decision.refusal_id, "zh", actor=CLERK)


async def test_a_refusal_because_of_a_wrong_attribute_can_be_explained_too(rt: Runtime) -> None:
    error = await refused(rt, resource=Resource("task", "t-1", org=7, attrs={"post": [3], "step": frozenset({"a"})}))
    told = await explain(rt, error.decision.refusal_id, "zh", actor=CLERK)
    assert told.errors == ("task.post: expected Post, found list",)
    assert told.considered == ()
