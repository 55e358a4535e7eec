"""What breaks programs: characters, sizes, dates at the end of time. Each is a clear answer, never an accident."""

from __future__ import annotations

import pytest

BODY = "application/json"


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("auditor", "/audit?who=%00"), ("auditor", "/audit?since=0001-01-01"), ("auditor", "/audit?until=9999-12-31"),
        ("auditor", "/audit?before=%C2%B2"), ("demo-admin", "/messages/dead?before=%C2%B2"),
        ("demo-admin", "/incidents?category=%00"), ("demo-admin", "/incidents?q=%00&state=all"),
        ("demo-admin", "/incidents?from=0001-01-01&state=all"), ("demo-admin", "/incidents?to=9999-12-31&state=all"),
        ("demo-admin", "/scenarios/%00"), ("supervisor", "/incidents/export.csv?category=%00"),
        ("leader", "/api/v1/indicators/resident-requests/opened?from=0001-01-01"),
        ("leader", "/api/v1/indicators/resident-requests/opened?to=9999-12-31"),
        ("leader", "/api/v1/indicators/resident-requests/opened?district=%00"),
    ],
)  # fmt: skip
async def test_odd_addresses_are_no_accident(demo_shared, login, path):
    async with demo_shared.browser(login) as browser:
        assert (await browser.http.get(path)).status_code < 500


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/signin", {"account": "\x00", "password": "x"}), ("/password/forgot", {"account": "\x00"}),
        ("/register", {"contact": "\x00"}), ("/track/withdraw", {"code": "", "reason": "\x00\x00\x00"}),
    ],
)  # fmt: skip
async def test_a_nul_in_a_public_form_is_told_to_its_sender(demo, path, data):
    if path.startswith("/track"):
        data = data | {"code": demo.plan.codes["opened"]}
    async with demo.browser() as browser:
        assert 400 <= (await browser.post(path, data)).status_code < 500


async def test_a_draft_with_half_a_character_is_told_to_its_sender(demo):
    task = await demo.task_of("handling")
    async with demo.browser("handler") as browser:
        await browser.get("/account")
        for text in (r"\u0000", r"\ud800"):
            answer = await browser.http.post(
                f"/api/v1/tasks/{task['id']}/save", content='{"data": {"measures": "' + text + '"}}',
                headers={"content-type": BODY, "x-csrf-token": browser.csrf, "accept": BODY},
            )  # fmt: skip
            assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("kind", [BODY, "application/x-www-form-urlencoded", "text/plain"])
async def test_only_files_may_be_large(demo_shared, kind):
    async with demo_shared.browser() as browser:
        await browser.get("/report")
        answer = await browser.http.post(
            "/api/v1/incidents", content=b"a" * (2 * 1024 * 1024 + 1),
            headers={"content-type": kind, "x-csrf-token": browser.csrf, "accept": BODY},
        )  # fmt: skip
    assert answer.status_code == 413
    assert answer.json()["type"].startswith("urn:yiwang:error")


async def test_invented_methods_make_no_series_of_metrics(demo_shared):
    async with demo_shared.browser() as browser:
        for number in range(5):
            await browser.http.request(f"INVENTED{number}", "/healthz")
        text = (await browser.http.get("/metrics")).text
    assert 'method="other"' in text
    assert "INVENTED" not in text


async def test_an_invented_session_keeps_no_form(demo):
    """What was typed in a session that has ended is kept; a cookie that was never ours fills no table."""
    async with demo.browser() as browser:
        browser.http.cookies.set("yw_session", "x" * 43)
        sent = {"_csrf": "wrong", "description": "长" * 50_000}
        answer = await browser.http.post("/report", data=sent)
    assert answer.status_code in (401, 403)
    assert "长" * 50 in answer.text  # shown again all the same
    assert await demo.owner("select count(*) from identity.kept_form") == 0
