"""Decisions through the real write path, on a real database."""

from __future__ import annotations

from uuid import uuid4

import pytest

from yiwang.kernel.policy import Policies, Undeclared
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource


def handler(**changes: object) -> Actor:
    facts = {"posts": (3, 4), "post": 3, "orgs": (7,), "roles": frozenset({"handler"})} | changes
    return Actor("staff", uuid4(), "李雷", **facts)  # type: ignore[arg-type]


def task(post: int = 3, **changes: object) -> Resource:
    facts = {"org": 7, "area": "320211001003001", "attrs": {"post": post}} | changes
    return Resource("task", "t-1", **facts)  # type: ignore[arg-type]


async def allowed(rt: Runtime, actor: Actor, action: str, resource: Resource) -> bool:
    return (await rt.part(Policies).may(actor, action, resource)).allowed


async def test_people_of_a_post_do_its_tasks_and_no_others(rt: Runtime) -> None:
    assert await allowed(rt, handler(), "task.complete", task(3))
    assert await allowed(rt, handler(), "task.complete", task(4))
    assert not await allowed(rt, handler(), "task.complete", task(5))


async def test_supervisors_reach_as_far_as_their_area(rt: Runtime) -> None:
    boss = handler(posts=(9,), post=9, orgs=(1,), areas=("320211",), roles=frozenset({"supervisor"}))
    assert await allowed(rt, boss, "task.urge", task())
    assert not await allowed(rt, boss, "task.urge", task(area="320213001003001"))
    assert not await allowed(rt, boss, "task.complete", task())
    without_role = handler(posts=(9,), orgs=(1,), areas=("320211",))
    assert not await allowed(rt, without_role, "task.urge", task())


async def test_a_cached_answer_is_not_given_to_another_question(rt: Runtime) -> None:
    one, other = handler(), handler(posts=(5,), post=5)
    for _ in range(2):
        assert await allowed(rt, one, "task.complete", task(3))
        assert not await allowed(rt, other, "task.complete", task(3))
        assert await allowed(rt, other, "task.complete", task(5))


async def test_a_missing_attribute_is_a_refusal_even_where_another_policy_permits(rt: Runtime) -> None:
    boss = handler(areas=("320211",), roles=frozenset({"supervisor"}))
    ruling = await rt.part(Policies).may(boss, "task.transfer", task(attrs={}))
    assert not ruling.allowed
    assert "post" in ruling.errors[0]


async def test_the_system_may_and_nobody_may_not(rt: Runtime) -> None:
    assert await allowed(rt, Actor.system("test"), "event.react", Resource("event"))
    assert not await allowed(rt, Actor.anonymous(), "task.complete", task())
    assert not await allowed(rt, Actor("resident", uuid4()), "audit.read", Resource("audit"))


async def test_nobody_owns_what_has_no_owner(rt: Runtime) -> None:
    me = uuid4()
    assert await allowed(rt, Actor("resident", me), "refusal.read", Resource("refusal", 1, owner=me))
    assert not await allowed(rt, Actor("resident", uuid4()), "refusal.read", Resource("refusal", 1, owner=me))
    assert not await allowed(rt, Actor.anonymous(), "refusal.read", Resource("refusal", 1))


async def test_an_action_nobody_declared_is_a_bug_and_not_a_refusal(rt: Runtime) -> None:
    with pytest.raises(Undeclared, match="incident.explode"):
        await allowed(rt, Actor.system("test"), "incident.explode", Resource("task"))
    with pytest.raises(Undeclared, match="not on 'audit'"):
        await allowed(rt, Actor.system("test"), "task.complete", Resource("audit"))
