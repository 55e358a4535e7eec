"""Servers and runtimes for commands: start what is not running, use what is, leave nothing behind."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from yiwang.kernel.db import migrate
from yiwang.kernel.errors import StartError
from yiwang.kernel.events.bus import NatsBus
from yiwang.kernel.runtime import Bus, Registry, Runtime
from yiwang.kernel.servers import EmbeddedNats, EmbeddedPostgres
from yiwang.kernel.settings import Settings

T = TypeVar("T")
Build = Callable[..., Runtime]


@dataclass
class Servers:
    """Where PostgreSQL and NATS are, and what of them we started ourselves."""

    settings: Settings
    postgres: EmbeddedPostgres | None = None
    nats: EmbeddedNats | None = None

    def database_url(self, city: str | None = None) -> str:
        """The address of the city's database."""
        name = self.settings.with_(city=city or self.settings.city).database_name
        if self.postgres is not None:
            return self.postgres.url(name)
        given = self.settings.database_url or ""
        if city is None or city == self.settings.city:
            return given
        parts = urlsplit(given)  # an external server holds another city in a database of its own
        return urlunsplit(parts._replace(path=f"/{name}"))

    @property
    def nats_url(self) -> str:
        """The address of NATS."""
        return self.nats.url if self.nats is not None else self.settings.nats_url or ""


@contextmanager
def servers_for(settings: Settings, *, nats: bool = True) -> Iterator[Servers]:
    """Start the embedded servers that the settings ask for; those that we started are stopped at the end."""
    servers = Servers(settings)
    started: list[EmbeddedPostgres | EmbeddedNats] = []
    try:
        if settings.database_url is None:
            servers.postgres = EmbeddedPostgres(settings.state_dir)
            if servers.postgres.start():
                started.append(servers.postgres)
        if nats and settings.nats_url is None:
            servers.nats = EmbeddedNats(settings.state_dir)
            if servers.nats.start():
                started.append(servers.nats)
        yield servers
    finally:
        for server in reversed(started):
            server.stop()


async def ensure_database(url: str) -> bool:
    """Create the database when it is missing; True when it was. StartError when the server does not let us in."""
    try:
        await (await asyncpg.connect(url, timeout=10)).close()
        return False
    except asyncpg.InvalidCatalogNameError:
        pass
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        where = re.sub(r"//.*@", "//", url)
        raise StartError(f"PostgreSQL at {where} does not let us in: {error}") from error
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    try:
        await connection.execute(f'create database "{name}" template template0 encoding utf8')
    except asyncpg.DuplicateDatabaseError:
        return False
    finally:
        await connection.close()
    return True


class CommandLauncher:
    """Runs one coroutine with a runtime, for commands of the terminal."""

    def __init__(self, settings: Settings, build: Build) -> None:
        self.settings = settings
        self._build = build

    @property
    def registry(self) -> Registry:
        """See kernel.runtime.Launcher."""
        return self._build(self.settings, "postgresql:///unused").registry

    def run(self, work: Callable[[Runtime], Awaitable[T]], *, city: str | None = None) -> T:
        """See kernel.runtime.Launcher."""
        settings = self.settings.with_(city=city or self.settings.city)
        with servers_for(settings) as servers:
            return asyncio.run(self._run(settings, servers, work))

    async def _run(self, settings: Settings, servers: Servers, work: Callable[[Runtime], Awaitable[T]]) -> T:
        rt = await open_runtime(self._build, settings, servers)
        try:
            await rt.start()
            return await work(rt)
        finally:
            await rt.close()


async def open_runtime(build: Build, settings: Settings, servers: Servers) -> Runtime:
    """Create the database if need be, migrate, and return a runtime that has not been started."""
    url = servers.database_url(settings.city)
    await ensure_database(url)
    bus: Bus | None = NatsBus(servers.nats_url, settings.city) if servers.nats_url else None
    rt = build(settings, url, bus=bus)
    try:
        await migrate(rt.db, rt.registry.migrations())
    except BaseException:
        await rt.close()
        raise
    return rt
