"""Search over everything a person may see: the palette (Ctrl+K) and the page behind it that needs no script."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from yiwang.web import nav
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, router

pages = router("web")
LIMIT = 8


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    href: str
    detail: str
    icon: str


def pages_named(ctx: Context, text: str) -> list[Hit]:
    """The rail's entries whose label contains the text."""
    wanted = text.casefold()
    return [
        Hit(entry.label, entry.href, net.label, entry.icon)
        for net in nav.rail(ctx)
        for entry in net.entries
        if wanted in entry.label.casefold() or wanted in net.label.casefold()
    ]


async def find(ctx: Context, text: str, limit: int) -> list[tuple[str, list[Hit]]]:
    """(group, hits) of every room's search source, in the reader's scope; rows have title, href, detail."""
    groups = [("web.search.pages", pages_named(ctx, text)[:limit])]
    if len(text) >= 2:
        async with ctx.rt.read(ctx.actor) as db:
            for source in ctx.rt.registry.all("search"):
                rows = await asyncio.wait_for(source.find(db, text, limit), 3)
                groups.append((source.name, [_hit(row) for row in rows]))
    return [(name, hits) for name, hits in groups if hits]


def _hit(row: Any) -> Hit:
    get = row.get if hasattr(row, "get") else lambda name, default="": getattr(row, name, default)
    return Hit(
        str(get("title", "")), str(get("href", "")), str(get("detail", "") or ""), str(get("icon", "") or "file-text")
    )


@pages.get("/palette")
async def palette(ctx: Ctx, q: str = "") -> Response:
    """What the palette lists, as JSON."""
    ctx.need_staff()
    groups = await find(ctx, q.strip()[:80], LIMIT)
    found = [{"title": h.title, "href": h.href, "detail": h.detail} for _, hits in groups for h in hits]
    return JSONResponse({"found": found, "none": ctx.t("web.palette_none")}, headers={"Cache-Control": "no-store"})


@pages.get("/search")
async def search(ctx: Ctx, q: str = "") -> Response:
    """The same as a page."""
    ctx.need_staff()
    text = q.strip()[:80]
    return page(ctx, "search.html", text=text, groups=await find(ctx, text, 30) if text else [])
