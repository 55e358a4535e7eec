"""The API description, and callers of three kinds on one copy of the demo city that only these tests change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from tests.demo_city import Blueprint, Demo, copy_of
from yiwang.app import build_runtime, create_app
from yiwang.kernel.settings import Settings

#: Who calls: anybody, a dispatcher (the broadest daily desk), the administrator, a resident, a connected system.
CALLERS = ("anonymous", "staff", "client")


def description() -> dict[str, Any]:
    """The OpenAPI document as the application writes it; needs no database."""
    rt = build_runtime(Settings(state_dir=Path("/nonexistent")), "postgresql://nobody@127.0.0.1:1/none")
    app: Any = create_app(rt)
    while not hasattr(app, "openapi"):
        app = app.app
    return app.openapi()


@dataclass
class Callers:
    """The copy, and a client for each kind of caller with what proves who it is."""

    demo: Demo
    clients: dict[str, httpx.AsyncClient]
    headers: dict[str, dict[str, str]]
    tasks: list[str]

    def known(self, name: str) -> list[str]:
        """Real values for a parameter of a path."""
        return {
            "incident": [str(key) for key in self.demo.plan.incidents.values()],
            "task": self.tasks,
            "package": ["resident-requests"],
            "key": ["report-a-problem"],
        }.get(name, [])


@pytest_asyncio.fixture(scope="session")
async def callers(server, state_dir: Path, demo_plan: Blueprint) -> AsyncIterator[Callers]:
    """The callers of the API tests."""
    async with AsyncExitStack() as stack:
        demo = await stack.enter_async_context(copy_of(server, state_dir, demo_plan))
        anybody = await stack.enter_async_context(demo.browser())
        staff = await stack.enter_async_context(demo.browser("intake"))
        system = await stack.enter_async_context(demo.browser())
        await anybody.get("/report")
        await staff.get("/account")
        async with demo.rt.read_as_system() as db:
            tasks = [str(r["id"]) for r in await db.fetch("select id from process.task order by id")]
        headers = {
            "anonymous": {"x-csrf-token": anybody.csrf},
            "staff": {"x-csrf-token": staff.csrf},
            "client": {"authorization": f"Bearer {demo_plan.bearer}"},
        }
        yield Callers(demo, {"anonymous": anybody.http, "staff": staff.http, "client": system.http}, headers, tasks)
