"""Pools by role. The application's role lives under row-level security; the owner migrates and seals."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import orjson

from yiwang.kernel.db.connection import Conn, setup_codecs
from yiwang.kernel.errors import Invalid, LostWork, Unavailable

APP_ROLE = "yiwang_app"
#: Waiting longer than this for a connection means that we are overloaded: say so instead of hanging.
ACQUIRE_S = 15.0
_ROLE_LOCK = 0x79_77_61_70
_LOST = (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError)


def app_url(owner_url: str) -> str:
    """The address of the same database for the application's own role.

    It is a login of its own, so that nothing said on its connections can become the owner again. Its password follows
    from the owner's, so that every machine of an installation knows it without being told.
    """
    parts = urlsplit(owner_url)
    secret = unquote(parts.password or "")
    password = hmac.new(secret.encode(), f"yiwang role {APP_ROLE}".encode(), hashlib.sha256).hexdigest()
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP_ROLE}:{password}@{host}"))


def _unstorable(error: BaseException) -> bool:
    """Whether a character that somebody sent is what cannot be stored, and not a mistake of ours."""
    if isinstance(error, asyncpg.CharacterNotInRepertoireError | asyncpg.UntranslatableCharacterError):
        return True
    return any("surrogates not allowed" in str(e) for e in (error, error.__cause__, error.__context__) if e is not None)


_holding: ContextVar[bool] = ContextVar("holding", default=False)


async def _nothing(_connection: Any) -> None:
    return None


class Database:
    """One database of one city, reached by URL, in two roles."""

    def __init__(self, url: str, *, size: int = 10) -> None:
        self.url = url
        self._size = size
        self._pools: dict[str, Any] = {}
        # One lock per role: opening the application's pool may need the owner's.
        self._opening = {role: asyncio.Lock() for role in ("app", "side", "owner")}

    async def _pool(self, role: str) -> Any:
        pool = self._pools.get(role)
        if pool is None:
            async with self._opening[role]:
                pool = self._pools.get(role)
                if pool is None:
                    pool = self._pools[role] = await self._open(role)
        return pool

    async def _open(self, role: str) -> Any:
        url = self.url if role == "owner" else app_url(self.url)
        try:
            try:
                return await self._create_pool(url, role)
            except asyncpg.InvalidAuthorizationSpecificationError:
                if role == "owner":
                    raise
                await self._let_app_in()
                return await self._create_pool(url, role)
        except _LOST as error:
            raise Unavailable(f"the database does not answer: {error}") from error

    async def _create_pool(self, url: str, role: str) -> Any:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=self._size if role == "app" else 3,
            init=setup_codecs,
            command_timeout=120,
            max_inactive_connection_lifetime=300,
            # What the application sets, it sets for its transaction: nothing is left over that a reset would have to
            # undo, and a round trip is saved. The owner's connections listen and hold locks.
            reset=None if role == "owner" else _nothing,
            server_settings={"application_name": f"yiwang-{role}", "jit": "off"},
        )

    async def _let_app_in(self) -> None:
        """Give the application's role its password; of several processes one does it at a time."""
        password = urlsplit(app_url(self.url)).password or ""
        async with self.raw("owner") as raw, raw.transaction():
            await raw.execute("select pg_advisory_xact_lock($1)", _ROLE_LOCK)
            exists = await raw.fetchval("select exists (select from pg_roles where rolname = $1)", APP_ROLE)
            verb = "alter" if exists else "create"
            # Statements on roles take no parameters; the password is hexadecimal.
            await raw.execute(f"{verb} role {APP_ROLE} with login nosuperuser password '{password}'")

    @asynccontextmanager
    async def transaction(
        self, role: str = "app", *, readonly: bool = False, wait: float = ACQUIRE_S, opening: str = ""
    ) -> AsyncIterator[Conn]:
        """One transaction in a role. Only ``kernel.write`` and the kernel's own loops call this.

        ``opening``: statements without parameters that go in one round trip with the beginning.
        """
        async with self.raw(role, wait=wait) as raw:
            await raw.execute(f"begin read only; {opening}" if readonly else f"begin; {opening}")
            try:
                yield Conn(raw)
            except BaseException:
                if not raw.is_closed():
                    with contextlib.suppress(*_LOST):
                        await raw.execute("rollback")
                raise
            else:
                # After a failed statement whose error somebody swallowed, COMMIT answers ROLLBACK and raises nothing.
                if await raw.execute("commit") == "ROLLBACK":
                    raise LostWork("a statement had failed unnoticed, so the whole transaction was rolled back")

    @asynccontextmanager
    async def raw(self, role: str = "owner", *, wait: float = ACQUIRE_S) -> AsyncIterator[Any]:
        """A bare driver connection, for migrations, LISTEN and advisory locks."""
        # Whoever holds a connection and needs a second one (a cache renewed inside a unit of work) takes it from
        # a small pool of its own: else, with every connection held by somebody who waits for another, all would wait.
        held = _holding.get()
        pool = await self._pool("side" if held and role == "app" else role)
        _holding.set(True)
        try:
            async with asyncio.timeout(wait):
                connection = await pool.acquire()
        except TimeoutError as error:
            _holding.set(held)
            raise Unavailable("the database is too busy: no free connection") from error
        except BaseException as error:
            _holding.set(held)
            if isinstance(error, _LOST):
                raise Unavailable(f"the database does not answer: {error}") from error
            raise
        try:
            yield connection
        except (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, ConnectionError) as error:
            raise Unavailable(f"the database went away: {error}") from error
        except (asyncpg.DataError, UnicodeEncodeError, orjson.JSONEncodeError) as error:
            if not _unstorable(error):
                raise
            raise Invalid("a text holds characters that no column takes (NUL, half a surrogate pair)") from error
        finally:
            _holding.set(held)
            await pool.release(connection)

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """For renewing a cache under a lock: what is read inside never waits for a connection of somebody who may be
        waiting for that lock."""
        held = _holding.get()
        _holding.set(True)
        try:
            yield
        finally:
            _holding.set(held)

    async def close(self) -> None:
        """Close every pool."""
        for pool in self._pools.values():
            try:
                await asyncio.wait_for(pool.close(), 5)
            except TimeoutError:
                pool.terminate()
        self._pools.clear()
