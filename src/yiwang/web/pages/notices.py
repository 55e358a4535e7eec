"""Notices: what was sent (or would have been, in the sandbox), for administrators; and everybody's own messages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.notices import NoticeFilter, count_notices, inbox, list_notices, mark_read, retry_notice
from yiwang.kernel.notices.listing import STATES
from yiwang.kernel.notices.templates import CHANNELS
from yiwang.kernel.write import Resource
from yiwang.web.http import Ctx, page, redirect, router

pages = router("web")
PAGE = 50
WINDOW = timedelta(days=7)


@pages.get("/notices")
async def notices(ctx: Ctx, state: str = "", channel: str = "", before: str = "") -> Response:
    """Newest first, with how many of each state in the last seven days."""
    ctx.need_staff()
    chosen = NoticeFilter(
        state=state if state in STATES else None, channel=channel if channel in CHANNELS else None,
        before=_key(before), limit=PAGE,
    )  # fmt: skip
    rows = await list_notices(ctx.rt, ctx.actor, chosen)
    counts = await count_notices(ctx.rt, ctx.actor, since=ctx.now - WINDOW)
    return page(
        ctx, "notices.html", rows=rows, counts=counts, state=chosen.state, channel=chosen.channel, channels=CHANNELS,
        next_at=rows[-1].id if len(rows) == PAGE else None,
        may_retry=await ctx.may("notice.retry", Resource("notice")),
    )  # fmt: skip


@pages.post("/notices/{notice}/retry")
async def retry(ctx: Ctx, notice: UUID) -> Response:
    """Try one again that was given up."""
    ctx.need_staff()
    await retry_notice(ctx.rt, ctx.actor, notice)
    return redirect(ctx, "/notices?state=gave_up", say="web.notices.again")


@pages.get("/mine/messages")
async def mine(ctx: Ctx, before: str = "") -> Response:
    """The messages of the person who is signed in."""
    ctx.need_person()
    rows = await inbox(ctx.rt, ctx.actor, before=_key(before), limit=30)
    return page(ctx, "messages_mine.html", rows=rows, next_at=rows[-1].id if len(rows) == 30 else None)


@pages.post("/mine/messages/read")
async def read_all(ctx: Ctx) -> Response:
    """Mark them all as read."""
    ctx.need_person()
    await mark_read(ctx.rt, ctx.actor)
    return redirect(ctx, "/mine/messages")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text[:40])
    except ValueError:
        return None
