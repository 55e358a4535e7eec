"""Scenario packages in this city: the list, and one with everything that it brings and its diagrams."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.errors import NotFound
from yiwang.kernel.scenarios import export, list_scenarios, scenario_detail
from yiwang.kernel.write import Resource
from yiwang.web.http import Ctx, page, router

pages = router("web")


@pages.get("/scenarios")
async def scenarios(ctx: Ctx) -> Response:
    """What is installed, those in use first."""
    ctx.need_staff()
    await ctx.must("scenario.read", Resource("scenario"))
    return page(
        ctx, "scenarios/list.html", scenarios=await list_scenarios(ctx.rt, ctx.actor),
        may_install=await ctx.may("scenario.install", Resource("scenario")),
    )  # fmt: skip


@pages.get("/scenarios/{package}")
async def scenario(ctx: Ctx, package: str) -> Response:
    """One package: what it is for, its processes drawn, its forms, services, data, indicators, stories, quality."""
    ctx.need_staff()
    await ctx.must("scenario.read", Resource("scenario", package[:80]))
    detail = await scenario_detail(ctx.rt, ctx.actor, package[:80], ctx.locale)
    may_export = await ctx.may("scenario.export", Resource("scenario", package[:80]))
    may_remove = detail.installed.state != "removed" and await ctx.may(
        "scenario.remove", Resource("scenario", package[:80])
    )
    return page(ctx, "scenarios/detail.html", detail=detail, may_export=may_export, may_remove=may_remove)


@pages.get("/scenarios/{package}/processes/{key}.bpmn")
async def diagram(ctx: Ctx, package: str, key: str) -> Response:
    """The XML of one process, for the diagram island and for download."""
    ctx.need_staff()
    await ctx.must("scenario.read", Resource("scenario", package[:80]))
    detail = await scenario_detail(ctx.rt, ctx.actor, package[:80], ctx.locale)
    for process in detail.processes:
        if process["key"] == key:
            return Response(
                process["xml"], media_type="application/xml", headers={"Cache-Control": "private, max-age=60"}
            )
    raise NotFound(f"{package} has no process {key}")


@pages.get("/scenarios/{package}/export")
async def download(ctx: Ctx, package: str) -> Response:
    """The package as a .zip, as another city would install it."""
    ctx.need_staff()
    await ctx.must("scenario.export", Resource("scenario", package[:80]))
    name, content = await export(ctx.rt, package[:80])
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)
