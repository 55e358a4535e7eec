"""The JSON API: the list with its filters and cursor, one task, completing, the verbs, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.work.work_kit import report


async def test_the_inbox_of_a_post_lists_its_tasks_by_deadline(city, staff, open_browser):
    first = await report(city, "人民路路面塌陷，影响通行")
    city.clock.advance(timedelta(hours=1))
    await report(city, "中山路路灯不亮，晚上很黑")
    desk = await open_browser(staff.intake)
    answer = await desk.api("GET", "/api/v1/tasks")
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert len(items) == 2 and answer.json()["next"] is None
    assert items[0]["subject"]["id"] == str(first)
    assert items[0]["name"]["en"] == "Accept and classify"
    assert items[0]["due_at"] <= items[1]["due_at"]
    counts = (await desk.api("GET", "/api/v1/tasks/counts")).json()
    assert counts["todo"] == 2 and counts["overdue"] == 0


async def test_pages_follow_each_other_without_gap_or_repeat(city, staff, open_browser):
    for number in range(7):
        await report(city, f"第{number}盏路灯不亮，晚上很黑")
    desk = await open_browser(staff.intake)
    seen, cursor = [], ""
    while cursor is not None:
        answer = (await desk.api("GET", f"/api/v1/tasks?limit=3&after={cursor}")).json()
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert len(seen) == len(set(seen)) == 7


async def test_filters_narrow_and_wrong_ones_are_named(city, staff, open_browser):
    await report(city, "人民路路面塌陷，影响通行")
    await report(city, "中山路路灯不亮，晚上很黑")
    desk = await open_browser(staff.intake)

    async def count(query):
        return len((await desk.api("GET", f"/api/v1/tasks?{query}")).json()["items"])

    assert await count("q=路灯") == 1
    assert await count("q=没有这个") == 0
    assert await count("step=accept") == 2 and await count("step=handle") == 0
    assert await count("process=resident-request") == 2 and await count("process=other") == 0
    assert await count("overdue=1") == 0
    city.clock.advance(timedelta(days=2))
    desk = await open_browser(staff.intake)  # the session of Monday is over
    assert await count("overdue=1") == 2
    number = (await desk.api("GET", "/api/v1/tasks")).json()["items"][0]["subject"]["number"]
    assert await count(f"q={number}") == 1
    wrong = await desk.api("GET", "/api/v1/tasks?due=tomorrow&tab=bin&limit=9999")
    assert wrong.status_code == 422 and wrong.headers["content-type"] == "application/problem+json"
    assert {e["where"] for e in wrong.json()["errors"]} == {"due", "tab", "limit"}


async def test_a_task_is_completed_once_and_the_process_goes_on(city, staff, open_browser):
    await report(city)
    desk, other = await open_browser(staff.intake), await open_browser(staff.colleague)
    task = (await desk.api("GET", "/api/v1/tasks")).json()["items"][0]
    detail = (await desk.api("GET", f"/api/v1/tasks/{task['id']}")).json()
    assert "complete" in detail["verbs"] and "category" in detail["form"]["properties"]
    data = {"decision": "accept", "category": "road.light", "title": "中山路路灯不亮"}
    wrong = await desk.api("POST", f"/api/v1/tasks/{task['id']}/complete", {"data": {"nonsense": 1}, "version": 1})
    assert wrong.status_code == 422 and "nonsense" in {e["where"] for e in wrong.json()["errors"]}
    done = await desk.api("POST", f"/api/v1/tasks/{task['id']}/complete", {"data": data, "version": task["version"]})
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "done" and len(done.json()["opened"]) >= 1
    late = await other.api("POST", f"/api/v1/tasks/{task['id']}/complete", {"data": data, "version": task["version"]})
    assert late.status_code == 409 and "沈佳怡" in late.json()["detail"]


async def test_a_version_that_is_older_is_refused(city, staff, open_browser):
    await report(city)
    desk = await open_browser(staff.intake)
    task = (await desk.api("GET", "/api/v1/tasks")).json()["items"][0]
    claimed = await desk.api("POST", f"/api/v1/tasks/{task['id']}/claim", {"version": task["version"]})
    assert claimed.status_code == 200 and claimed.json()["version"] == task["version"] + 1
    stale = await desk.api("POST", f"/api/v1/tasks/{task['id']}/save", {"data": {}, "version": task["version"]})
    assert stale.status_code == 409


async def test_every_verb_is_described_and_an_unknown_field_refused(city, staff, open_browser):
    await report(city)
    desk = await open_browser(staff.intake)
    described = (await desk.api("GET", "/api/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    paths = {p.rsplit("/", 1)[1] for p in described["paths"] if p.startswith("/api/v1/tasks/{task}/")}
    assert paths >= {
        "complete", "save", "comment", "claim", "release", "countersign", "add_signer", "delegate", "transfer",
        "return", "recall", "circulate", "urge", "supervise", "suspend", "resume",
    }  # fmt: skip
    task = (await desk.api("GET", "/api/v1/tasks")).json()["items"][0]
    wrong = await desk.api("POST", f"/api/v1/tasks/{task['id']}/claim", {"versoin": 1})
    assert wrong.status_code == 422


async def test_a_task_moves_to_another_post_with_a_reason(city, staff, open_browser):
    await report(city)
    desk = await open_browser(staff.intake)
    task = (await desk.api("GET", "/api/v1/tasks")).json()["items"][0]
    bare = await desk.api("POST", f"/api/v1/tasks/{task['id']}/transfer", {"post": staff.posts.dispatcher})
    assert bare.status_code == 422
    body = {"post": staff.posts.dispatcher, "reason": "属于派遣岗"}
    moved = await desk.api("POST", f"/api/v1/tasks/{task['id']}/transfer", body)
    assert moved.status_code == 200, moved.text
    assert (await desk.api("GET", "/api/v1/tasks")).json()["items"] == []
    there = await open_browser(staff.dispatcher)
    [item] = (await there.api("GET", "/api/v1/tasks")).json()["items"]
    assert item["reason"] == "属于派遣岗"


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/api/v1/tasks/counts"])
async def test_nobody_reads_tasks_without_signing_in(city, open_browser, path):
    stranger = await open_browser()
    answer = await stranger.http.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
