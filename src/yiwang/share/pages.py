"""The catalogue: what the city knows, whose it is, how it may be used, and what arrived."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Resource
from yiwang.share.store import find_dataset, list_batches, list_datasets
from yiwang.web.http import Ctx, page, router

pages = router("share")


@pages.get("/datasets")
async def catalogue(ctx: Ctx) -> Response:
    """Every dataset with its owner, its levels and its last batch."""
    ctx.need_staff()
    await ctx.rt.may(ctx.actor, "dataset.list", Resource("dataset"))
    async with ctx.rt.read(ctx.actor) as db:
        found = await list_datasets(db)
    directory = ctx.rt.part(Directory)
    owners = {d.owner: directory.org(d.owner) for d, _ in found}
    return page(ctx, "share/catalogue.html", datasets=found, owners=owners)


@pages.get("/datasets/{package}/{name}")
async def dataset(ctx: Ctx, package: str, name: str) -> Response:
    """One dataset: fields, quality checks, batches."""
    ctx.need_staff()
    await ctx.rt.may(ctx.actor, "dataset.list", Resource("dataset", f"{package}/{name}"))
    async with ctx.rt.read(ctx.actor) as db:
        found = await find_dataset(db, package, name)
        batches = await list_batches(db, found)
    owner = ctx.rt.part(Directory).org(found.owner)
    return page(ctx, "share/dataset.html", dataset=found, owner=owner, batches=batches)
