"""Finding incidents by what is written in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.kernel.db import Conn, Queries
from yiwang.kit.chinese import query_bigrams

q = Queries.load("yiwang.govern")


async def find_incidents(db: Conn, text: str, limit: int) -> list[dict[str, Any]]:
    """Incidents that the scope sees whose number, title, description or address hold the text, newest first."""
    number = text.strip()
    if number[:8].isdigit() and (row := await db.fetchrow(q.read_by_number, number)):
        return [_hit(row)]
    keys = query_bigrams(text)
    return [_hit(row) for row in await db.fetch(q.find_incidents, keys, limit)] if keys else []


def _hit(row: Any) -> dict[str, Any]:
    return {"title": row["title"], "href": f"/incidents/{row['id']}", "detail": row["number"], "icon": "map-pin"}


async def timeline_entries(db: Conn, _subject_type: str, incident: UUID) -> list[dict[str, Any]]:
    """What happened to an incident, oldest first: at, kind (see ``govern.line``), actor_name, post, org, detail."""
    return [dict(row) for row in await db.fetch(q.read_log, incident)]
