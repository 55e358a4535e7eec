"""Incidents in and out of the database: open, lock, save, find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from yiwang.govern.errors import NoSuchIncident, StaleIncident
from yiwang.govern.model import Changes, Incident
from yiwang.kernel.db import Conn, Queries
from yiwang.kit.chinese import bigrams

q = Queries.load("yiwang.govern")
#: Characters of a description that can be searched; the rest is read on the page.
_SEARCHED = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """What opening gave: the key and number, and whether this report was new."""

    id: UUID
    number: str
    fresh: bool


def search_keys(*texts: str) -> list[str]:
    """The keys under which an incident is found."""
    return bigrams(" ".join(text[:_SEARCHED] for text in texts))


async def open_row(
    db: Conn, row: dict[str, Any], *, tracking: bytes, contact: dict[str, Any] | None, log: list[dict[str, Any]]
) -> Kept:
    """Write a new incident with its contact, its search keys and its first line of the timeline: one round trip."""
    keys = search_keys(row["title"], row["description"], row["address"])
    found = await db.fetchrow(q.open_incident, row, tracking, contact, keys, log)
    assert found is not None
    return Kept(found["id"], found["number"], found["fresh"])


async def lock(db: Conn, incident: UUID, *, trusted: bool = False) -> Incident:
    """The incident, locked until the unit ends; NoSuchIncident unless the scope sees it or the caller is trusted."""
    row = await db.fetchrow(q.lock_incident, incident, trusted)
    if row is None:
        raise NoSuchIncident(f"there is no incident {incident}", incident=str(incident))
    return Incident.of(row)


async def save(db: Conn, incident: Incident, changes: Changes, log: list[dict[str, Any]]) -> None:
    """Write changed fields and lines of the timeline; StaleIncident when somebody was faster."""
    try:
        if changes:
            await db.fetchval(q.save_incident, incident.id, incident.version, changes, log)
        elif log:
            await db.fetchval(q.add_log, incident.id, log)
    except asyncpg.PostgresError as error:
        if error.sqlstate == "YW001":
            raise StaleIncident(f"incident {incident.number} was changed by someone else") from error
        raise


async def read(db: Conn, incident: UUID) -> Incident:
    """The incident as the scope of the connection sees it; NoSuchIncident."""
    row = await db.fetchrow(q.read_incident, incident)
    if row is None:
        raise NoSuchIncident(f"there is no incident {incident}", incident=str(incident))
    return Incident.of(row)


async def read_by_number(db: Conn, number: str) -> Incident | None:
    """The incident of a number, in the scope of the connection."""
    row = await db.fetchrow(q.read_by_number, number)
    return Incident.of(row) if row else None


async def read_tracked(db: Conn, digest: bytes) -> Incident | None:
    """The incident of a tracking code's digest, whoever asks."""
    row = await db.fetchrow(q.tracked, digest)
    return Incident.of(row) if row else None
