"""The sign-in pages over HTTP, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pyotp
import pytest_asyncio

from tests.kernel.identity.identity_kit import PASSWORD, Make
from yiwang.app import create_app
from yiwang.kernel.runtime import Runtime

Code = Callable[[], Awaitable[str]]


@pytest_asyncio.fixture
async def client(rt: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(rt), client=("10.1.2.3", 5000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8000", headers={"accept": "text/html", "accept-language": "zh"}
    ) as http:
        yield http


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name} in {html[-2000:]}"
    return found[1]


async def submit(http: httpx.AsyncClient, page: str, action: str, **fields: str) -> httpx.Response:
    html = (await http.get(page)).text
    return await http.post(action, data={"_csrf": hidden(html, "_csrf"), **fields})


async def test_a_right_password_opens_a_session_and_leads_to_the_page_wanted(
    rt: Runtime, client: httpx.AsyncClient, make: Make
) -> None:
    await make()
    answer = await submit(
        client, "/signin?next=/account", "/signin", account="li.lei", password=PASSWORD, next="/account"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers.get_list("set-cookie")[0].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    page = await client.get("/account")
    assert page.status_code == 200 and "李雷" in page.text


async def test_a_wrong_password_shows_the_form_again_with_the_name_kept(
    rt: Runtime, client: httpx.AsyncClient, make: Make
) -> None:
    await make()
    answer = await submit(client, "/signin", "/signin", account="li.lei", password="wrong")
    assert answer.status_code == 401
    assert 'value="li.lei"' in answer.text and "账号或密码不对" in answer.text and "wrong" not in answer.text


async def test_next_never_leaves_the_site(rt: Runtime, client: httpx.AsyncClient, make: Make) -> None:
    await make()
    answer = await submit(
        client, "/signin", "/signin", account="li.lei", password=PASSWORD, next="//evil.example/account"
    )
    assert answer.headers["location"] == "/desk"


async def test_a_resident_registers_without_javascript(rt: Runtime, client: httpx.AsyncClient, sent_code: Code) -> None:
    asked = await submit(client, "/register", "/register", contact="13812345678")
    fields = {"_csrf": hidden(asked.text, "_csrf"), "ticket": hidden(asked.text, "ticket"), "name": "王秀英"}
    secret = {"new_password": "herons at dawn", "repeat": "herons at dawn"}
    wrong = await client.post("/register/finish", data={**fields, **secret, "repeat": "x", "code": "1"})
    assert wrong.status_code == 422 and "两次输入的密码不一样" in wrong.text and 'value="王秀英"' in wrong.text
    assert "herons" not in wrong.text
    done = await client.post("/register/finish", data={**fields, **secret, "code": await sent_code()})
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "138****5678" in (await client.get("/account")).text


async def test_a_forgotten_password_over_http(
    rt: Runtime, client: httpx.AsyncClient, make: Make, sent_code: Code
) -> None:
    await make(phone="13812345678")
    known = await submit(client, "/password/forgot", "/password/forgot", account="li.lei")
    stranger = await submit(client, "/password/forgot", "/password/forgot", account="nobody")
    assert known.status_code == stranger.status_code == 200
    ticket = hidden(known.text, "ticket")
    assert known.text.replace(ticket, "") == stranger.text.replace(hidden(stranger.text, "ticket"), "")
    new = "three herons over the lake"
    fields = {"_csrf": hidden(known.text, "_csrf"), "ticket": ticket, "code": await sent_code()}
    done = await client.post("/password/reset", data={**fields, "new_password": new, "repeat": new})
    assert done.headers["location"] == "/signin"
    assert (await submit(client, "/signin", "/signin", account="li.lei", password=new)).headers["location"] == "/desk"


async def test_second_factor_from_enrolment_to_sign_in(rt: Runtime, client: httpx.AsyncClient, make: Make) -> None:
    await make(demo=False)
    first = await submit(client, "/signin", "/signin", account="li.lei", password=PASSWORD)
    assert first.headers["location"] == "/account/totp"
    assert (await client.get("/account")).headers["location"] == "/account/totp"
    html = (await client.get("/account/totp")).text
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", html)
    assert secret and "<svg" in html
    generator = pyotp.TOTP(secret[1])
    shown = await client.post(
        "/account/totp", data={"_csrf": hidden(html, "_csrf"), "code": generator.at(rt.clock.now())}
    )
    assert shown.status_code == 200 and len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", shown.text)) == 10
    assert (await client.get("/account")).status_code == 200
    client.cookies.clear()
    rt.clock.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
    asked = await submit(client, "/signin", "/signin", account="li.lei", password=PASSWORD)
    fields = {"_csrf": hidden(asked.text, "_csrf"), "ticket": hidden(asked.text, "ticket"), "next": ""}
    wrong = await client.post("/signin/totp", data={**fields, "code": "000000"})
    assert wrong.status_code == 401 and "验证码不对" in wrong.text
    done = await client.post("/signin/totp", data={**fields, "code": generator.at(rt.clock.now())})
    assert done.headers["location"] == "/desk"


async def test_a_form_without_the_token_of_the_visit_is_refused(rt: Runtime, client: httpx.AsyncClient) -> None:
    await client.get("/signin")
    answer = await client.post("/signin", data={"account": "li.lei", "password": PASSWORD, "_csrf": "forged"})
    assert answer.status_code in (401, 403) and "yw_session" not in client.cookies


async def test_signing_out_ends_the_session(rt: Runtime, client: httpx.AsyncClient, make: Make) -> None:
    await make()
    await submit(client, "/signin", "/signin", account="li.lei", password=PASSWORD)
    token = client.cookies["yw_session"]
    await submit(client, "/account", "/signout")
    client.cookies.set("yw_session", token, domain="127.0.0.1", path="/")
    assert (await client.get("/account")).headers["location"].startswith("/signin")


async def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(
    rt: Runtime, client: httpx.AsyncClient, make: Make
) -> None:
    await make("wang", kind="resident", name="王秀英")
    await submit(client, "/signin", "/signin", account="wang", password=PASSWORD)
    html = (await client.get("/account")).text
    rt.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]
    typed = {"_csrf": hidden(html, "_csrf"), "name": "王阿姨写了很久", "locale": "zh", "theme": "auto"}
    late = await client.post("/account/profile", data=typed)
    assert late.status_code == 303 and late.headers["location"].startswith("/signin?next=")
    again = await submit(
        client, "/signin", "/signin", account="wang", password=PASSWORD, next="/kept?to=/account/profile"
    )
    shown = await client.get(again.headers["location"])
    assert "王阿姨写了很久" in shown.text
    assert "王阿姨写了很久" not in (await client.get("/account")).text


async def test_every_page_is_complete_in_both_languages(rt: Runtime, client: httpx.AsyncClient, make: Make) -> None:
    await make("wang", kind="resident", name="W")
    await submit(client, "/signin", "/signin", account="wang", password=PASSWORD)
    client.cookies.set("yw_prefs", "zh.auto.normal", domain="127.0.0.1", path="/")
    for path in ("/account", "/account/totp", "/account/password", "/account/notices"):
        chinese = (await client.get(path)).text.partition('id="main">')[2].partition("</main>")[0]
        words = re.sub(r"<[^>]+>|W\b|English|[A-Z2-7]{32}|Chrome|[a-z0-9-]*@|r-[0-9a-f]+", " ", chinese)
        assert not re.findall(r"[A-Za-z]{3,}", words), (path, re.findall(r"[A-Za-z]{3,}", words))
        assert "—" not in words, path
