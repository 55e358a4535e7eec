"""The items that the front page of residents shows."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.runtime import Runtime
from yiwang.serve.store import opens_at, q

ICONS = {"report": "megaphone", "apply": "file-text", "ask": "message-circle", "book": "calendar"}


@dataclass(frozen=True, slots=True)
class PopularItem:
    """A tile of the front page."""

    title: str
    text: str
    href: str
    icon: str


async def popular_items(rt: Runtime, locale: str, limit: int = 8) -> list[PopularItem]:
    """What can be done online, in the order of the packages; texts in the reader's language."""
    async with rt.read_as_system() as db:
        rows = await db.fetch(q.popular_items, limit)
    language = "en" if locale == "en" else "zh"
    return [
        PopularItem(
            r[f"title_{language}"], r[f"summary_{language}"], opens_at(rt, r) or f"/services/{r['key']}",
            ICONS.get(r["kind"], "clipboard-list"),
        )
        for r in rows
    ]  # fmt: skip
