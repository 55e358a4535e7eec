"""A request from its start to its end, on a real database, by people of different organisations."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.kernel.process.city import EAST, HQ, WATER, Town
from yiwang.kernel.errors import ClockSetBack, Invalid, NotFound, Refused
from yiwang.kernel.process.errors import AlreadyDone, ClaimedByOther, StaleTask
from yiwang.kernel.process.instances import deliver_message
from yiwang.kernel.process.loops import mark_overdue, run_timers
from yiwang.kernel.process.runs import Runs
from yiwang.kernel.process.tasks import claim, complete_task, release, save_draft
from yiwang.kernel.write import Actor, Resource


async def accepted(town: Town) -> tuple[UUID, object]:
    instance = await town.start()
    task = await town.live(instance)
    await town.do(complete_task, town.person("intake", HQ), task["id"], {"category": "city", "department": EAST})
    return instance, await town.live(instance)


async def test_a_request_runs_from_post_to_post_until_it_is_done(town: Town) -> None:
    instance, handling = await accepted(town)
    assert handling["step"] == "handle"
    assert handling["post"] == town.post("handler", EAST)
    assert handling["priority"] == 2
    assert town.calls[0]["inputs"] == {"category": "city"}
    assert town.calls[0]["context"].instance == instance
    # Two working days from Monday end with business on Wednesday.
    assert (
        handling["due_at"].astimezone(datetime.fromisoformat("2026-03-02T09:00+08:00").tzinfo).strftime("%d %H")
        >= "04 17"
    )
    await town.do(complete_task, town.person("handler", EAST), handling["id"], {"result": "已修复"})
    check = await town.live(instance, "check")
    await town.do(complete_task, town.person("dispatcher", HQ), check["id"], {"ok": True})
    row = await town.instance(instance)
    assert row["state"] == "done"
    assert row["result"]["data"]["result"] == "已修复"
    assert row["result"]["trail"]["handle"]["count"] == 1
    assert [t["state"] for t in await town.tasks(instance)] == ["done", "done", "done"]


async def test_a_gateway_sends_it_round_again(town: Town) -> None:
    instance, handling = await accepted(town)
    await town.do(complete_task, town.person("handler", EAST), handling["id"], {"result": "a"})
    check = await town.live(instance, "check")
    await town.do(complete_task, town.person("dispatcher", HQ), check["id"], {"ok": False})
    assert (await town.live(instance))["step"] == "handle"


async def test_it_runs_on_from_what_is_stored_as_from_memory(town: Town) -> None:
    instance, handling = await accepted(town)
    town.rt._parts.pop(Runs)  # as after a restart
    await town.do(complete_task, town.person("handler", EAST), handling["id"], {"result": "a"})
    assert (await town.live(instance))["step"] == "check"


async def test_the_second_of_two_people_learns_who_was_faster(town: Town) -> None:
    instance, handling = await accepted(town)
    await town.do(complete_task, town.person("handler", EAST, "张三"), handling["id"], {"result": "a"})
    with pytest.raises(AlreadyDone, match="张三") as caught:
        await town.do(complete_task, town.person("handler", EAST, "李四"), handling["id"], {"result": "b"})
    assert caught.value.params["who"] == "张三"
    assert len(await town.tasks(instance)) == 3


async def test_a_stale_page_changes_nothing(town: Town) -> None:
    _, handling = await accepted(town)
    handler = town.person("handler", EAST)
    saved = await town.do(save_draft, handler, handling["id"], {"result": "half"}, version=handling["version"])
    assert saved.version == handling["version"] + 1
    with pytest.raises(StaleTask):
        await town.do(complete_task, handler, handling["id"], {"result": "old"}, version=handling["version"])
    assert (await town.row(handling["id"]))["data"] == {"result": "half"}


@pytest.mark.parametrize(
    "data",
    [{}, {"result": ""}, {"result": "x" * 201}, {"result": "a", "more": 1}, {"result": 3}, {"result": "a", "cost": -1}],
)
async def test_a_wrong_form_is_refused_and_nothing_moves(town: Town, data: dict) -> None:
    instance, handling = await accepted(town)
    with pytest.raises(Invalid) as caught:
        await town.do(complete_task, town.person("handler", EAST), handling["id"], data)
    assert caught.value.problems
    row = await town.row(handling["id"])
    assert (row["state"], row["version"]) == ("open", 1)
    await town.do(complete_task, town.person("handler", EAST), handling["id"], {"result": "good"})
    assert (await town.live(instance))["step"] == "check"


async def test_a_capability_that_refuses_leaves_everything_as_it_was(town: Town) -> None:
    instance = await town.start()
    task = await town.live(instance)

    def fail(inputs: dict) -> dict:
        raise Invalid("no such category")

    town.route = fail
    intake = town.person("intake", HQ)
    with pytest.raises(Invalid, match="no such category"):
        await town.do(complete_task, intake, task["id"], {"category": "x", "department": EAST})
    assert (await town.live(instance))["id"] == task["id"]
    town.route = lambda inputs: {"weight": 5}
    await town.do(complete_task, intake, task["id"], {"category": "x", "department": EAST})
    assert (await town.live(instance))["priority"] == 5


async def test_a_step_that_nobody_answers_for_is_named(town: Town) -> None:
    instance = await town.start()
    task = await town.live(instance)
    with pytest.raises(Invalid, match="办理.*no post"):
        await town.do(complete_task, town.person("intake", HQ), task["id"], {"category": "x", "department": "999900"})
    assert (await town.live(instance))["state"] == "open"


async def test_others_may_neither_see_nor_do_it(town: Town) -> None:
    _, handling = await accepted(town)
    stranger = town.person("handler", WATER)
    with pytest.raises(NotFound):
        await town.do(complete_task, stranger, handling["id"], {"result": "a"})
    with pytest.raises(Refused):  # the centre takes part and sees it, but the post is not theirs
        await town.do(complete_task, town.person("intake", HQ), handling["id"], {"result": "a"})


async def test_a_claimed_task_is_in_one_persons_hands(town: Town) -> None:
    _, handling = await accepted(town)
    zhang, li = town.person("handler", EAST, "张三"), town.person("handler", EAST, "李四")
    await town.do(claim, zhang, handling["id"])
    for verb in (claim, complete_task):
        with pytest.raises(ClaimedByOther, match="张三"):
            await town.do(verb, li, handling["id"], *([{"result": "a"}] if verb is complete_task else []))
    await town.do(release, zhang, handling["id"])
    await town.do(complete_task, li, handling["id"], {"result": "a"})


async def test_every_action_leaves_audit_rows_and_events(town: Town) -> None:
    _, handling = await accepted(town)
    async with town.rt.read_as_system() as db:
        row = await db.fetchrow("select * from audit.entry where action = 'task.complete' order by id desc limit 1")
        kinds = {r[0] for r in await db.fetch("select type from event.log")}
    assert row["before"]["state"] == "open"
    assert row["after"]["state"] == "done"
    assert {"cn.yiwang.process.instance.started.v1", "cn.yiwang.process.task.opened.v1",
            "cn.yiwang.process.task.completed.v1"} <= kinds  # fmt: skip


async def test_a_message_ends_it_and_closes_the_task(town: Town) -> None:
    instance, handling = await accepted(town)
    row = await town.instance(instance)
    resident = Actor("resident", uuid4(), "居民")
    async with town.rt.act(Actor.system("t"), "process.start", Resource("process", "x")) as act:
        told = await deliver_message(act, "withdraw", row["subject_type"], row["subject_id"], {"why": "已解决"})
        none = await deliver_message(act, "reopen", row["subject_type"], row["subject_id"], {})
        act.record()
    assert (told, none) == ([instance], [])
    assert (await town.instance(instance))["state"] == "done"
    assert (await town.row(handling["id"]))["state"] == "cancelled"
    assert resident.kind == "resident"


async def test_a_timer_fires_once_when_it_is_due(town: Town) -> None:
    instance, _ = await accepted(town)
    assert await run_timers(town.rt) == 0
    town.rt.clock.advance(timedelta(days=2))
    assert await run_timers(town.rt) == 1
    assert await run_timers(town.rt) == 0
    assert (await town.live(instance))["step"] == "handle"


async def test_a_late_task_is_marked_once_and_supervised(town: Town) -> None:
    instance, handling = await accepted(town)
    town.rt.clock.advance(timedelta(days=4))
    assert await mark_overdue(town.rt) == 1
    assert await mark_overdue(town.rt) == 0
    watching = await town.live(instance, kind="supervise")
    assert watching["post"] == town.post("supervisor", HQ)
    row = await town.row(handling["id"])
    assert row["overdue_at"] is not None and row["supervised"]
    await town.do(complete_task, town.person("handler", EAST), row["id"], {"result": "a"}, version=row["version"])


async def test_a_clock_set_back_is_refused(town: Town) -> None:
    from yiwang.kernel.clock import MovableClock

    _, handling = await accepted(town)
    town.rt.clock = MovableClock(town.rt.clock.now() - timedelta(hours=1))
    with pytest.raises(ClockSetBack):
        await town.do(complete_task, town.person("handler", EAST), handling["id"], {"result": "a"})
    assert (await town.row(handling["id"]))["state"] == "open"
