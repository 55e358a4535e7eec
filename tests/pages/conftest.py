"""Keys of the shared demo city for the addresses of pages; the same city behind a real server and a real browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import uvicorn

from tests.browser.conftest import Site, browser, chromium_path  # noqa: F401
from tests.demo_city import Demo
from tests.pages.site_map import Known


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"seen", "visited"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest_asyncio.fixture(scope="session")
async def known(demo_shared: Demo) -> Known:
    """Real keys by name."""
    return await Known.of(demo_shared)


class Served:
    """Serves a copy of the demo city on a free port."""

    def __init__(self, demo: Demo) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(demo.app, log_level="warning", lifespan="off"))
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    async def __aenter__(self) -> Served:
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        while not self._server.started:
            await asyncio.sleep(0.02)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._serving


def _site(demo: Demo, base: str, one_browser: Any) -> Site:
    site = Site(demo.rt, base, one_browser)
    site.tokens = dict(demo.plan.tokens)
    return site


@pytest_asyncio.fixture(scope="session")
async def seen(demo_shared: Demo, browser: Any) -> AsyncIterator[Site]:  # noqa: F811
    """The shared city, to look at only."""
    async with Served(demo_shared) as served:
        yield _site(demo_shared, served.base, browser)


@pytest_asyncio.fixture
async def visited(demo: Demo, browser: Any) -> AsyncIterator[Site]:  # noqa: F811
    """A city of this test's own, to work in."""
    async with Served(demo) as served:
        yield _site(demo, served.base, browser)
