"""Where stories play: scratch databases cloned from one that is migrated and holds the city and the package.

One template per package and city; each story gets a copy of its own (a few milliseconds) and a clock of its own, so
that no story can hear another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from yiwang.kernel.calendar import city_folder
from yiwang.kernel.clock import MovableClock
from yiwang.kernel.db import Database, migrate
from yiwang.kernel.errors import Unavailable
from yiwang.kernel.orgs import load_city
from yiwang.kernel.runtime import Registry, Runtime
from yiwang.kernel.scenarios.installer import install_all
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.stories.run import run_story
from yiwang.kernel.scenarios.stories.world import World
from yiwang.kernel.scenarios.storybook.model import Story
from yiwang.kernel.scenarios.storybook.parse import parse_story
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When the scratch city was set up: before any story begins."""


class Theatre:
    """Scratch cities for the stories of one package. Use as `async with Theatre(...) as theatre`."""

    def __init__(self, settings: Settings, registry: Registry, server_url: str, packages: Iterable[Package]) -> None:
        """`server_url` is any database of the server, for a role that may create databases.

        `packages` are those to install, the one told about last (with what it needs before it).
        """
        self._settings = settings
        self._registry = registry
        self._server = server_url
        self._packages = list(packages)
        self._template = f"yiwang_story_{uuid4().hex[:12]}"

    async def __aenter__(self) -> Theatre:
        """Build the template."""
        await self._create(self._template, None)
        try:
            await self._furnish()
        except BaseException:
            await self._drop(self._template)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Drop the template."""
        await self._drop(self._template)

    async def play(self, story: Story) -> World:
        """Play one story in a city of its own. Raises StoryFailed."""
        async with self.city(story.at) as rt:
            return await run_story(rt, story, self._name())

    @asynccontextmanager
    async def city(self, at: datetime) -> AsyncIterator[Runtime]:
        """A running scratch city at a moment; dropped afterwards."""
        name = f"{self._template}_{uuid4().hex[:6]}"
        await self._create(name, self._template)
        try:
            rt = self._runtime(name, at)
            try:
                await rt.start()
                yield rt
            finally:
                await rt.close()
        finally:
            await self._drop(name)

    def _name(self) -> str:
        last = self._packages[-1] if self._packages else None
        return last.manifest.id if last and last.manifest else ""

    async def _furnish(self) -> None:
        rt = self._runtime(self._template, LONG_AGO)
        try:
            await migrate(rt.db, rt.registry.migrations())
            await rt.start()
            await load_city(rt, city_folder(self._settings.city))
            await install_all(rt, Actor.system("story"), self._packages)
        finally:
            await rt.close()

    def _runtime(self, database: str, at: datetime) -> Runtime:
        rt = Runtime(self._settings, Database(self._url(database), size=4), self._registry, clock=MovableClock(at))
        for wire in self._registry.extra("wire"):
            wire(rt)
        return rt

    def _url(self, database: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{database}"))

    async def _create(self, name: str, template: str | None) -> None:
        copy = f'template "{template}"' if template else "template template0 encoding utf8"
        await self._run(f'create database "{name}" {copy}')

    async def _drop(self, name: str) -> None:
        await self._run(f'drop database if exists "{name}" with (force)')

    async def _run(self, statement: str) -> None:
        try:
            connection = await asyncpg.connect(self._url("postgres"))
        except (OSError, asyncpg.PostgresError) as error:
            raise Unavailable(f"stories need a PostgreSQL in which they may create databases: {error}") from error
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def stories_of(package: Package, source: Path | None = None) -> list[Story]:
    """The stories of a package in the order of their files; `source` puts its path before their names."""
    found = []
    for path, content in package.folder("stories").items():
        story, _ = parse_story(str(source / path) if source else path, content)
        if story is not None:
            found.append(story)
    return found
