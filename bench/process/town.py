"""The kernel without the web: a durable embedded PostgreSQL, a real city, and the process of this bench installed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from bench.process.bare import FILE

from yiwang.app import build_runtime
from yiwang.kernel.calendar import cities_root
from yiwang.kernel.db import migrate
from yiwang.kernel.orgs import Directory, load_city
from yiwang.kernel.process import Subject, complete_task, start_process
from yiwang.kernel.process.sections import SECTIONS
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings
from yiwang.kernel.supervise.launch import ensure_database
from yiwang.kernel.write import Actor, Resource

CITY = "320200"
STREET, GRID = "320211001", "320211001001"
FORM = {
    "type": "object",
    "properties": {
        "result": {"type": "string", "maxLength": 200, "x-ui": {"title": {"zh": "办理结果", "en": "Result"}}}
    },
    "required": ["result"],
    "additionalProperties": False,
    "x-ui": {"title": {"zh": "办理", "en": "Handle"}},
}


@dataclass
class Parcel:
    """The process file and its forms, as a package brings them."""

    files: dict[str, bytes] = field(
        default_factory=lambda: (
            {"processes/rounds.bpmn": FILE.read_bytes()}
            | {f"forms/{name}.json": json.dumps(FORM).encode() for name in ("handle", "check", "callback")}
        )
    )
    manifest: Any = field(default_factory=lambda: SimpleNamespace(id="bench-rounds", version="1.0.0"))

    def folder(self, name: str) -> dict[str, bytes]:
        """See kernel.process.sections.Parcel."""
        return {path: content for path, content in self.files.items() if path.startswith(f"{name}/")}


class Town:
    """Starts instances of the bench's process and completes their tasks, as the API does."""

    def __init__(self, rt: Runtime) -> None:
        self.rt = rt
        directory = rt.part(Directory)
        self.org = directory.org(STREET).id
        post = directory.post_for(STREET, "handler")
        if post is None:
            raise RuntimeError(f"{STREET} has no handler")
        self.handler = Actor("staff", uuid4(), "承办人", post.id, (post.id,), (self.org,), (), frozenset({"handler"}))

    async def start(self, rounds: int) -> UUID:
        """A new instance; returns its open task."""
        subject = Subject("incident", uuid4(), "路灯不亮，晚上看不见路", "2026-000001")
        async with self.rt.act(Actor.system("bench"), "process.start", Resource("process", "rounds")) as act:
            data = {"n": 0, "rounds": rounds, "number": 1}
            instance = await start_process(act, "rounds", subject, data, org=self.org, area=GRID)
            act.record(after={"instance": str(instance)})
        async with self.rt.read(self.handler) as db:
            task: UUID = await db.fetchval("select id from process.task where instance = $1 and live", instance)
        return task

    async def step(self, task: UUID) -> UUID:
        """Complete a task; returns the one that it led to."""
        async with self.rt.unit(self.handler) as unit:
            done = await complete_task(unit, task, {"result": "done"}, version=1)
        return done.opened[0]


async def open_town(server: EmbeddedPostgres, state: Path, name: str) -> Town:
    """A runtime over a migrated database with the city and the process in it."""
    await ensure_database(server.url(name))
    rt = build_runtime(Settings(state_dir=state, city=CITY), server.url(name))
    await migrate(rt.db, rt.registry.migrations())
    await rt.start()
    await load_city(rt, cities_root() / CITY)
    async with rt.act(Actor.system("bench"), "process.start", Resource("process", "rounds")) as act:
        for section in SECTIONS:
            await section.handler.install(act, Parcel(), None)
        act.record()
    return Town(rt)


@contextlib.asynccontextmanager
async def town(server: EmbeddedPostgres, state: Path, name: str) -> AsyncIterator[Town]:
    """A town that lets go of its connections at the end."""
    opened = await open_town(server, state, name)
    try:
        yield opened
    finally:
        await opened.rt.close()
