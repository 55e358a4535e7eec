"""The two front doors: the resident's portal and the desk."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from yiwang.web.http import Ctx, page, router

pages = router("web")


@pages.get("/")
async def portal(ctx: Ctx) -> Response:
    """What a resident comes for: report, track, find a service.

    Rooms add tiles under the name ``portal_tiles``: (icon, title key, text key, address, order).
    """
    tiles = sorted((tile for room in ctx.rt.registry.extra("portal_tiles") for tile in room), key=lambda tile: tile[4])
    return page(ctx, "home.html", tiles=tiles)


@pages.get("/desk")
async def desk(ctx: Ctx) -> Response:
    """Where staff start: the first page of the rail (the inbox, where there is one)."""
    ctx.need_staff()
    first = next(iter(ctx.rt.registry.extra("desk_start")), None)
    return RedirectResponse(first, 303) if first else page(ctx, "desk.html")
