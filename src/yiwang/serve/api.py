"""Service items as JSON, for whoever wants to list them elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from yiwang.kernel.write import Actor
from yiwang.serve.store import find_items, opens_at, read_item
from yiwang.web.http import Ctx, api_router

api = api_router("serve")


class ItemSummary(BaseModel):
    """One item of a list."""

    key: str
    code: str = Field(description="National item code; empty when it has none")
    title: dict[str, str]
    owner: dict[str, str]
    kind: str
    online: bool


class ItemPage(BaseModel):
    """A page of items."""

    total: int
    items: list[ItemSummary]


class ItemGuide(ItemSummary):
    """An item with its guide."""

    summary: dict[str, str]
    audience: list[str]
    channels: list[str]
    promised: str = Field(description="Longest time it takes, such as 5wd (working days)")
    fee: int = Field(description="Price in fen")
    visits: int
    opens_at: str | None = Field(description="Path of the page that opens it")


def _both(row: Any, name: str) -> dict[str, str]:
    return {"zh": row[f"{name}_zh"], "en": row[f"{name}_en"]}


def _summary(row: Any) -> dict[str, Any]:
    plain = {name: row[name] for name in ("key", "code", "kind", "online")}
    return plain | {"title": _both(row, "title"), "owner": _both(row, "owner")}


@api.get("/api/v1/services", response_model=ItemPage)
async def list_services(
    ctx: Ctx,
    q: Annotated[str, Query(max_length=60)] = "",
    audience: Annotated[str, Query(pattern="^(person|enterprise)?$")] = "",
    online: bool = False,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> ItemPage:
    """Search the public list of service items."""
    async with ctx.rt.read(Actor.anonymous()) as db:
        found = await find_items(db, text=q.replace("\x00", ""), audience=audience, online=online, page=page)
    return ItemPage(total=found.total, items=[ItemSummary(**_summary(row)) for row in found.items])


_GONE: dict[int | str, dict[str, Any]] = {
    404: {
        "description": "There is no such item",
        "content": {"application/problem+json": {"schema": {"type": "object"}}},
    }
}


@api.get("/api/v1/services/{key}", response_model=ItemGuide, responses=_GONE)
async def get_service(ctx: Ctx, key: str) -> ItemGuide:
    """The guide of one item."""
    async with ctx.rt.read(Actor.anonymous()) as db:
        row = await read_item(db, key.replace("\x00", ""))
    more = {name: row[name] for name in ("audience", "channels", "promised", "fee", "visits")}
    return ItemGuide(**_summary(row), **more, summary=_both(row, "summary"), opens_at=opens_at(ctx.rt, row))
