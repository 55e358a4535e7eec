"""The whole application on a fresh database, called over HTTP without a network; people who sign in for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from yiwang.app import create_app
from yiwang.kernel.identity import Origin, SignedIn, create_account, sign_in
from yiwang.kernel.orgs import Directory, load_city
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "lamp-river-42-stone"
SignIn = Callable[..., Awaitable[str]]


@pytest_asyncio.fixture
async def site(rt: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A browser-like client that reads Chinese."""
    headers = {"accept": "text/html", "accept-language": "zh-CN"}
    transport = httpx.ASGITransport(create_app(rt), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


@pytest_asyncio.fixture
async def wuxi(rt: Runtime) -> Directory:
    """The real city, loaded."""
    await load_city(rt, ROOT / "cities" / "320200")
    return rt.part(Directory)


@pytest.fixture
def staff(rt: Runtime, wuxi: Directory) -> SignIn:
    """staff("320200/12345", "admin", "auditor") -> the token of a session of somebody who holds these posts."""

    async def make(org: str = "320200/12345", *roles: str, login: str = "shen.zhiyuan") -> str:
        system = Actor.system("test")
        account = await create_account(
            rt, system, kind="staff", login=login, name="沈志远", password=PASSWORD, must_change=False, demo=True
        )
        for role in roles:
            post = wuxi.post_for(org, role) or wuxi.post_near(role, "320200")
            assert post is not None, f"no post {role} near {org}"
            await appoint(rt, system, post.id, account)
        await wuxi.refresh()
        return await again(login)

    async def again(login: str = "shen.zhiyuan") -> str:
        signed = await sign_in(rt, login, PASSWORD, Origin("127.0.0.1", "test"))
        assert isinstance(signed, SignedIn)
        return signed.token

    make.again = again  # type: ignore[attr-defined]
    return make
