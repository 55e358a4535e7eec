"""One task over HTTP: complete it, be too late, be stale, be signed out while typing, be told what is missing."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from tests.work.work_kit import report

GOOD = {"decision": "accept", "category": "road.light", "title": "中山路路灯不亮"}


@pytest.fixture
async def task(city, staff, open_browser):
    """The first task of a report, its address and version."""
    await report(city)
    desk = await open_browser(staff.intake)
    [item] = (await desk.api("GET", "/api/v1/tasks")).json()["items"]
    return item


def picture():
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (40, 90, 120)).save(out, "PNG")
    return out.getvalue()


def page_of(task):
    return f"/work/tasks/{task['id']}?here=1"


async def test_a_task_is_done_through_its_form(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    page = await desk.get(page_of(task))
    assert page.status_code == 200 and 'name="decision"' in page.text and "办理经过" in page.text
    answer = await desk.post(f"/work/tasks/{task['id']}/complete", GOOD | {"_version": "1"})
    assert answer.status_code == 303 and answer.headers["location"] == "/work/inbox"
    assert "已办结" in (await desk.follow()).text
    assert "中山路路灯不亮" in (await desk.get("/work/inbox?tab=done")).text


async def test_what_is_wrong_is_named_and_what_was_typed_stays(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(page_of(task))
    answer = await desk.post(
        f"/work/tasks/{task['id']}/complete", {"decision": "reject", "title": "写了很久的标题", "_version": "1"}
    )
    assert answer.status_code == 422
    assert "写了很久的标题" in answer.text and "has-error" in answer.text


async def test_two_people_complete_one_task_and_the_second_is_told(city, staff, open_browser, task):
    first, second = await open_browser(staff.intake), await open_browser(staff.colleague)
    await first.get(page_of(task))
    await second.get(page_of(task))
    await first.post(f"/work/tasks/{task['id']}/complete", GOOD | {"_version": "1"})
    late = await second.post(f"/work/tasks/{task['id']}/complete", GOOD | {"title": "同事后写的标题", "_version": "1"})
    assert late.status_code == 409
    assert "沈佳怡" in late.text and "3月2日 09:00" in late.text  # who and when, as people write it
    assert "同事后写的标题" in late.text  # nothing typed is lost
    assert 'action="/work/tasks/' + task["id"] + '/complete"' not in late.text


async def test_a_stale_page_keeps_the_text_and_can_be_sent_again(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(page_of(task))
    await desk.api("POST", f"/api/v1/tasks/{task['id']}/save", {"data": {"title": "另一个窗口"}})
    stale = await desk.post(f"/work/tasks/{task['id']}/complete", GOOD | {"title": "这个窗口写的", "_version": "1"})
    assert stale.status_code == 409 and "这个窗口写的" in stale.text and 'name="_version" value="2"' in stale.text
    again = await desk.post(f"/work/tasks/{task['id']}/complete", GOOD | {"title": "这个窗口写的", "_version": "2"})
    assert again.status_code == 303


async def test_an_expired_session_keeps_what_was_typed(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(page_of(task))
    city.clock.advance(timedelta(hours=14))
    lost = await desk.post(f"/work/tasks/{task['id']}/complete", GOOD | {"title": "午饭前写的标题", "_version": "1"})
    assert lost.status_code == 303 and lost.headers["location"].startswith("/signin")
    await desk.follow()
    from tests.work.work_kit import PASSWORD

    back = {"account": staff.intake.login, "password": PASSWORD, "next": lost.headers["location"].split("next=")[1]}
    from urllib.parse import unquote

    back["next"] = unquote(back["next"])
    await desk.post("/signin", back)
    kept = await desk.follow()
    assert "午饭前写的标题" in kept.text
    sent = await desk.post(f"/work/tasks/{task['id']}/complete", GOOD | {"title": "午饭前写的标题", "_version": "1"})
    assert sent.status_code == 303


async def test_a_draft_is_kept_and_shown_again(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(page_of(task))
    answer = await desk.post(f"/work/tasks/{task['id']}/save", {"title": "写到一半", "_version": "1"})
    assert answer.status_code == 303
    assert "写到一半" in (await desk.get(page_of(task))).text


async def test_comments_and_files_stay_with_the_subject(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    await desk.get(page_of(task))
    await desk.post(f"/work/tasks/{task['id']}/comment", {"body": "已电话核实"})
    files = {"files": ("现场.png", picture(), "image/png")}
    added = await desk.post(f"/work/tasks/{task['id']}/attach", files=files)
    page = await desk.get(page_of(task))
    assert "已电话核实" in page.text and "现场.png" in page.text
    assert added.status_code == 303
    address = re.search(r'href="(/work/files/[^"]+)"', page.text).group(1)
    small = await desk.get(f"{address}?small=1")
    assert small.status_code == 200 and small.headers["content-type"] == "image/jpeg"
    assert "sandbox" in small.headers["content-security-policy"]
    forged = {"files": ("photo.jpg", b"<html>not a picture</html>", "image/jpeg")}
    refused = await desk.post(f"/work/tasks/{task['id']}/attach", files=forged)
    assert refused.status_code == 422 and "photo.jpg" in refused.text


async def test_the_diagram_is_that_of_the_running_version(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    answer = await desk.get(f"/work/diagrams/{task['instance']}.bpmn")
    assert answer.status_code == 200 and 'id="resident-request"' in answer.text


async def test_the_subjects_own_page_comes_first_where_a_net_has_one(city, staff, open_browser, task):
    desk = await open_browser(staff.intake)
    pages = {k: v for one in city.registry.extra("subject_pages") for k, v in one.items()}
    answer = await desk.http.get(f"/work/tasks/{task['id']}")
    if "incident" in pages:
        assert answer.status_code == 303 and task["subject"]["id"] in answer.headers["location"]
    else:
        assert answer.status_code == 200
