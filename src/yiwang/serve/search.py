"""Items in the command palette."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.db import Conn
from yiwang.serve.store import find_items


async def search_items(db: Conn, text: str, limit: int) -> list[dict[str, Any]]:
    """Items that hold the text."""
    found = await find_items(db, text=text, size=limit)
    return [
        {"title": r["title_zh"], "href": f"/services/{r['key']}", "detail": r["owner_zh"], "icon": "clipboard-list"}
        for r in found.items
    ]
