"""The wrong moment: a page that is too old, two people at one task, a session that ended, a clock set back, a place
that the national list dropped."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from tests.conftest import create_database, drop_database
from tests.demo_city import SYSTEM, Demo, copy_of
from yiwang.app import build_runtime, create_app
from yiwang.kernel.clock import MovableClock, SystemClock
from yiwang.kernel.errors import ClockSetBack
from yiwang.kernel.orgs import Directory, DivisionRetired, load_city
from yiwang.kernel.orgs.actions import create_org
from yiwang.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NOTE = "已电话核实，地点在3号楼东侧，现场照片随后补上。"


async def form_of(demo: Demo, incident: str, **more: str) -> dict[str, str]:
    task = await demo.task_of(incident)
    return {"_task": str(task["id"]), "_version": str(task["version"])} | more


@pytest.mark.parametrize("where", ["incident", "task"])
async def test_a_page_sent_twice_is_a_designed_409_that_keeps_the_text(demo: Demo, where: str) -> None:
    key, task = demo.plan.incidents["handling"], await demo.task_of("handling", "handle")
    path = f"/incidents/{key}/complete" if where == "incident" else f"/work/tasks/{task['id']}/complete"
    form = await form_of(demo, "handling", outcome="solved", measures=NOTE)
    async with demo.browser("handler") as at:
        first, second = await at.post(path, form), await at.post(path, form)
    assert first.status_code == 303, first.text[-800:]
    assert second.status_code == 409
    assert "<h1" in second.text
    assert NOTE in second.text, "what was typed is not lost"
    done = await demo.owner(
        "select count(*) from audit.entry where action = 'task.complete' and resource_id = $1", str(task["id"])
    )
    assert done == 1


async def test_two_people_completing_one_task_make_one_completion(demo: Demo) -> None:
    task = await demo.task_of("handling", "handle")
    body = {"data": {"outcome": "solved", "measures": NOTE}, "version": task["version"]}
    async with demo.browser("handler") as one, demo.browser("handler") as two:
        await one.get("/account")
        two.csrf = one.csrf
        answers = await asyncio.gather(
            *(at.api("POST", f"/api/v1/tasks/{task['id']}/complete", body) for at in (one, two) for _ in range(3))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"]
    state = await demo.owner("select state from govern.incident where id = $1", demo.plan.incidents["handling"])
    assert state == "verifying"


async def test_a_draft_from_an_older_page_does_not_write_over_a_newer_one(demo: Demo) -> None:
    task = await demo.task_of("handling", "handle")
    async with demo.browser("handler") as at:
        path = f"/api/v1/tasks/{task['id']}/save"
        newer = await at.api("POST", path, {"data": {"measures": "第二版"}, "version": task["version"]})
        older = await at.api("POST", path, {"data": {"measures": "第一版"}, "version": task["version"]})
    assert (newer.status_code, older.status_code) == (200, 409)
    kept = await demo.owner("select data ->> 'measures' from process.task where id = $1", task["id"])
    assert kept == "第二版"


async def test_a_session_that_ends_mid_form_gives_the_text_back_after_signing_in(demo: Demo) -> None:
    task = await demo.task_of("opened", "accept")
    path = f"/work/tasks/{task['id']}/comment"
    async with demo.browser("intake") as at:
        await at.get("/account")
        demo.rt.clock.advance(timedelta(hours=3))
        lost = await at.post(path, {"body": NOTE})
        assert lost.status_code == 303
        assert lost.headers["location"].startswith("/signin?next=")
        assert await demo.owner("select count(*) from process.note where body = $1", NOTE) == 0
        await at.get(lost.headers["location"])
        fields = {"account": "intake", "password": demo.plan.passwords["intake"],
                  "next": httpx.URL(lost.headers["location"]).params["next"]}  # fmt: skip
        back = await at.post("/signin", fields)
        assert back.status_code == 303
        page = await at.get(back.headers["location"])
        assert NOTE in page.text, "the text is there again"
        again = await at.post(path, {"body": NOTE})
        assert again.status_code == 303
    assert await demo.owner("select count(*) from process.note where body = $1", NOTE) == 1


async def test_the_kept_text_of_one_person_is_not_shown_to_another(demo: Demo) -> None:
    task = await demo.task_of("opened", "accept")
    async with demo.browser("intake") as at:
        await at.get("/account")
        demo.rt.clock.advance(timedelta(hours=3))
        lost = await at.post(f"/work/tasks/{task['id']}/comment", {"body": NOTE})
        await at.get(lost.headers["location"])
        fields = {"account": "leader", "password": demo.plan.passwords["leader"],
                  "next": httpx.URL(lost.headers["location"]).params["next"]}  # fmt: skip
        back = await at.post("/signin", fields)
        page = await at.get(back.headers["location"])
    assert NOTE not in page.text


@pytest_asyncio.fixture
async def later(server, state_dir: Path, demo_plan) -> AsyncIterator[tuple[Demo, SystemClock]]:
    """A city on the machine's clock in which something was recorded an hour from now: the clock was set back."""
    name = f"later_{uuid4().hex[:10]}"
    await create_database(server, name, demo_plan.database)
    ahead = build_runtime(
        Settings(state_dir=state_dir), server.url(name), clock=MovableClock(datetime.now(UTC) + timedelta(hours=1))
    )
    await ahead.start()
    async with Demo(ahead, demo_plan, create_app(ahead)).browser() as at:
        assert (await at.post("/report", {"description": "一小时以后写下的。"})).status_code == 303
    await ahead.close()
    clock = SystemClock()
    rt = build_runtime(Settings(state_dir=state_dir), server.url(name), clock=clock)
    await rt.start()
    yield Demo(rt, demo_plan, create_app(rt)), clock
    await rt.close()
    await drop_database(server, name)


async def test_a_machine_whose_clock_was_set_back_refuses_to_write_and_says_so(later) -> None:
    demo, _ = later
    before = await demo.owner("select count(*) from govern.incident")
    async with demo.browser() as at:
        ready = await at.http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["checks"]["clock"] is False
        answer = await at.http.post("/api/v1/incidents", json={"description": "路灯坏了好几天"})
        assert answer.status_code in {403, 503}
        page = await at.http.get("/report")
        assert page.status_code in {200, 503}
        assert "Traceback" not in page.text
        told = await at.http.get("/status")
        assert told.status_code in {200, 503}
    assert await demo.owner("select count(*) from govern.incident") == before


def test_a_clock_set_back_while_running_is_noticed() -> None:
    clock = SystemClock()
    clock.not_before(datetime.now(UTC) + timedelta(minutes=1))
    with pytest.raises(ClockSetBack):
        clock.now()
    small = SystemClock()
    small.not_before(datetime.now(UTC) + timedelta(seconds=2))
    assert small.now() <= small.now(), "a correction by seconds makes time stand still, not fail"


def test_the_clock_of_a_story_only_goes_forwards() -> None:
    clock = MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    with pytest.raises(ClockSetBack):
        clock.move_to(datetime(2026, 3, 2, 0, tzinfo=UTC))
    assert clock.now() == datetime(2026, 3, 2, 1, tzinfo=UTC)


DROPPED = "320211001003"


def without(code: str, source: Path, target: Path) -> Path:
    """The city as the next national list has it: one community, and what belonged to it, is gone."""
    shutil.copytree(source, target)
    for file in target.glob("*.csv"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        kept = [one for one in lines if not any(cell.startswith(code) for cell in one.rstrip("\n").split(","))]
        file.write_text("".join(kept), "utf-8")
    for file in target.glob("*.geojson"):
        body = json.loads(file.read_text("utf-8"))
        body["features"] = [
            one for one in body["features"] if not any(str(v).startswith(code) for v in one["properties"].values())
        ]
        file.write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    demo = target / "demo.toml"
    if demo.is_file():
        demo.write_text(demo.read_text("utf-8").replace(code, code[:9]), "utf-8")
    return target


async def test_a_division_that_the_national_list_dropped_takes_nothing_new(
    server, state_dir: Path, demo_plan, tmp_path: Path
) -> None:
    async with copy_of(server, state_dir, demo_plan) as demo:
        report = await load_city(demo.rt, without(DROPPED, ROOT / "cities" / "320200", tmp_path / "320200"))
        assert DROPPED in report.retired
        directory = await demo.rt.part(Directory).fresh()
        assert directory.division(DROPPED).name_zh, "history still reads its name"
        before = await demo.owner("select count(*) from govern.incident")
        for lang, word in (("zh", directory.division(DROPPED).name_zh), ("en", directory.division(DROPPED).name_en)):
            async with demo.browser(lang=lang) as at:
                fields = {"description": NOTE, "street": DROPPED[:9], "community": DROPPED}
                page = await at.post("/report", fields)
                assert page.status_code == 422
                assert word in page.text, "the sentence names the division"
                assert NOTE in page.text, "what was typed is kept"
                api = await at.api(
                    "POST", "/api/v1/incidents", {"description": NOTE, "area": DROPPED, "anonymous": True}
                )
                assert api.status_code == 422
                assert word in api.json()["detail"]
                assert "division_retired" in api.json()["type"]
        assert await demo.owner("select count(*) from govern.incident") == before
        shown = await directory_page(demo)
        assert DROPPED not in shown, "nobody is offered it"
        with pytest.raises(DivisionRetired):
            await create_org(
                demo.rt, SYSTEM, parent=directory.org(DROPPED[:9]).id, code=f"{DROPPED}/new", kind="department",
                name_zh="新单位", name_en="New office", division=DROPPED,
            )  # fmt: skip


async def directory_page(demo: Demo) -> str:
    async with demo.browser() as at:
        return (await at.http.get(f"/report/communities?street={DROPPED[:9]}")).text
