"""Migrations: numbered SQL files per room, checksummed, each in its transaction, safe from two processes at once."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from yiwang.kernel.db.database import Database
from yiwang.kernel.errors import StartError

log = logging.getLogger(__name__)
_NAME = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")
_LOCK = 0x79697761_6E67  # "yiwang"

_LEDGER = """
create schema if not exists yw;
create table if not exists yw.migration (
    room text not null, number int not null, name text not null, checksum text not null,
    applied_at timestamptz not null default clock_timestamp(), primary key (room, number)
)
"""


@dataclass(frozen=True)
class Migration:
    """One file: room, number, name and text; ``checksum`` tells when a landed file was edited afterwards."""

    room: str
    number: int
    name: str
    sql: str
    down: str | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


class Migrations:
    """All files of all rooms, in the order of the rooms and then of their numbers."""

    def __init__(self, items: Iterable[Migration]) -> None:
        self.items = list(items)

    @classmethod
    def of_packages(cls, packages: Iterable[tuple[str, str]]) -> Migrations:
        """Read ``migrations/NNNN_name.sql`` (and ``.down.sql``) of each (room, package)."""
        found: list[Migration] = []
        for room, package in packages:
            folder = files(package) / "migrations"
            if not folder.is_dir():
                continue
            texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".sql")}
            for name in sorted(texts):
                if match := _NAME.match(name):
                    down = texts.get(name.replace(".sql", ".down.sql"))
                    found.append(Migration(room, int(match[1]), match[2], texts[name], down))
        return cls(found)


async def migrate(db: Database, migrations: Migrations, *, on_step: Callable[[Migration], None] | None = None) -> int:
    """Bring the database up to date; tells how many files ran.

    One advisory lock for the session makes two starting processes take turns. Raises StartError when a file that has
    already run was changed, or when the database was migrated by a newer Yiwang.
    """
    async with db.raw("owner") as raw:
        await raw.execute("select pg_advisory_lock($1)", _LOCK)
        try:
            await raw.execute(_LEDGER)
            done = {(r["room"], r["number"]): r["checksum"] for r in await raw.fetch("select * from yw.migration")}
            _refuse_surprises(done, migrations)
            todo = [m for m in migrations.items if (m.room, m.number) not in done]
            for migration in todo:
                if on_step:
                    on_step(migration)
                await _apply(raw, migration)
            return len(todo)
        finally:
            await raw.execute("select pg_advisory_unlock($1)", _LOCK)


def _refuse_surprises(done: dict[tuple[str, int], str], migrations: Migrations) -> None:
    known = {(m.room, m.number): m for m in migrations.items}
    newer = sorted(f"{room} {number:04}" for room, number in done if (room, number) not in known)
    if newer:
        raise StartError(f"The database was migrated by a newer Yiwang ({', '.join(newer)}). Start that version.")
    changed = [m for key, m in known.items() if key in done and done[key] != m.checksum]
    if changed:
        names = ", ".join(f"{m.room}/{m.number:04}_{m.name}" for m in changed)
        raise StartError(f"A migration that already ran was edited: {names}. Restore the file and add a new one.")


async def _apply(raw: Any, migration: Migration) -> None:
    try:
        async with raw.transaction():
            await raw.execute(migration.sql)
            await raw.execute(
                "insert into yw.migration (room, number, name, checksum) values ($1, $2, $3, $4)",
                migration.room, migration.number, migration.name, migration.checksum,
            )  # fmt: skip
    except Exception as error:
        raise StartError(
            f"Migration {migration.room}/{migration.number:04}_{migration.name} failed: {error}"
        ) from error
    log.info("migrated", extra={"room": migration.room, "number": migration.number, "migration": migration.name})


async def revert(db: Database, migration: Migration) -> None:
    """Run the ``.down.sql`` of one migration; StartError when it has none."""
    if migration.down is None:
        raise StartError(f"Migration {migration.room}/{migration.number:04} cannot be taken back: it has no down file.")
    async with db.raw("owner") as raw, raw.transaction():
        await raw.execute(migration.down)
        await raw.execute("delete from yw.migration where room = $1 and number = $2", migration.room, migration.number)
