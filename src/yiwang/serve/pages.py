"""Pages that everybody may open: the list of service items and the guide of each."""

from __future__ import annotations

import math
from typing import Any

from starlette.responses import Response

from yiwang.kernel.calendar import Span
from yiwang.kernel.write import Actor
from yiwang.serve.store import PAGE, find_items, opens_at, q, read_item
from yiwang.web.http import Context, Ctx, page, router

pages = router("serve")
MOST_PAGES = 200
AUDIENCES = ("person", "enterprise")


def texts(row: Any, locale: str) -> dict[str, str]:
    """Title, summary and owner in the reader's language."""
    language = "en" if locale == "en" else "zh"
    return {name: row[f"{name}_{language}"] or row[f"{name}_zh"] for name in ("title", "summary", "owner")}


def promised(ctx: Context, text: str) -> str:
    """A span as a person reads it: 10 个工作日."""
    if not text:
        return ""
    span = Span.parse(text)
    return ctx.t(span.key, n=span.amount)


@pages.get("/services")
async def services(ctx: Ctx) -> Response:
    """Search over all items; every choice is in the address."""
    asked = ctx.request.query_params
    text, owner, online = asked.get("q", "").strip()[:60], asked.get("owner", "")[:100], asked.get("online") == "1"
    audience = asked.get("for", "") if asked.get("for") in AUDIENCES else ""
    number = asked.get("p", "1")
    here = min(int(number), MOST_PAGES) if number.isascii() and number.isdigit() else 1
    async with ctx.rt.read(Actor.anonymous()) as db:
        found = await find_items(db, text=text, audience=audience, owner=owner, online=online, page=here)
        owners = await db.fetch(q.list_owners)
    items = [
        texts(row, ctx.locale)
        | {"key": row["key"], "opens": opens_at(ctx.rt, row), "promised": promised(ctx, row["promised"])}
        for row in found.items
    ]
    language = "owner_en" if ctx.locale == "en" else "owner_zh"
    named = [(row["owner_zh"], f"{row[language] or row['owner_zh']} ({row['items']})") for row in owners]
    return page(
        ctx, "serve/services.html", public_s=30, items=items, total=found.total, owners=named, text=text, here=here,
        audience=audience, owner=owner, online=online, last=math.ceil(found.total / PAGE),
    )  # fmt: skip


@pages.get("/services/{key:path}")
async def service(ctx: Ctx, key: str) -> Response:
    """The guide of one item."""
    async with ctx.rt.read(Actor.anonymous()) as db:
        row = await read_item(db, key)
    channels = [(c, ctx.t(f"serve.channel.{c}")) for c in row["channels"]]
    return page(
        ctx, "serve/service.html", public_s=60, item=row, said=texts(row, ctx.locale), opens=opens_at(ctx.rt, row),
        channels=channels, promised=promised(ctx, row["promised"]),
    )  # fmt: skip
