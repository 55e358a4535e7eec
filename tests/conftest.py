"""What tests stand on: a real PostgreSQL, a real NATS, a fresh database in a few milliseconds, a clock that moves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from yiwang.app import build_runtime
from yiwang.kernel.clock import MovableClock
from yiwang.kernel.db import migrate
from yiwang.kernel.events.bus import NatsBus
from yiwang.kernel.orgs import load_city
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios import Package, install
from yiwang.kernel.servers import EmbeddedNats, EmbeddedPostgres
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor

ROOT = Path(__file__).resolve().parent.parent
START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


@pytest.fixture(scope="session")
def state_dir() -> Iterator[Path]:
    """A state folder that a service user can enter (pytest's own are closed to others under root)."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(state_dir: Path) -> Iterator[EmbeddedPostgres]:
    """The embedded PostgreSQL of this session; not durable, it is thrown away."""
    embedded = EmbeddedPostgres(state_dir, durable=False, memory_mib=256)
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture(scope="session")
def nats_server(state_dir: Path) -> Iterator[EmbeddedNats]:
    """The embedded NATS of this session."""
    embedded = EmbeddedNats(state_dir)
    embedded.start()
    yield embedded
    embedded.stop()


async def create_database(server: EmbeddedPostgres, name: str, template: str | None = None) -> None:
    """Create a database, as a copy of another one when a template is named."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        copy = f' template "{template}"' if template else ""
        await connection.execute(f'create database "{name}"{copy}')
    finally:
        await connection.close()


async def drop_database(server: EmbeddedPostgres, name: str) -> None:
    """Drop a database, also when somebody is still connected."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await connection.close()


@pytest_asyncio.fixture(scope="session")
async def migrated(server: EmbeddedPostgres, state_dir: Path) -> str:
    """The name of a migrated, empty template database."""
    name = "template_migrated"
    await create_database(server, name)
    rt = build_runtime(Settings(state_dir=state_dir), server.url(name))
    await migrate(rt.db, rt.registry.migrations())
    await rt.close()
    return name


@pytest_asyncio.fixture(scope="session")
async def wuxi_template(server: EmbeddedPostgres, migrated: str, state_dir: Path) -> str:
    """The name of a template with the real Wuxi in it: cloning it is ten times as quick as loading."""
    name = "template_wuxi"
    await create_database(server, name, migrated)
    rt = build_runtime(Settings(state_dir=state_dir), server.url(name), clock=MovableClock(START))
    await rt.start()
    await load_city(rt, ROOT / "cities" / "320200")
    await rt.close()
    return name


@pytest_asyncio.fixture(scope="session")
async def package_template(server: EmbeddedPostgres, wuxi_template: str, state_dir: Path) -> str:
    """As ``wuxi_template``, with the first scenario installed."""
    name = "template_package"
    await create_database(server, name, wuxi_template)
    rt = build_runtime(Settings(state_dir=state_dir), server.url(name), clock=MovableClock(START))
    await rt.start()
    await install(rt, Actor.system("test"), Package.read(ROOT / "scenarios" / "resident-requests"))
    await rt.close()
    return name


@pytest_asyncio.fixture
async def fresh_database(server: EmbeddedPostgres, migrated: str) -> AsyncIterator[str]:
    """The name of a fresh migrated database, dropped afterwards."""
    name = f"test_{uuid4().hex[:12]}"
    await create_database(server, name, migrated)
    yield name
    await drop_database(server, name)


@pytest_asyncio.fixture
async def rt(server: EmbeddedPostgres, fresh_database: str, state_dir: Path) -> AsyncIterator[Runtime]:
    """A runtime on a fresh database with a movable clock and no NATS: ``await rt.drain()`` applies the events."""
    runtime = build_runtime(Settings(state_dir=state_dir), server.url(fresh_database), clock=MovableClock(START))
    await runtime.start()
    yield runtime
    await runtime.close()


@pytest_asyncio.fixture
async def rt_nats(
    server: EmbeddedPostgres, nats_server: EmbeddedNats, fresh_database: str, state_dir: Path
) -> AsyncIterator[Runtime]:
    """As ``rt``, on a real NATS; the stream carries the database's name, so that tests do not hear each other."""
    settings = Settings(state_dir=state_dir)
    bus = NatsBus(nats_server.url, fresh_database)
    runtime = build_runtime(settings, server.url(fresh_database), clock=MovableClock(START), bus=bus)
    await runtime.start()
    yield runtime
    await runtime.close()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is not there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets are not beside this checkout")
    return folder


# The demo city, for every test below this folder: ``demo``, ``demo_shared``, ``demo_plan``.
from tests.demo_city import demo, demo_plan, demo_shared  # noqa: E402, F401
