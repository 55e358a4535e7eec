"""A connection inside one transaction: what application code sees of the driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
import orjson

from yiwang.kernel.db.queries import Query

Statement = Query | str
Row = asyncpg.Record


class Conn:
    """Runs statements in the transaction of its unit of work; it cannot commit and cannot change its role."""

    __slots__ = ("_depth", "_raw")

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._depth = 0

    async def fetch(self, query: Statement, *args: Any, timeout: float | None = None) -> list[Row]:
        """All rows."""
        return cast("list[Row]", await self._raw.fetch(str(query), *args, timeout=timeout))

    async def fetchrow(self, query: Statement, *args: Any) -> Row | None:
        """The first row, or None."""
        return cast("Row | None", await self._raw.fetchrow(str(query), *args))

    async def fetchval(self, query: Statement, *args: Any) -> Any:
        """The first value of the first row, or None."""
        return await self._raw.fetchval(str(query), *args)

    async def execute(self, query: Statement, *args: Any, timeout: float | None = None) -> int:
        """Run, and tell how many rows were touched."""
        status = cast("str", await self._raw.execute(str(query), *args, timeout=timeout))
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def executemany(self, query: Statement, rows: Iterable[Sequence[Any]]) -> None:
        """Run once per row in one round trip; prefer one statement over ``unnest`` arrays."""
        await self._raw.executemany(str(query), rows)

    async def copy_records(
        self, schema: str, table: str, columns: Sequence[str], records: Iterable[Sequence[Any]] | AsyncIterator[Any]
    ) -> int:
        """COPY rows into a table (200,000 rows/s and more); tells how many. Row-level policies refuse COPY for the
        application's role on protected tables: copy into an unlogged stage table and insert from it."""
        status = cast(
            "str",
            await self._raw.copy_records_to_table(table, schema_name=schema, columns=columns, records=records),
        )
        return int(status.rsplit(" ", 1)[-1])

    async def copy_stream(
        self, schema: str, table: str, columns: Sequence[str], source: AsyncIterator[bytes], *, timeout: float = 3600
    ) -> int:
        """COPY what is in PostgreSQL's binary form already; for loads where a Python value per cell is too slow."""
        status = cast(
            "str",
            await self._raw.copy_to_table(
                table, schema_name=schema, columns=columns, source=source, format="binary", timeout=timeout
            ),
        )
        return int(status.rsplit(" ", 1)[-1])

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail and be rolled back without losing the unit of work."""
        self._depth += 1
        name = f"part_{self._depth}"
        await self._raw.execute(f"savepoint {name}")
        try:
            yield
        except BaseException:
            if not self._raw.is_closed():
                await self._raw.execute(f"rollback to {name}")
            raise
        else:
            await self._raw.execute(f"release {name}")
        finally:
            self._depth -= 1

    async def cursor(self, query: Statement, *args: Any, size: int = 2000) -> AsyncIterator[Row]:
        """Rows one by one without holding them all."""
        async for row in self._raw.cursor(str(query), *args, prefetch=size):
            yield row


async def setup_codecs(raw: Any) -> None:
    """JSON columns hold Python values; orjson both ways."""
    for name in ("json", "jsonb"):
        await raw.set_type_codec(
            name, schema="pg_catalog", encoder=lambda v: orjson.dumps(v, default=str).decode(), decoder=orjson.loads
        )
