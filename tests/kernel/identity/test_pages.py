"""The sign-in pages over HTTP, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from yiwang.app import create_app
from yiwang.kernel.identity import create_account
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

PASSWORD = "a calm river at dawn"
SYSTEM = Actor.system("test")


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


async def make(rt: Runtime, login: str = "li.lei", **more: object) -> None:
    values = {"kind": "staff", "name": "李雷", "password": PASSWORD, "must_change": False, "demo": True, **more}
    await create_account(rt, SYSTEM, login=login, **values)  # type: ignore[arg-type]


async def test_a_right_password_opens_a_session_and_leads_to_the_page_wanted(
    rt: Runtime, client: httpx.AsyncClient
) -> None:
    await make(rt)
    answer = await submit(
        client, "/signin?next=/account", "/signin", account="li.lei", password=PASSWORD, next="/account"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers.get_list("set-cookie")[0].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    page = await client.get("/account")
    assert page.status_code == 200 and "李雷" in page.text


async def test_a_wrong_password_shows_the_form_again_with_the_name_kept(rt: Runtime, client: httpx.AsyncClient) -> None:
    await make(rt)
    answer = await submit(client, "/signin", "/signin", account="li.lei", password="wrong")
    assert answer.status_code == 401
    assert 'value="li.lei"' in answer.text and "账号或密码不对" in answer.text and "wrong" not in answer.text


async def test_next_never_leaves_the_site(rt: Runtime, client: httpx.AsyncClient) -> None:
    await make(rt)
    answer = await submit(
        client, "/signin", "/signin", account="li.lei", password=PASSWORD, next="//evil.example/account"
    )
    assert answer.headers["location"] == "/desk"
