"""Language, theme and size: plain links that set a cookie and go back; and the post one acts from."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from yiwang.kernel.errors import Invalid
from yiwang.kernel.identity import choose_post
from yiwang.web import cookies
from yiwang.web.http import Ctx, redirect, router, set_session
from yiwang.web.prefs import COOKIE, local_path

pages = router("web")


@pages.get("/prefs")
async def choose(ctx: Ctx, lang: str = "", theme: str = "", size: str = "", back: str = "/") -> Response:
    """Keep a choice for a year and go back to the page it was made on."""
    before = ctx.prefs
    if before.language is None:
        before = before.changed(lang=ctx.locale)
    chosen = before.changed(lang, theme, size)
    response = RedirectResponse(local_path(back), 303)
    response.set_cookie(
        COOKIE,
        chosen.dump(),
        max_age=cookies.YEAR,
        path="/",
        secure=ctx.rt.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/post")
async def act_from(ctx: Ctx) -> Response:
    """Act from another of one's posts; an empty choice means from all of them."""
    ctx.need_staff()
    fields = await ctx.fields()
    post = fields.get("post", "")
    if post and not (post.isascii() and post.isdigit() and len(post) < 19):
        raise Invalid("a post is a number")
    token = ctx.request.cookies.get(cookies.name(ctx.rt.settings, cookies.SESSION), "")
    if ctx.session is None:
        raise Invalid("only a person acts from a post")
    fresh = await choose_post(ctx.rt, ctx.session, token, int(post) if post else None)
    response = redirect(ctx, local_path(fields.get("back"), "/desk"))
    set_session(ctx, response, fresh)
    return response
