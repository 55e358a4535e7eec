"""Items out of the database: found, listed, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.runtime import Runtime
from yiwang.kit.chinese import query_bigrams
from yiwang.serve.errors import NoSuchItem

q = Queries.load("yiwang.serve")
PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items and how many there are in all."""

    items: list[Any]
    total: int


async def find_items(
    db: Conn,
    *,
    text: str = "",
    audience: str = "",
    owner: str = "",
    online: bool = False,
    page: int = 1,
    size: int = PAGE,
) -> Found:
    """Items whose title, summary, keywords, code or owner hold the text; empty filters do not filter."""
    keys = query_bigrams(text) if text else None
    if keys == []:
        return Found([], 0)
    skip = (max(page, 1) - 1) * size
    rows = await db.fetch(q.find_items, keys, audience or None, owner or None, online, skip, size)
    return Found(rows, rows[0]["total"] if rows else 0)


async def read_item(db: Conn, key: str) -> Any:
    """The whole row of an item; NoSuchItem."""
    row = await db.fetchrow(q.read_item, key[:120])
    if row is None:
        raise NoSuchItem(f"there is no item {key[:120]!r}")
    return row


def opens_at(rt: Runtime, item: Any) -> str | None:
    """The address that opens an item, or None when no room offers what it needs.

    Rooms say what they open under the name ``service_entries``: {kind of item: function(key, path) -> address}. So the
    list leads to the entry of another net without knowing it.
    """
    if not item["entry"]:
        return None
    for entries in rt.registry.extra("service_entries"):
        if item["kind"] in entries:
            return str(entries[item["kind"]](item["key"], item["entry"]))
    return None
