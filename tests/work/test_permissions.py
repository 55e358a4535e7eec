"""Who may see and do what, by trying: through pages and the API alike."""

from __future__ import annotations

import pytest

from tests.work.work_kit import hire, post_of, report


@pytest.fixture
async def task(city, staff, open_browser):
    """The first task of a report, on the desk of intake."""
    await report(city)
    desk = await open_browser(staff.intake)
    [item] = (await desk.api("GET", "/api/v1/tasks")).json()["items"]
    return item["id"]


@pytest.fixture
async def stranger(city):
    """Somebody of a street in another district, who takes no part."""
    return await hire(city, "stranger", post_of(city, "320205001", "handler"), name="外人")


async def test_another_organisation_sees_nothing_of_it(city, stranger, open_browser, task):
    other = await open_browser(stranger)
    assert (await other.api("GET", f"/api/v1/tasks/{task}")).status_code == 404
    assert (await other.api("POST", f"/api/v1/tasks/{task}/claim", {})).status_code == 404
    assert (await other.get(f"/work/tasks/{task}")).status_code == 404
    assert (await other.get(f"/work/tasks/{task}/urge")).status_code == 404


async def test_a_desk_that_one_does_not_hold_is_not_there(city, staff, stranger, open_browser, task):
    other = await open_browser(stranger)
    for desk in (str(staff.posts.intake), "area"):
        assert (await other.api("GET", f"/api/v1/tasks?desk={desk}")).status_code == 404
        assert (await other.get(f"/work/inbox?desk={desk}")).status_code == 404


async def test_a_colleague_of_another_post_reads_but_does_not_complete(city, staff, open_browser, task):
    other = await open_browser(staff.dispatcher)
    seen = await other.api("GET", f"/api/v1/tasks/{task}")
    assert seen.status_code == 200 and "complete" not in seen.json()["verbs"]
    refused = await other.api("POST", f"/api/v1/tasks/{task}/complete", {"data": {"decision": "accept"}})
    assert refused.status_code == 403 and refused.json()["refusal"]
    page = await other.get(f"/work/tasks/{task}?here=1")
    assert page.status_code == 200 and "这一步不由您办理" in page.text


async def test_only_supervisors_supervise(city, staff, open_browser, task):
    desk, boss = await open_browser(staff.intake), await open_browser(staff.supervisor)
    assert (await desk.get(f"/work/tasks/{task}/supervise")).status_code == 403
    assert (await boss.get(f"/work/tasks/{task}/supervise")).status_code == 200
    body = {"post": staff.posts.supervisor, "reason": "自己督办"}
    assert (await desk.api("POST", f"/api/v1/tasks/{task}/supervise", body)).status_code == 403


async def test_a_supervisor_of_the_city_sees_the_desks_of_its_area(city, staff, open_browser, task):
    boss = await open_browser(staff.supervisor)
    items = (await boss.api("GET", "/api/v1/tasks?desk=area")).json()["items"]
    assert [item["id"] for item in items] == [task]


async def test_changing_needs_the_token_of_the_session(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    desk.csrf = "0" * 32
    assert (await desk.api("POST", f"/api/v1/tasks/{task}/claim", {})).status_code == 403


async def test_a_file_of_somebody_else_is_not_there(city, stranger, open_browser, task):
    other = await open_browser(stranger)
    assert (await other.get(f"/work/files/{task}")).status_code == 404
