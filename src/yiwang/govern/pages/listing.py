"""The list of incidents for staff: every filter is in the address."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from starlette.responses import Response

from yiwang.govern import store
from yiwang.govern.listing import PAGE, Filters, list_incidents
from yiwang.govern.model import STATES
from yiwang.govern.pages.choices import category_name, category_options, place_name
from yiwang.govern.pages.progress import STATE_KINDS
from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs import Directory
from yiwang.web.http import Context, Ctx, page, router

pages = router("govern")


@pages.get("/incidents")
async def incidents(ctx: Ctx) -> Response:
    """Open work, or the history by period; newest first."""
    ctx.need_staff()
    asked = ctx.request.query_params
    filters = Filters.read(asked)
    directory = await ctx.rt.part(Directory).fresh()
    midnight = datetime.combine(ctx.now.astimezone(ctx.zone).date(), time(), ctx.zone)
    async with ctx.rt.read(ctx.actor) as db:
        try:
            found = await list_incidents(db, filters, ctx.now, ctx.zone, after=asked.get("after") or None)
        except Invalid:
            found = await list_incidents(db, filters, ctx.now, ctx.zone)
        counts = await db.fetchrow(store.q.count_live, ctx.now, midnight)
    rows = [line(ctx, directory, row) for row in found.rows]
    states = [("live", ctx.t("govern.list.live")), *((s, ctx.t(f"govern.state.{s}")) for s in STATES)]
    districts = [(d.code, d.name(ctx.locale)) for d in directory.divisions_below(directory.city.code)]
    return page(
        ctx, "govern/incidents.html", rows=rows, next=found.next, counts=counts, filters=filters, kinds=STATE_KINDS,
        states=[*states, ("all", ctx.t("govern.list.all"))], districts=districts, full=len(found.rows) == PAGE,
        categories=[(key, name) for key, name in category_options(directory, ctx.locale)],
        department=_name(directory, filters.department, ctx.locale), query=ctx.request.url.query,
    )  # fmt: skip


def line(ctx: Context, directory: Directory, row: Any) -> dict[str, Any]:
    """A row with the names that people read."""
    return {
        **dict(row), "category_name": category_name(directory, row["category"], ctx.locale),
        "place": place_name(directory, row["area"][:9] or row["area"], ctx.locale),
        "department_name": _name(directory, row["department"], ctx.locale),
    }  # fmt: skip


def _name(directory: Directory, org: int | None, locale: str) -> str:
    found = directory.find_org(org) if org is not None else None
    return found.name(locale) if found else ""
