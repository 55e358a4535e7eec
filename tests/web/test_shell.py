"""The outer layer: headers, sizes, other sites, errors that say what to do next and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from yiwang.kernel.runtime import Runtime
from yiwang.web.app import install
from yiwang.web.http import Ctx, redirect, router

pages = router("test")


@pages.post("/test/form")
async def post(ctx: Ctx) -> object:
    fields = await ctx.fields()
    assert "text" in fields
    return redirect(ctx, "/", say="web.prefs_saved")


@pages.get("/test/broken")
async def broken(ctx: Ctx) -> object:
    raise ZeroDivisionError("a secret detail of the inside")


@pytest.fixture
def with_form(rt: Runtime) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(pages)
    install(app, rt)
    headers = {"accept": "text/html", "accept-language": "zh-CN"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test", headers=headers
    )


def token_of(html: str) -> str:
    found = re.search(r'name="_csrf" value="([^"]+)"', html) or re.search(r'"X-CSRF-Token": "([^"]+)"', html)
    assert found
    return found[1]


async def test_every_answer_carries_the_policy_and_a_request_id(site: httpx.AsyncClient) -> None:
    for address in ("/", "/status", "/no-such-page", "/static/icon.svg"):
        answer = await site.get(address)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy and "unsafe-eval" not in policy, address
        assert "script-src 'self' 'unsafe-inline'" not in policy
        assert len(answer.headers["x-request-id"]) >= 8


async def test_no_page_has_a_script_of_its_own(site: httpx.AsyncClient) -> None:
    for address in ("/", "/status", "/signin", "/no-such-page"):
        html = (await site.get(address)).text
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.S)
        assert all("src=" in attributes or "application/json" in attributes for attributes, _ in scripts), address
        assert not re.search(r"\son[a-z]+=", html), address


async def test_a_stranger_reads_no_code_name_in_an_error(with_form: httpx.AsyncClient) -> None:
    answer = await with_form.get("/test/broken")
    assert answer.status_code == 500
    assert "系统出了点问题" in answer.text
    for secret in ("ZeroDivisionError", "secret detail", "Traceback", "error.unexpected", ".py"):
        assert secret not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_a_program_gets_problem_details(with_form: httpx.AsyncClient) -> None:
    answer = await with_form.get("/nowhere", headers={"accept": "application/json"})
    body = answer.json()
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == 404 and body["title"] and body["instance"] == "/nowhere"
    broken_body = (await with_form.get("/test/broken", headers={"accept": "application/json"})).json()
    assert broken_body["status"] == 500 and "secret" not in str(broken_body)


async def test_a_form_without_its_token_changes_nothing_and_keeps_the_text(with_form: httpx.AsyncClient) -> None:
    answer = await with_form.post("/test/form", data={"text": "路灯坏了三天", "_csrf": "forged"})
    assert answer.status_code == 403
    assert "路灯坏了三天" in answer.text
    again = await with_form.post("/test/form", data={"text": "路灯坏了三天", "_csrf": token_of(answer.text)})
    assert again.status_code == 303, "the page that keeps the text carries a fresh token"


async def test_what_another_site_sends_is_refused_even_with_the_token(with_form: httpx.AsyncClient) -> None:
    token = token_of((await with_form.post("/test/form", data={"text": "x"})).text)
    foreign = ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"})
    for headers in foreign:
        answer = await with_form.post("/test/form", data={"text": "x", "_csrf": token}, headers=headers)
        assert answer.status_code == 403 and "另一个网站" in answer.text
    own = {"origin": "http://test"}
    assert (await with_form.post("/test/form", data={"text": "x", "_csrf": token}, headers=own)).status_code == 303


async def test_a_body_over_the_limit_is_refused_announced_or_not(with_form: httpx.AsyncClient, rt: Runtime) -> None:
    limit = (rt.settings.upload_limit_mib * 3 + 2) * 1024 * 1024

    async def endless() -> object:
        yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        for _ in range(limit // (1 << 20) + 2):
            yield b"x" * (1 << 20)

    headers = {"content-type": "application/x-www-form-urlencoded"}
    announced = await with_form.post("/test/form", content=b"", headers={**headers, "content-length": str(limit + 1)})
    parts = {"content-type": "multipart/form-data; boundary=b"}
    streamed = await with_form.post("/test/form", content=endless(), headers=parts)
    assert announced.status_code == 413
    assert streamed.status_code == 413


async def test_a_message_is_said_once(with_form: httpx.AsyncClient) -> None:
    token = token_of((await with_form.post("/test/form", data={"text": "x"})).text)
    await with_form.post("/test/form", data={"text": "x", "_csrf": token})
    assert "已按您的选择显示" in (await with_form.get("/")).text
    assert "已按您的选择显示" not in (await with_form.get("/")).text


async def test_an_expired_session_keeps_the_text_over_the_sign_in(with_form, rt, staff) -> None:
    token = await staff("320200/12345", "dispatcher")
    with_form.cookies.set("yw_session", token)
    csrf = token_of((await with_form.get("/orgs")).text)
    rt.clock.advance(timedelta(hours=13))
    answer = await with_form.post("/test/form", data={"text": "写了很久的一段话", "_csrf": csrf})
    assert answer.status_code == 303 and answer.headers["location"].startswith("/signin?next=")
    with_form.cookies.set("yw_session", await staff.again())
    kept = await with_form.get("/kept?to=/test/form")
    assert kept.status_code == 200 and "写了很久的一段话" in kept.text
    sent = await with_form.post("/test/form", data={"text": "写了很久的一段话", "_csrf": token_of(kept.text)})
    assert sent.status_code == 303
    assert (await with_form.get("/kept?to=/test/form")).status_code == 303, "given back once only"
