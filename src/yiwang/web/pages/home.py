"""The two front doors: the resident's portal and the desk."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from yiwang.web.http import Ctx, page, router

pages = router("web")


@pages.get("/")
async def portal(ctx: Ctx) -> Response:
    """What a resident comes for: report, track, find a service.

    Rooms add tiles under the name ``portal_tiles``: (icon, title key, text key, address, order), and what can be done
    online under ``popular_services``: async (rt, locale, limit) -> items with title, text, href, icon.
    """
    tiles = sorted((tile for room in ctx.rt.registry.extra("portal_tiles") for tile in room), key=lambda tile: tile[4])
    seen = {tile[3] for tile in tiles}  # a tile leads there already
    finders = ctx.rt.registry.extra("popular_services")
    popular = [item for find in finders for item in await find(ctx.rt, ctx.locale, 8)]
    return page(
        ctx, "home.html", tiles=tiles, popular=[item for item in popular if item.href.split("?")[0] not in seen]
    )


@pages.get("/desk")
async def desk(ctx: Ctx) -> Response:
    """Where staff start: the first page of the rail (the inbox, where there is one)."""
    ctx.need_staff()
    first = next(iter(ctx.rt.registry.extra("desk_start")), None)
    return RedirectResponse(first, 303) if first else page(ctx, "desk.html")
