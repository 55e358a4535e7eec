"""After signing in again: the form that was typed meanwhile, to be sent again."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from yiwang.kernel.identity import take_form
from yiwang.web import cookies
from yiwang.web.http import Ctx, page, router
from yiwang.web.prefs import local_path
from yiwang.web.problems import visible_text

pages = router("web")


@pages.get("/kept")
async def kept(ctx: Ctx, to: str = "/") -> Response:
    """Show what was typed for the address ``to`` and offer to send it; nothing is sent by itself."""
    action = local_path(to)
    name = cookies.name(ctx.rt.settings, cookies.KEPT)
    pairs = await take_form(ctx.rt, ctx.actor, ctx.request.cookies.get(name), action)
    if pairs is None:
        return RedirectResponse("/", 303)
    response = page(ctx, "kept.html", pairs=pairs, shown=visible_text(pairs), action=action)
    cookies.drop(response, ctx.rt.settings, cookies.KEPT)
    return response
