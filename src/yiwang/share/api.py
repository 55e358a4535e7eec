"""The catalogue over HTTP."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from yiwang.kernel.write import Resource
from yiwang.share.model import Dataset
from yiwang.share.store import find_dataset, list_datasets
from yiwang.web.http import Ctx, api_router

api = api_router("share")


class DatasetOut(BaseModel):
    """One entry of the catalogue."""

    package: str
    id: str
    version: str
    title: dict[str, str]
    summary: dict[str, str]
    share_level: str = Field(description="open-to-all, on-request or closed, within government.")
    openness: str = Field(description="Likewise, to the public.")
    update: str
    key: list[str]
    fields: list[dict[str, Any]]

    @classmethod
    def of(cls, d: Dataset) -> DatasetOut:
        """From the catalogue."""
        return cls(
            package=d.package, id=d.id, version=d.version, title=dict(d.title), summary=dict(d.summary),
            share_level=d.share_level, openness=d.openness, update=d.update, key=list(d.key),
            fields=[dict(f) for f in d.fields],
        )  # fmt: skip


@api.get("/api/v1/datasets", summary="The catalogue")
async def read_catalogue(ctx: Ctx) -> list[DatasetOut]:
    """Every dataset that is not retired."""
    await ctx.rt.may(ctx.actor, "dataset.list", Resource("dataset"))
    async with ctx.rt.read(ctx.actor) as db:
        return [DatasetOut.of(d) for d, _ in await list_datasets(db)]


@api.get("/api/v1/datasets/{package}/{name}", summary="One dataset")
async def read_dataset(ctx: Ctx, package: str, name: str) -> DatasetOut:
    """Its declaration."""
    await ctx.rt.may(ctx.actor, "dataset.list", Resource("dataset", f"{package}/{name}"))
    async with ctx.rt.read(ctx.actor) as db:
        return DatasetOut.of(await find_dataset(db, package, name))
