"""Wuxi with the first scenario installed, cloned for each test; people who sign in over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest_asyncio

from tests.conftest import ROOT, START
from tests.work.work_kit import CENTRE, browser, hire, post_of
from yiwang.app import rooms
from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import Registry, Runtime
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings


@pytest_asyncio.fixture(scope="session")
async def theatre(server: EmbeddedPostgres, state_dir: Path) -> AsyncIterator[Theatre]:
    """The template city."""
    package = Package.read(ROOT / "scenarios" / "resident-requests")
    async with Theatre(Settings(state_dir=state_dir), Registry(rooms()), server.url("postgres"), [package]) as built:
        yield built


@pytest_asyncio.fixture
async def city(theatre: Theatre) -> AsyncIterator[Runtime]:
    """A running city on Monday, 2 March 2026, 9:00."""
    async with theatre.city(START) as rt:
        await rt.part(Directory).refresh()
        yield rt


@pytest_asyncio.fixture
async def staff(city: Runtime) -> SimpleNamespace:
    """Two people of intake, a dispatcher, a supervisor."""
    intake = post_of(city, CENTRE, "intake")
    return SimpleNamespace(
        intake=await hire(city, "intake", intake, name="沈佳怡"),
        colleague=await hire(city, "colleague", intake, name="陈晨"),
        dispatcher=await hire(city, "dispatcher", post_of(city, CENTRE, "dispatcher"), name="陆建华"),
        supervisor=await hire(city, "supervisor", post_of(city, CENTRE, "supervisor"), name="周志强"),
        posts=SimpleNamespace(
            intake=intake, dispatcher=post_of(city, CENTRE, "dispatcher"),
            supervisor=post_of(city, CENTRE, "supervisor"), callback=post_of(city, CENTRE, "callback"),
        ),
    )  # fmt: skip


@pytest_asyncio.fixture
async def open_browser(city: Runtime) -> AsyncIterator[object]:
    """``await open_browser(person)``: signed in, closed at the end."""
    async with AsyncExitStack() as stack:

        async def opened(person=None, language="zh"):
            made = await stack.enter_async_context(browser(city, language))
            return await made.sign_in(person) if person else made

        yield opened
