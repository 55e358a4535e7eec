"""Who is kept out: every writing route of staff against visitors and residents, every action against strangers."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from tests.demo_city import Demo
from tests.pages.site_map import Known, routes
from yiwang.app import rooms
from yiwang.kernel.orgs import Directory
from yiwang.kernel.policy import Declarations, Policies
from yiwang.kernel.write import Actor, Resource

#: Anybody may send these.
PUBLIC = {
    "/signin", "/signin/totp", "/password/forgot", "/password/reset", "/register", "/register/finish", "/report",
    "/track/{verb}", "/notices/stop", "/api/v1/incidents", "/api/v1/reports/track", "/oauth2/token", "/oauth2/revoke",
    "/signout",  # of nobody: nothing to end
}  # fmt: skip
#: Whoever is signed in may send these, about themselves.
OWN = {
    "/account/profile", "/account/password", "/account/totp", "/account/totp/drop", "/account/notices",
    "/account/sessions/others/end", "/account/sessions/{session_id}/end", "/account/links/{key}/drop",
    "/mine/messages/read", "/my/reports/{incident}/{verb}",
    "/api/v1/incidents/{incident}/withdraw", "/api/v1/incidents/{incident}/reopen", "/api/v1/incidents/{incident}/rate",
}  # fmt: skip
KEPT_OUT = {401, 403, 404}
WRITES = sorted({route.path for route in [*routes("POST"), *routes("POST", api=True)]} - PUBLIC)
FIELDS = {
    "body": "x" * 9,
    "reason": "没有理由",
    "post": "1",
    "version": "1",
    "category": "road.light",
    "purpose": "看看",
}
ACTIONS = Declarations.of_packages([room.package for room in rooms()]).actions


def address_of(path: str, known: Known, task: str) -> str:
    values = {
        "incident": known.values["opened"],
        "task": task,
        "verb": "transfer",
        "key": "nobody",
        "post": known.values["post"],
    }
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values.get(found[1], str(uuid4())), path)


def outside(answer: Any) -> bool:
    """Refused, or sent to the sign-in."""
    led = answer.headers.get("location", "")
    return answer.status_code in KEPT_OUT or (answer.status_code == 303 and led.startswith("/signin"))


@pytest.mark.parametrize("path", WRITES)
async def test_a_visitor_writes_nothing_of_staff(demo_shared: Demo, known: Known, path: str) -> None:
    task = known.values["task_opened"]
    async with demo_shared.browser() as visitor:
        answer = await sent(visitor, address_of(path, known, task))
    assert outside(answer), f"{answer.status_code} {answer.headers.get('location')} {answer.text[:300]}"


@pytest.mark.parametrize("path", [p for p in WRITES if p not in OWN])
async def test_a_resident_writes_nothing_of_staff(demo_shared: Demo, known: Known, path: str) -> None:
    task = known.values["task_opened"]
    async with demo_shared.browser("resident") as resident:
        answer = await sent(resident, address_of(path, known, task))
    assert outside(answer), f"{answer.status_code} {answer.headers.get('location')} {answer.text[:300]}"


async def test_a_resident_does_nothing_with_what_another_reported(demo: Demo) -> None:
    key = demo.plan.incidents["handling"]
    async with demo.browser("resident") as resident:
        for verb in ("withdraw", "reopen", "rate"):
            fields = {"reason": "我不要了", "satisfied": "no"}
            answer = await resident.post(f"/my/reports/{key}/{verb}", fields)
            assert answer.status_code in KEPT_OUT, verb
            assert (await resident.api("POST", f"/api/v1/incidents/{key}/{verb}", fields)).status_code in {
                *KEPT_OUT,
                422,
            }
    assert await demo.owner("select state from govern.incident where id = $1", key) == "handling"


async def sent(at: Any, address: str) -> Any:
    if address.startswith("/api/"):
        return await at.api("POST", address, valid_body(address))
    return await at.post(address, FIELDS)


def valid_body(address: str) -> dict[str, Any]:
    """A body that the operation would take from whoever may send it."""
    bodies: dict[str, dict[str, Any]] = {
        "complete": {"data": {}}, "save": {"data": {}}, "comment": {"body": "看到了"},
        "classify": {"category": "road.light"},
        "transfer": {"post": 1, "reason": "换人"}, "delegate": {"post": 1}, "countersign": {"posts": [1]},
        "add_signer": {"posts": [1]}, "circulate": {"posts": [1]}, "return": {"reason": "不清楚"},
        "suspend": {"reason": "等一等"}, "withdraw": {"reason": "不要了"}, "reopen": {"reason": "没修好"},
        "rate": {"satisfied": "yes"}, "supervise": {"post": 1, "reason": "太慢了"},
    }  # fmt: skip
    return bodies.get(address.rsplit("/", 1)[1], {})


def resource_for(action: str, directory: Directory, declared: Any) -> Resource:
    """A thing of the centre that belongs to somebody else, with every attribute that its type must have."""
    kind = sorted(ACTIONS[action].on)[0]
    post = directory.post_for("320200/12345", "intake")
    assert post is not None
    samples = {"String": "x", "Long": 1, "Bool": False, "Post": post.id, "Org": post.org}
    attrs = {
        name: samples.get(text.rstrip("?"), [])
        for name, text in declared.resources[kind].attrs.items()
        if not text.endswith("?")
    }
    return Resource(kind, uuid4(), org=post.org, area="320211001", owner=uuid4(), attrs=attrs)


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_every_action_refuses_somebody(demo_shared: Demo, action: str) -> None:
    """A visitor unless it is open to anybody, a resident unless it is for whoever is signed in, a bare system."""
    policies, directory = demo_shared.rt.part(Policies), demo_shared.rt.part(Directory)
    declared = Declarations.of_packages([room.package for room in rooms()])
    resource = resource_for(action, directory, declared)
    strangers = {
        "visitor": Actor.anonymous(),
        "resident": Actor("resident", uuid4(), "李雷"),
        "staff without a post": Actor("staff", uuid4(), "韩梅"),
        "system without a scope": Actor("client", uuid4(), "外部平台"),
    }
    groups = set(ACTIONS[action].groups)
    for name, actor in strangers.items():
        ruling = await policies.may(actor, action, resource)
        assert not ruling.errors, f"{name}: {ruling.errors}"
        if groups & {"public"}:
            assert ruling.allowed == (actor.kind in (ACTIONS[action].by or (actor.kind,))), name
        elif groups & {"signed_in"} and name != "visitor":
            continue
        else:
            assert not ruling.allowed, f"{name} may {action}"


async def test_a_form_without_its_token_changes_nothing_and_gives_the_text_back(demo: Demo) -> None:
    typed = "楼下的井盖没有了，天黑看不见，已经有人摔倒。"
    before = await demo.owner("select count(*) from govern.incident")
    async with demo.browser() as visitor:
        await visitor.get("/report")
        for token in ("", "x" * 43):
            answer = await visitor.http.post("/report", data={"description": typed, "_csrf": token})
            assert answer.status_code == 403
            assert typed in answer.text, "what was typed is on the page"
    task = await demo.task_of("opened", "accept")
    async with demo.browser("intake") as intake:
        note = "请先电话联系反映人"
        answer = await intake.http.post(f"/work/tasks/{task['id']}/comment", data={"body": note})
        assert answer.status_code == 403
        assert note in answer.text
        api = await intake.http.post(f"/api/v1/tasks/{task['id']}/comment", json={"body": note})
        assert api.status_code == 403
        assert api.headers["content-type"] == "application/problem+json"
    assert await demo.owner("select count(*) from govern.incident") == before
    assert await demo.owner("select count(*) from process.note where body = $1", note) == 0


async def test_another_site_cannot_send_in_a_visitors_name(demo: Demo) -> None:
    async with demo.browser("resident") as resident:
        await resident.get("/account")
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            answer = await resident.http.post("/signout", data={"_csrf": resident.csrf}, headers=headers)
            assert answer.status_code == 403, headers
        assert (await resident.get("/account")).status_code == 200
