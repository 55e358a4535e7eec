"""Wuxi with the first scenario and six requests of known fate, and a reader who signs in over HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from tests.assess.assess_kit import DAY, FIRST, visitor
from tests.conftest import ROOT, START
from yiwang.app import rooms
from yiwang.govern.contract import import_history
from yiwang.kernel.identity import create_account
from yiwang.kernel.orgs import Directory
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Registry, Runtime
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor, Resource

SYSTEM = Actor.system("test")
PASSWORD = "Correct-Horse-Battery-1!"
HEHUI = "320211001003"
#: key, category, area, opened, closed, due, satisfied
REQUESTS = [
    ("A", "road.light", HEHUI, FIRST, FIRST + DAY, FIRST + 2 * DAY, "yes"),
    ("B", "road.light", HEHUI, FIRST + DAY, FIRST + 5 * DAY, FIRST + 2 * DAY, "no"),
    ("C", "road", HEHUI, FIRST + 7 * DAY, None, FIRST + 9 * DAY, None),
    ("D", "environment.noise", "320206", FIRST + 7 * DAY, FIRST + 8 * DAY, None, None),
    ("E", "", "", FIRST + 8 * DAY, None, None, None),
    ("F", "environment.noise", "320206", FIRST + 40 * DAY, None, FIRST + 400 * DAY, None),
]


@pytest_asyncio.fixture(scope="session")
async def board_theatre(server: EmbeddedPostgres, state_dir: Path) -> AsyncIterator[Theatre]:
    """The template city."""
    package = Package.read(ROOT / "scenarios" / "resident-requests")
    async with Theatre(Settings(state_dir=state_dir), Registry(rooms()), server.url("postgres"), [package]) as built:
        yield built


@pytest_asyncio.fixture
async def city(board_theatre: Theatre) -> AsyncIterator[Runtime]:
    """The city on Monday, 2 March 2026, with the six requests."""
    async with board_theatre.city(START) as rt:
        directory = await rt.part(Directory).fresh()
        org, garden = directory.org("320200/12345").id, directory.org("320200/chengguan").id
        rows = [
            (n, key, category, f"request {key}", area, "", garden if key < "D" else None, opened, closed, due, None,
             satisfied, "import", None, "")
            for n, (key, category, area, opened, closed, due, satisfied) in enumerate(REQUESTS, 1)
        ]  # fmt: skip
        async with rt.act(SYSTEM, "incident.import", Resource("incident", org=org)) as act:
            await import_history(act, rows, source="test", item="report-a-problem", org=org, digest="cd" * 32)
        yield rt


@pytest_asyncio.fixture
async def reader(city: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the command centre, signed in, who reads English."""
    post = city.part(Directory).post_for("320200/12345", "leader") or city.part(Directory).post_for(
        "320200/12345", "intake"
    )
    account = await create_account(
        city, SYSTEM, kind="staff", login="reader", name="薛国梁", password=PASSWORD, must_change=False, demo=True,
        locale="en",
    )  # fmt: skip
    assert post is not None
    await appoint(city, SYSTEM, post.id, account, note="test")
    async with visitor(city) as http:
        page = await http.get("/signin")
        token = re.search(r'name="_csrf" value="([^"]+)"', page.text)
        assert token
        answer = await http.post("/signin", data={"_csrf": token[1], "account": "reader", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        yield http
