"""The incident API: a whole life over HTTP, refusals as problem details, and whatever schemathesis thinks of."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, settings

from tests.govern.kit import REPORT, browser, csrf_of, person, sign_in, with_package
from yiwang.govern.tracking import new_form_key


@pytest_asyncio.fixture
async def city(rt, wuxi):
    await with_package(rt)
    return wuxi


@asynccontextmanager
async def signed_in(rt, login):
    async with browser(rt) as http:
        await sign_in(http, login)
        http.headers.update(await csrf_of(http))
        yield http


async def test_submit_accept_handle_over_http(rt, city):
    await person(rt, "shen", name="沈佳怡", post=city.post_for("320200/12345", "intake").id)
    await person(rt, "wu", name="吴文斌", post=city.post_for("320200/shizheng", "handler").id)
    async with signed_in(rt, "shen") as intake, signed_in(rt, "wu") as handler:
        key = {"idempotency-key": new_form_key()}
        made = await intake.post("/api/v1/incidents", json=REPORT | {"source": "phone"}, headers=key)
        assert made.status_code == 201, made.text
        again = await intake.post("/api/v1/incidents", json=REPORT | {"source": "phone"}, headers=key)
        assert (again.status_code, again.json()) == (200, made.json())
        path = f"/api/v1/incidents/{made.json()['id']}"
        assert (await handler.get(path)).status_code == 404
        early = await handler.post(f"{path}/complete", json={"data": {}})
        assert early.status_code in (404, 409)
        seen = (await intake.get(path)).json()
        assert [(t["step"], t["mine"]) for t in seen["tasks"]] == [("accept", True)]
        wrong = await intake.post(f"{path}/complete", json={"data": {"decision": "perhaps", "surprise": 1}})
        assert wrong.status_code == 422
        assert wrong.headers["content-type"] == "application/problem+json"
        assert {e["where"] for e in wrong.json()["errors"]} >= {"decision", "surprise"}
        done = await intake.post(f"{path}/complete", json={"data": {"decision": "accept", "category": "road.light"}})
        assert done.json()["state"] == "handling"
        done = await handler.post(f"{path}/complete", json={"data": {"outcome": "solved", "measures": "更换灯头"}})
        assert done.status_code == 200, done.text
        assert done.json()["state"] == "verifying"
        listed = (await handler.get("/api/v1/incidents?state=verifying")).json()
        assert [i["number"] for i in listed["incidents"]] == [made.json()["number"]]
        tracked = await handler.post("/api/v1/reports/track", json={"code": made.json()["code"]})
        assert [line["kind"] for line in tracked.json()["timeline"]][:3] == ["opened", "accepted", "state.handling"]


async def test_pages_of_a_list_follow_each_other_without_gap_or_repeat(rt, city):
    await person(rt, "shen", post=city.post_for("320200/12345", "intake").id)
    async with signed_in(rt, "shen") as http:
        made = [(await http.post("/api/v1/incidents", json=REPORT)).json()["id"] for _ in range(5)]
        seen, after = [], ""
        for _ in range(3):
            page = (await http.get("/api/v1/incidents", params={"limit": 2, "after": after})).json()
            seen += [i["id"] for i in page["incidents"]]
            after = page["next"] or ""
        assert sorted(seen) == sorted(made)
        assert after == ""
        assert (await http.get("/api/v1/incidents", params={"after": "nonsense"})).status_code == 422


async def test_a_stranger_reads_nothing(rt, city):
    async with browser(rt) as http:
        http.headers["accept"] = "application/json"
        answer = await http.get("/api/v1/incidents")
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert (await http.post("/api/v1/incidents", json=REPORT)).status_code in (401, 403)


async def test_whatever_is_sent_is_answered_as_described(rt, city):
    await person(rt, "shen", post=city.post_for("320200/12345", "intake").id)
    async with signed_in(rt, "shen") as http:
        await http.post("/api/v1/incidents", json=REPORT)
        schema = schemathesis.openapi.from_dict((await http.get("/api/openapi.json")).json())
        operations = [
            op.ok()
            for op in schema.get_all_operations()
            if op.ok().path.startswith(("/api/v1/incidents", "/api/v1/reports", "/api/v1/services"))
        ]
        assert len(operations) >= 10
        wrong = []
        for operation in operations:
            for case in examples(operation.as_strategy(), 12):
                sent = case.as_transport_kwargs()
                sent.pop("cookies", None)
                address = sent.pop("url").replace("http://127.0.0.1", "") or "/"
                headers = {**dict(sent.pop("headers", {}) or {}), "x-csrf-token": http.headers["x-csrf-token"]}
                answer = await http.request(sent.pop("method"), address, headers=headers, **sent)
                described = operation.definition.raw["responses"]
                if answer.status_code >= 500 or str(answer.status_code) not in described:
                    wrong.append((operation.label, answer.status_code, address, answer.text[:200]))
        assert not wrong, wrong[:3]


def examples(strategy, count):
    """Some cases of a strategy, outside of a test function of hypothesis (it cannot await)."""
    from hypothesis import given

    found = []

    @given(strategy)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    def collect(case):
        found.append(case)

    collect()
    return found


async def test_the_description_is_openapi_3_1(rt, city):
    async with browser(rt) as http:
        body = (await http.get("/api/openapi.json")).json()
    assert body["openapi"].startswith("3.1")
