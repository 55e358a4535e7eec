"""Theatres for the stories of every package: one template database per package and session."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest_asyncio

from yiwang.app import rooms
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.runtime import Registry
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings


class Theatres:
    """Builds the theatre of a package when its first story is played."""

    def __init__(self, stack: AsyncExitStack, server: EmbeddedPostgres, state_dir: Path) -> None:
        self._stack, self._server, self._state = stack, server, state_dir
        self._built: dict[Path, Theatre | YiwangError] = {}

    async def of(self, folder: Path) -> Theatre:
        """The theatre of one package folder."""
        if folder not in self._built:
            settings = Settings(state_dir=self._state)
            theatre = Theatre(settings, Registry(rooms()), self._server.url("postgres"), [Package.read(folder)])
            try:
                self._built[folder] = await self._stack.enter_async_context(theatre)
            except YiwangError as error:
                self._built[folder] = error
        built = self._built[folder]
        if isinstance(built, YiwangError):
            raise built
        return built


@pytest_asyncio.fixture(scope="session")
async def theatres(server: EmbeddedPostgres, state_dir: Path) -> AsyncIterator[Theatres]:
    """The theatres of this session; their databases are dropped at the end."""
    async with AsyncExitStack() as stack:
        yield Theatres(stack, server, state_dir)
