"""The office verbs through their small forms: found posts, missing answers, what they lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.work.work_kit import report


@pytest.fixture
async def task(city, staff, open_browser):
    """The key of the first task of a report."""
    await report(city)
    desk = await open_browser(staff.intake)
    [item] = (await desk.api("GET", "/api/v1/tasks")).json()["items"]
    return item["id"]


async def state_of(desk, task):
    return (await desk.api("GET", f"/api/v1/tasks/{task}")).json()["state"]


async def test_a_post_is_found_by_pinyin_and_chinese_without_script(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    page = await desk.get(f"/work/tasks/{task}/transfer")
    assert 'type="radio" name="posts"' in page.text
    for words in ("河埒街道 承办", "hljd"):
        answer = await desk.post(f"/work/tasks/{task}/transfer", {"_q": words, "_find": "1", "reason": "请街道办理"})
        assert answer.status_code == 200 and "河埒街道办事处" in answer.text and "承办岗" in answer.text
        assert "请街道办理" in answer.text  # what was typed survives the search
    nothing = await desk.post(f"/work/tasks/{task}/transfer", {"_q": "不存在的单位", "_find": "1"})
    assert "没有找到" in nothing.text


async def test_a_verb_says_what_is_missing(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(f"/work/tasks/{task}/transfer")
    answer = await desk.post(f"/work/tasks/{task}/transfer", {"reason": ""})
    assert answer.status_code == 422 and "请选择岗位" in answer.text and "请写明原因" in answer.text


async def test_transfer_moves_it_and_says_why(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(f"/work/tasks/{task}/transfer")
    body = {"posts": str(staff.posts.dispatcher), "reason": "请派遣岗直接处理", "_back": "/work/inbox", "_version": "1"}
    answer = await desk.post(f"/work/tasks/{task}/transfer", body)
    assert answer.status_code == 303 and answer.headers["location"] == "/work/inbox"
    there = await open_browser(staff.dispatcher)
    assert "请派遣岗直接处理" in (await there.get("/work/inbox")).text


async def test_countersigning_waits_for_opinions_and_comes_back(city, staff, open_browser, task):
    desk, there = await open_browser(staff.intake), await open_browser(staff.dispatcher)
    await desk.get(f"/work/tasks/{task}/countersign")
    await desk.post(f"/work/tasks/{task}/countersign", {"posts": str(staff.posts.dispatcher), "choice": "all"})
    assert await state_of(desk, task) == "waiting"
    assert "等待他人" in (await desk.get("/work/inbox?tab=waiting")).text
    [asked] = (await there.api("GET", "/api/v1/tasks")).json()["items"]
    page = await there.get(f"/work/tasks/{asked['id']}")
    assert page.status_code == 200 and 'name="agree"' in page.text
    await there.post(f"/work/tasks/{asked['id']}/complete", {"agree": "true", "opinion": "同意", "_version": "1"})
    assert await state_of(desk, task) == "open"


async def test_circulated_tasks_are_read_in_bulk(city, staff, open_browser, task):
    desk, there = await open_browser(staff.intake), await open_browser(staff.dispatcher)
    await desk.get(f"/work/tasks/{task}/circulate")
    await desk.post(f"/work/tasks/{task}/circulate", {"posts": str(staff.posts.dispatcher), "reason": "请阅知"})
    html = (await there.get("/work/inbox?tab=read")).text
    assert "请阅知" in html
    [item] = (await there.api("GET", "/api/v1/tasks?tab=read")).json()["items"]
    ticked = {"verb": "read", "task": f"{item['id']}:{item['version']}"}
    confirm = await there.post("/work/bulk", ticked)
    assert confirm.status_code == 200 and "已阅" in confirm.text
    done = await there.post("/work/bulk", ticked | {"_do": "1"})
    assert "全部完成" in done.text
    assert (await there.api("GET", "/api/v1/tasks?tab=read")).json()["items"] == []


async def test_suspending_stops_the_clock_and_resuming_moves_the_deadline(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    before = (await desk.api("GET", f"/api/v1/tasks/{task}")).json()["due_at"]
    await desk.get(f"/work/tasks/{task}/suspend")
    await desk.post(f"/work/tasks/{task}/suspend", {"reason": "等待补充材料", "_version": "1"})
    assert "计时暂停" in (await desk.get("/work/inbox?tab=waiting")).text
    city.clock.advance(timedelta(hours=1))
    resumed = await desk.api("POST", f"/api/v1/tasks/{task}/resume", {})
    assert resumed.status_code == 200, resumed.text
    assert (await desk.api("GET", f"/api/v1/tasks/{task}")).json()["due_at"] > before


async def test_urging_twice_within_half_an_hour_says_when_again(city, staff, open_browser, task):
    boss = await open_browser(staff.supervisor)
    await boss.get(f"/work/tasks/{task}/urge")
    assert (await boss.post(f"/work/tasks/{task}/urge", {"reason": "请尽快"})).status_code == 303
    again = await boss.post(f"/work/tasks/{task}/urge", {"reason": "请尽快"})
    assert again.status_code == 429 and "30" in again.text and "请尽快" in again.text
    desk = await open_browser(staff.intake)
    assert "催办 1 次" in (await desk.get("/work/inbox")).text


async def test_supervision_lies_on_the_supervisors_desk(city, staff, open_browser, task):
    boss = await open_browser(staff.supervisor)
    await boss.get(f"/work/tasks/{task}/supervise")
    body = {"posts": str(staff.posts.supervisor), "reason": "多次反映", "span": "1wd"}
    assert (await boss.post(f"/work/tasks/{task}/supervise", body)).status_code == 303
    [item] = (await boss.api("GET", "/api/v1/tasks")).json()["items"]
    assert item["kind"] == "supervise" and item["due_at"] is not None
    desk = await open_browser(staff.intake)
    [seen] = (await desk.api("GET", "/api/v1/tasks?supervised=1")).json()["items"]
    assert seen["id"] == task


async def test_a_verb_that_its_state_does_not_allow_is_refused_before_anything_is_typed(
    city, staff, open_browser, task
):
    desk = await open_browser(staff.intake)
    answer = await desk.get(f"/work/tasks/{task}/resume")
    assert answer.status_code == 409
    assert (await desk.get(f"/work/tasks/{task}/dance")).status_code == 404
