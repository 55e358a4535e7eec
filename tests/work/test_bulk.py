"""Many tasks at once: confirmed, each done or refused by itself, with the reason for each."""

from __future__ import annotations

import pytest

from tests.work.work_kit import report


@pytest.fixture
async def items(city, staff, open_browser):
    """Three tasks of intake."""
    for number in range(3):
        await report(city, f"第{number}盏路灯不亮，晚上很黑")
    desk = await open_browser(staff.intake)
    return (await desk.api("GET", "/api/v1/tasks")).json()["items"]


def ticks(items):
    return [f"{item['id']}:{item['version']}" for item in items]


async def test_what_fails_for_one_leaves_the_others_done(city, staff, open_browser, items):
    desk, colleague = await open_browser(staff.intake), await open_browser(staff.colleague)
    await colleague.api("POST", f"/api/v1/tasks/{items[1]['id']}/claim", {})
    await desk.get("/work/inbox")
    confirm = await desk.post("/work/bulk", {"verb": "claim", "task": ticks(items), "_back": "/work/inbox"})
    assert confirm.status_code == 200 and confirm.text.count('name="task"') == 3
    done = await desk.post("/work/bulk", {"verb": "claim", "task": ticks(items), "_do": "1", "_back": "/work/inbox"})
    assert done.status_code == 200
    assert "完成 2 项，1 项未完成" in done.text and "页面已经过期" in done.text
    mine = (await desk.api("GET", "/api/v1/tasks?mine=1")).json()["items"]
    assert {item["id"] for item in mine} == {items[0]["id"], items[2]["id"]}


async def test_a_transfer_of_many_asks_once_for_post_and_reason(city, staff, open_browser, items):
    desk = await open_browser(staff.intake)
    await desk.get("/work/inbox")
    lacking = await desk.post("/work/bulk", {"verb": "transfer", "task": ticks(items), "_do": "1"})
    assert lacking.status_code == 422 and "请选择岗位" in lacking.text
    body = {
        "verb": "transfer",
        "task": ticks(items),
        "posts": str(staff.posts.dispatcher),
        "reason": "集中派遣",
        "_do": "1",
    }
    assert "3 项全部完成" in (await desk.post("/work/bulk", body)).text
    there = await open_browser(staff.dispatcher)
    assert len((await there.api("GET", "/api/v1/tasks")).json()["items"]) == 3


async def test_nothing_ticked_is_said_plainly(city, staff, open_browser, items):
    desk = await open_browser(staff.intake)
    await desk.get("/work/inbox")
    answer = await desk.post("/work/bulk", {"verb": "claim"})
    assert answer.status_code == 422 and "没有选择任务" in answer.text
    assert (await desk.post("/work/bulk", {"verb": "complete", "task": ticks(items)})).status_code == 404
