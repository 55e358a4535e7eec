"""A real server and a real browser: uvicorn on a free port, Debian's Chromium, axe-core on every page.

Without Chromium or without built assets these tests are skipped, and say why.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn

from yiwang.app import create_app
from yiwang.kernel.identity import Origin, SignedIn, create_account, sign_in
from yiwang.kernel.orgs import Directory, load_city
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
MANIFEST = ROOT / "src" / "yiwang" / "web" / "static" / "dist" / "manifest.json"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
PASSWORD = "lamp-river-42-stone"
NOISE = ("GL Driver Message", "GPU stall")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is; the tests are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    if not AXE.is_file() or not MANIFEST.is_file():
        pytest.skip("no built assets (npm ci && npm run build)")
    return CHROMIUM


@pytest_asyncio.fixture(scope="session")
async def browser(chromium_path: str) -> AsyncIterator[Any]:
    """One Chromium for the session; every test gets a fresh profile from ``visitor``."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield one
        await one.close()


class Site:
    """A served city and the people in it."""

    def __init__(self, rt: Runtime, base: str, browser: Any) -> None:
        self.rt, self.base, self.browser = rt, base, browser
        self.tokens: dict[str, str] = {}

    async def person(self, login: str, *roles: str) -> str:
        """Make a member of staff with these posts of the command centre; returns the session's token."""
        system, directory = Actor.system("test"), self.rt.part(Directory)
        account = await create_account(
            self.rt, system, kind="staff", login=login, name="沈志远", password=PASSWORD, must_change=False, demo=True
        )
        for role in roles:
            posts = directory.snapshot.posts.values()
            post = directory.post_for("320200/12345", role) or next((p for p in posts if p.role == role), None)
            assert post is not None, f"no post {role} in the city"
            await appoint(self.rt, system, post.id, account)
        await directory.refresh()
        signed = await sign_in(self.rt, login, PASSWORD, Origin("127.0.0.1", "test"))
        assert isinstance(signed, SignedIn)
        self.tokens[login] = signed.token
        return signed.token

    async def visitor(
        self, *, login: str = "", lang: str = "zh", theme: str = "light", size: str = "normal", width: int = 1440,
        script: bool = True,
    ) -> Visitor:  # fmt: skip
        """A fresh profile: language, theme, size, width; signed in when a login is named."""
        profile = await self.browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900}, java_script_enabled=script,
            locale="zh-CN" if lang == "zh" else "en-US",
        )  # fmt: skip
        kept = [{"name": "yw_prefs", "value": f"{lang}.{theme}.{size}", "url": self.base}]
        if login:
            kept.append({"name": "yw_session", "value": self.tokens[login], "url": self.base})
        await profile.add_cookies(kept)
        return Visitor(await profile.new_page(), self.base)


class Visitor:
    """One page of one profile, with what its console said."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base
        self.said: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not any(noise in message.text for noise in NOISE):
            self.said.append(f"{message.type}: {message.text}")

    async def open(self, path: str, status: int = 200) -> Any:
        """Go there; checks the status."""
        answer = await self.page.goto(self.base + path, wait_until="networkidle")
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page

    async def check(self) -> None:
        """Nothing wrong for axe, nothing in the console, nothing wider than the screen."""
        # Through the debugger, as the page's own policy rightly lets no foreign script in.
        session = await self.page.context.new_cdp_session(self.page)
        await session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        run = f"axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then(r => JSON.stringify(r.violations))"
        told = await session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
        found = [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]}" for v in json.loads(told["result"]["value"])]
        assert not found, f"{self.page.url}: {found}"
        assert not self.said, f"{self.page.url}: {self.said}"
        wide = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide}px wider than the screen"

    async def close(self) -> None:
        """Close the profile."""
        await self.page.context.close()


@pytest_asyncio.fixture
async def site(rt: Runtime, browser: Any) -> AsyncIterator[Site]:
    """Wuxi, served by uvicorn on a free port."""
    await load_city(rt, ROOT / "cities" / "320200")
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(rt), log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.02)
    yield Site(rt, f"http://127.0.0.1:{listener.getsockname()[1]}", browser)
    server.should_exit = True
    await serving
