"""Pools by role. The application's role lives under row-level security; the owner migrates and seals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from yiwang.kernel.db.connection import Conn, setup_codecs
from yiwang.kernel.errors import Unavailable

APP_ROLE = "yiwang_app"
#: Waiting longer than this for a connection means that we are overloaded: say so instead of hanging.
ACQUIRE_S = 15.0
_LOST = (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError)


class Database:
    """One database of one city, reached by URL, in two roles."""

    def __init__(self, url: str, *, size: int = 10) -> None:
        self.url = url
        self._size = size
        self._pools: dict[str, Any] = {}
        self._opening = asyncio.Lock()

    async def _pool(self, role: str) -> Any:
        pool = self._pools.get(role)
        if pool is None:
            async with self._opening:
                pool = self._pools.get(role)
                if pool is None:
                    pool = self._pools[role] = await self._open(role)
        return pool

    async def _open(self, role: str) -> Any:
        # The role stands in the start packet, so that the pool's RESET ALL returns to it and not to the owner.
        extra = {"role": APP_ROLE} if role == "app" else {}
        try:
            return await asyncpg.create_pool(
                self.url,
                min_size=1,
                max_size=self._size if role == "app" else 3,
                init=setup_codecs,
                command_timeout=120,
                max_inactive_connection_lifetime=300,
                server_settings={"application_name": f"yiwang-{role}", "jit": "off", **extra},
            )
        except _LOST as error:
            raise Unavailable(f"the database does not answer: {error}") from error

    @asynccontextmanager
    async def transaction(
        self, role: str = "app", *, readonly: bool = False, wait: float = ACQUIRE_S
    ) -> AsyncIterator[Conn]:
        """One transaction in a role. Only ``kernel.write`` and the kernel's own loops call this."""
        async with self.raw(role, wait=wait) as raw, raw.transaction(readonly=readonly):
            yield Conn(raw)

    @asynccontextmanager
    async def raw(self, role: str = "owner", *, wait: float = ACQUIRE_S) -> AsyncIterator[Any]:
        """A bare driver connection, for migrations, LISTEN and advisory locks."""
        pool = await self._pool(role)
        try:
            connection = await pool.acquire(timeout=wait)
        except TimeoutError as error:
            raise Unavailable("the database is too busy: no free connection") from error
        except _LOST as error:
            raise Unavailable(f"the database does not answer: {error}") from error
        try:
            yield connection
        except (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, ConnectionError) as error:
            raise Unavailable(f"the database went away: {error}") from error
        finally:
            await pool.release(connection)

    async def close(self) -> None:
        """Close every pool."""
        for pool in self._pools.values():
            try:
                await asyncio.wait_for(pool.close(), 5)
            except TimeoutError:
                pool.terminate()
        self._pools.clear()
