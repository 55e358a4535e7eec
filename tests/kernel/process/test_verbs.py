"""Every office verb on a real database, and what becomes of the task and of the process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kernel.process.city import EAST, FORMS, HQ, REQUESTS, WATER, Town, install, parcel
from tests.kernel.process.test_flow import accepted
from yiwang.kernel.errors import Refused
from yiwang.kernel.process import queries
from yiwang.kernel.process.errors import InstanceStopped, NothingToRecall, NotNow, UrgedTooOften
from yiwang.kernel.process.instances import cancel_instance, resume_instance, suspend_instance
from yiwang.kernel.process.loops import run_timers
from yiwang.kernel.process.migrate import migrate_instances
from yiwang.kernel.process.tasks import (
    add_signer,
    circulate,
    comment,
    complete_task,
    countersign,
    delegate,
    recall,
    resume,
    return_task,
    supervise,
    suspend,
    transfer,
    urge,
)
from yiwang.kernel.write import Actor


async def test_countersigning_holds_the_task_until_it_is_decided(town: Town) -> None:
    instance, handling = await accepted(town)
    owner, water = town.person("handler", EAST), town.person("handler", WATER)
    await town.do(countersign, owner, handling["id"], [town.post("handler", WATER), town.post("dispatcher", HQ)], "all")
    with pytest.raises(NotNow):
        await town.do(complete_task, owner, handling["id"], {"result": "a"})
    asked = [r for r in await town.tasks(instance) if r["kind"] == "countersign"]
    asked.sort(key=lambda r: r["post"] != water.post)
    assert {r["due_at"] for r in asked} == {handling["due_at"]}  # under one clock
    await town.do(complete_task, water, asked[0]["id"], {"agree": True, "opinion": "同意"})
    assert (await town.row(handling["id"]))["state"] == "waiting"
    await town.do(complete_task, town.person("dispatcher", HQ), asked[1]["id"], {"agree": False})
    row = await town.row(handling["id"])
    assert row["state"] == "open"
    assert row["gathered"]["countersign"]["agreed"] is False
    await town.do(complete_task, owner, handling["id"], {"result": "a"})
    async with town.rt.read_as_system() as db:
        detail = await queries.task_detail(town.rt, db, handling["id"])
    assert detail.data["countersign"]["answers"][0]["opinion"] == "同意"
    assert [n["body"] for n in detail.notes] == ["同意"]


async def test_a_signer_afterwards_can_send_it_back_or_let_it_pass(town: Town) -> None:
    instance, handling = await accepted(town)
    owner, water = town.person("handler", EAST), town.person("handler", WATER)
    await town.do(add_signer, owner, handling["id"], [town.post("handler", WATER)], "after")
    for agree, step in ((False, "handle"), (True, "check")):
        await town.do(complete_task, owner, handling["id"], {"result": "a"})
        asked = await town.live(instance, kind="signer")
        await town.do(complete_task, water, asked["id"], {"agree": agree})
        assert (await town.live(instance, kind="main"))["step"] == step
    assert (await town.row(handling["id"]))["done_name"] == owner.name


async def test_a_delegated_task_comes_back_to_be_confirmed(town: Town) -> None:
    instance, handling = await accepted(town)
    await town.do(delegate, town.person("handler", EAST), handling["id"], town.post("handler", WATER))
    helper = await town.live(instance, kind="delegated")
    await town.do(complete_task, town.person("handler", WATER), helper["id"], {"result": "受托办好"})
    row = await town.live(instance)
    assert (row["id"], row["state"], row["data"]) == (handling["id"], "open", {"result": "受托办好"})


async def test_a_transferred_task_keeps_draft_and_deadline(town: Town) -> None:
    instance, handling = await accepted(town)
    await town.do(transfer, town.person("handler", EAST), handling["id"], town.post("handler", WATER), "不属本单位")
    row = await town.live(instance)
    assert (row["post"], row["due_at"], row["token"]) == (
        town.post("handler", WATER),
        handling["due_at"],
        handling["token"],
    )
    with pytest.raises(Refused):
        await town.do(complete_task, town.person("handler", EAST), row["id"], {"result": "a"})
    await town.do(complete_task, town.person("handler", WATER), row["id"], {"result": "a"})
    assert (await town.live(instance))["step"] == "check"


async def test_a_returned_task_comes_back_with_new_data_at_the_post_that_they_name(town: Town) -> None:
    instance, handling = await accepted(town)
    await town.do(return_task, town.person("handler", EAST), handling["id"], "类别不对")
    rework = await town.live(instance, kind="rework")
    assert (rework["step"], rework["data"]["department"]) == ("accept", EAST)
    await town.do(complete_task, town.person("intake", HQ), rework["id"], {"category": "water", "department": WATER})
    row = await town.live(instance)
    assert (row["step"], row["post"]) == ("handle", town.post("handler", WATER))
    await town.do(complete_task, town.person("handler", WATER), row["id"], {"result": "a"})
    async with town.rt.read_as_system() as db:
        assert (await queries.task_detail(town.rt, db, row["id"])).data["category"] == "water"


async def test_what_was_completed_can_be_recalled_while_the_next_is_untouched(town: Town) -> None:
    instance, handling = await accepted(town)
    intake = town.person("intake", HQ)
    first = (await town.tasks(instance))[0]
    with pytest.raises(Exception, match="only who completed"):
        await town.do(recall, intake, first["id"])
    me = Actor(**{f: getattr(intake, f) for f in intake.__dataclass_fields__} | {"id": first["done_by"]})
    await town.do(recall, me, first["id"], reason="填错了")
    rework = await town.live(instance, kind="rework")
    assert (rework["state"], (await town.row(handling["id"]))["state"]) == ("claimed", "recalled")
    await town.do(complete_task, me, rework["id"], {"category": "city", "department": EAST})
    assert (await town.live(instance))["id"] == handling["id"]
    await town.do(transfer, town.person("handler", EAST), handling["id"], town.post("handler", WATER), "x")
    with pytest.raises(NothingToRecall):
        await town.do(recall, me, rework["id"])


async def test_a_suspended_task_stops_its_clock_and_the_timers_on_it(town: Town) -> None:
    instance, handling = await accepted(town)
    owner = town.person("handler", EAST)
    await town.do(suspend, owner, handling["id"], "等材料")
    town.rt.clock.advance(timedelta(days=7))
    assert await run_timers(town.rt) == 0
    await town.do(resume, owner, handling["id"])
    row = await town.row(handling["id"])
    assert row["due_at"] > town.rt.clock.now()
    assert row["paused_minutes"] > 0
    town.rt.clock.advance(timedelta(days=1, hours=12))
    assert await run_timers(town.rt) == 1  # the reminder after a working day, counted from where it stood


async def test_a_suspended_instance_stands_still_as_a_whole(town: Town) -> None:
    instance, handling = await accepted(town)
    boss = town.person("supervisor", HQ)
    await town.do(suspend_instance, boss, instance, "专班接管")
    with pytest.raises(InstanceStopped):
        await town.do(complete_task, town.person("handler", EAST), handling["id"], {"result": "a"})
    town.rt.clock.advance(timedelta(days=7))
    assert await run_timers(town.rt) == 0
    await town.do(resume_instance, boss, instance)
    assert (await town.row(handling["id"]))["due_at"] > town.rt.clock.now()
    await town.do(cancel_instance, boss, instance, "重复诉求")
    assert (await town.instance(instance))["state"] == "cancelled"
    assert (await town.row(handling["id"]))["state"] == "cancelled"


async def test_urging_is_throttled_and_does_not_make_a_page_stale(town: Town) -> None:
    _, handling = await accepted(town)
    boss = town.person("dispatcher", HQ)
    await town.do(urge, boss, handling["id"], reason="居民来电")
    with pytest.raises(UrgedTooOften) as caught:
        await town.do(urge, boss, handling["id"])
    assert caught.value.params["minutes"] <= 31
    town.rt.clock.advance(timedelta(minutes=31))
    await town.do(urge, boss, handling["id"])
    await town.do(supervise, town.person("supervisor", HQ), handling["id"], town.post("supervisor", HQ), "盯办")
    owner = town.person("handler", EAST)
    await town.do(complete_task, owner, handling["id"], {"result": "a"}, version=handling["version"])


async def test_reading_gives_a_receipt_and_holds_nothing_up(town: Town) -> None:
    instance, handling = await accepted(town)
    owner = town.person("handler", EAST)
    await town.do(circulate, owner, handling["id"], [town.post("handler", WATER)])
    await town.do(complete_task, owner, handling["id"], {"result": "a"})
    reading = await town.live(instance, kind="circulate")
    await town.do(complete_task, town.person("handler", WATER), reading["id"], {"opinion": "已阅"})
    assert (await town.row(reading["id"]))["done_at"] is not None


async def test_comments_and_reasons_stay_with_the_subject(town: Town) -> None:
    instance, handling = await accepted(town)
    owner = town.person("handler", EAST)
    await town.do(comment, owner, handling["id"], "现场已看")
    await town.do(return_task, owner, handling["id"], "类别不对")
    async with town.rt.read(owner) as db:
        row = await queries.instance_row(db, instance)
        assert [n["kind"] for n in await queries.notes(db, instance)] == ["comment", "reason"]
        verbs = [e["verb"] for e in await queries.timeline(db, row["subject_type"], row["subject_id"])]
    assert verbs == ["start", "complete", "return"]


async def test_a_running_instance_moves_to_a_new_version_after_a_preview(town: Town) -> None:
    instance, handling = await accepted(town)
    admin = Actor.system("admin")
    newer = REQUESTS.replace('"handle"', '"handling"').replace('name="办理"', 'name="承办"')
    await install(town.rt, parcel({"requests": newer.replace('form="handling"', 'form="handle"')}, FORMS))
    other = await town.start()
    assert (await town.instance(other))["version"] == 2
    assert (await town.instance(instance))["version"] == 1
    stuck = await migrate_instances(town.rt, admin, "requests", 1, 2)
    assert list(stuck.stuck) == [instance]
    seen = await migrate_instances(town.rt, admin, "requests", 1, 2, {"handle": "handling"})
    assert (seen.ready, seen.moved, (await town.instance(instance))["version"]) == ([instance], 0, 1)
    done = await migrate_instances(town.rt, admin, "requests", 1, 2, {"handle": "handling"}, preview=False)
    assert done.moved == 1
    row = await town.row(handling["id"])
    assert (row["step"], row["step_name_zh"], row["form"]) == ("handling", "承办", "handle")
    await town.do(complete_task, town.person("handler", EAST), row["id"], {"result": "a"})
    assert (await town.live(instance))["step"] == "check"
