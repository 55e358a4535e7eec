"""Undelivered messages: what could not be applied and why, sent again by a person; and the books of every reaction."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.events import list_dead_letters, reconcile, replay_dead_letters
from yiwang.kernel.write import Resource
from yiwang.web.http import Ctx, page, redirect, router

pages = router("web")
PAGE = 50


@pages.get("/messages/dead")
async def dead(ctx: Ctx, before: str = "") -> Response:
    """Newest first, and whether the counts of all reactions balance."""
    ctx.need_staff()
    await ctx.must("event.read", Resource("event"))
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    letters = await list_dead_letters(ctx.rt, before_id=start, limit=PAGE)
    books = sorted(await reconcile(ctx.rt), key=lambda one: (one.balanced, -one.dead, one.reaction))
    return page(
        ctx, "messages.html", letters=letters, books=books, next_id=letters[-1].id if len(letters) == PAGE else None,
        may_replay=await ctx.may("event.replay", Resource("event")),
    )  # fmt: skip


@pages.post("/messages/replay")
async def replay(ctx: Ctx) -> Response:
    """Send the chosen ones again; the worker applies them."""
    ctx.need_staff()
    form = await ctx.form()
    given = [v for v in form.getlist("id") if isinstance(v, str)]
    ids = [int(v) for v in given if v.isascii() and v.isdigit() and len(v) < 19][:PAGE]
    if not ids:
        return redirect(ctx, "/messages/dead", say="web.messages.none_chosen", kind="warning")
    async with ctx.rt.act(ctx.actor, "event.replay", Resource("event")) as act:
        count = await replay_dead_letters(act, ids)
    return redirect(ctx, "/messages/dead", say="web.messages.sent_again", n=count)
