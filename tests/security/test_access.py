"""Whoever asks for somebody else's things."""

from __future__ import annotations

import pytest

from yiwang.kernel.identity.clients import issue_token, register_client
from yiwang.kernel.orgs import Directory
from yiwang.kernel.policy import Policies
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")
JSON = {"accept": "application/json"}


async def _bearer(demo, *scopes: str) -> dict[str, str]:
    org = demo.rt.part(Directory).org("320200/12345").id
    _, secret = await register_client(demo.rt, SYSTEM, client_id="numbers", name="看板", org=org, scopes=scopes)
    token = await issue_token(demo.rt, "numbers", secret, "")
    return JSON | {"authorization": f"Bearer {token.access_token}"}


async def test_a_system_that_may_read_numbers_does_not_list_incidents(demo):
    headers = await _bearer(demo, "indicator:read")
    async with demo.browser() as browser:
        listed = await browser.http.get("/api/v1/incidents?state=all", headers=headers)
        one = await browser.http.get(f"/api/v1/incidents/{demo.plan.incidents['opened']}", headers=headers)
        numbers = await browser.http.get("/api/v1/indicators", headers=headers)
    assert (listed.status_code, one.status_code, numbers.status_code) == (403, 403, 200)


async def test_an_idempotency_key_of_another_gives_no_tracking_code(demo):
    headers = await _bearer(demo, "incident:intake")
    key, body = {"idempotency-key": "order-0000000000000000000001"}, {"description": "路灯坏了好久", "source": "system"}
    async with demo.browser() as system, demo.browser() as stranger, demo.browser("resident") as resident:
        first = await system.http.post("/api/v1/incidents", json=body, headers=headers | key)
        again = await system.http.post("/api/v1/incidents", json=body, headers=headers | key)
        theirs = await stranger.api("POST", "/api/v1/incidents", body | {"source": "web"}, headers=key)
        own = await resident.api("POST", "/api/v1/incidents", body | {"source": "web"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (theirs.status_code, own.status_code) == (201, 201)
    assert len({answer.json()["code"] for answer in (first, theirs, own)}) == 3


async def test_the_api_asks_the_policy_before_it_shows_a_task(demo):
    """Row-level security lets the organisation see the task; a package forbids it: the page and the API must agree."""
    policies = demo.rt.part(Policies)
    text = """
@id("test.no-tasks")
@title_zh("测试")
@title_en("test")
forbid (principal is Staff, action == Action::"task.read", resource);
"""
    policies._adopt({"test": {"policies/none.cedar": text}})
    task = await demo.task_of("opened")
    async with demo.browser("callback") as browser:
        page = await browser.get(f"/work/tasks/{task['id']}?here=1")
        api = await browser.api("GET", f"/api/v1/tasks/{task['id']}")
    assert (page.status_code, api.status_code) == (403, 403)


@pytest.mark.parametrize(("package", "status"), [("resident-requests", 403), ("another-package", 200)])
async def test_a_packages_policy_bites_on_its_own_tasks_and_incidents_and_on_no_others(demo, package, status):
    policies = demo.rt.part(Policies)
    text = f"""
@id("{package}.closed")
@title_zh("测试")
@title_en("test")
forbid (principal is Staff, action in [Action::"task.read", Action::"incident.read"], resource in Package::"{package}");
"""
    policies._adopt({package: {"policies/none.cedar": text}})
    task = await demo.task_of("opened")
    async with demo.browser("intake") as browser:
        page = await browser.get(f"/work/tasks/{task['id']}?here=1")
        api = await browser.api("GET", f"/api/v1/incidents/{demo.plan.incidents['opened']}")
    assert (page.status_code, api.status_code) == (status, status)


@pytest.mark.parametrize("login", ["resident", "verifier", "auditor", ""])
async def test_nobody_outside_reaches_an_incident_its_files_or_its_tasks(demo_shared, login):
    demo = demo_shared
    task = await demo.task_of("opened")
    incident = demo.plan.incidents["opened"]
    file = await demo.owner("select id from process.attachment where subject_id = $1", incident)
    paths = (
        f"/incidents/{incident}", f"/incidents/{incident}/files/{file}", f"/incidents/{incident}/process.bpmn",
        f"/work/files/{file}", f"/work/tasks/{task['id']}?here=1", f"/work/diagrams/{task['instance']}.bpmn",
        f"/api/v1/incidents/{incident}", f"/api/v1/tasks/{task['id']}", f"/my/reports/{incident}",
    )  # fmt: skip
    async with demo.browser(login) as browser:
        for path in paths:
            answer = await browser.http.get(path)
            assert answer.status_code in (303, 401, 403, 404), (path, answer.status_code)
            assert "垃圾成堆" not in answer.text
        for verb in ("withdraw", "reopen", "rate", "classify", "complete"):
            body = {"reason": "不想要了", "satisfied": "yes", "category": "housing.property", "data": {}}
            sent = {
                "rate": {"satisfied": "yes"}, "classify": {"category": "housing.property"}, "complete": {"data": {}},
            }.get(verb, {"reason": body["reason"]})  # fmt: skip
            answer = await browser.api("POST", f"/api/v1/incidents/{incident}/{verb}", sent)
            assert answer.status_code in (401, 403, 404, 409), (verb, answer.status_code, answer.text)
    assert await demo.owner("select state from govern.incident where id = $1", incident) == "opened"
