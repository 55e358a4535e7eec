"""Which notices one wants, and the link in a mail that stops its kind."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.errors import NotFound
from yiwang.kernel.notices import TemplateBook, preferences, refuse, stop_of
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import need_session

pages = router("web")


@pages.get("/account/notices")
async def show_preferences(ctx: Ctx) -> Response:
    """Which of the optional notices one wants, by text message and by mail."""
    return page(ctx, "signin/notices.html", kinds=await preferences(ctx.rt, need_session(ctx).person))


@pages.post("/account/notices")
async def save_preferences(ctx: Ctx) -> Response:
    """Keep what is ticked."""
    person = need_session(ctx).person
    fields = await ctx.fields()
    for kind in await preferences(ctx.rt, person):
        for channel, before in kind.channels.items():
            wanted = f"{kind.template}:{channel}" in fields
            if wanted != before and person.id is not None:
                await refuse(ctx.rt, person.id, kind.template, channel, wanted=wanted)
    return redirect(ctx, "/account/notices", say="signin.saved")


@pages.get("/notices/stop")
async def show_stop(ctx: Ctx, what: str = "", sig: str = "") -> Response:
    """Ask before anything is turned off: mail programs open links by themselves."""
    _, template, channel = stop_of(ctx.rt, what[:300], sig[:64])
    title = _title(ctx, template)
    return page(ctx, "signin/stop.html", what=what, sig=sig, title=title, channel=channel, done=False)


@pages.post("/notices/stop")
async def do_stop(ctx: Ctx) -> Response:
    """Turn it off; nobody has to sign in for that."""
    fields = await ctx.fields()
    account, template, channel = stop_of(ctx.rt, fields.get("what", "")[:300], fields.get("sig", "")[:64])
    await refuse(ctx.rt, account, template, channel)
    return page(ctx, "signin/stop.html", what="", sig="", title=_title(ctx, template), channel=channel, done=True)


def _title(ctx: Ctx, template: str) -> str:
    for form in ctx.rt.part(TemplateBook).optional():
        if form.key == template:
            return ctx.pick(form.title)
    raise NotFound("this kind of message is sent no more")
