"""Reading an inbox: one policy decision for the list, one statement for its rows."""

from __future__ import annotations

from yiwang.kernel.db import Conn
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import queries
from yiwang.kernel.process.queries import Page
from yiwang.web.context import Context
from yiwang.work.desks import Desk, desk_named
from yiwang.work.model import Asked


async def open_desk(ctx: Context, key: str) -> Desk:
    """The desk that was asked for. Raises NotYourDesk, or Refused when the policy keeps the reader from it."""
    desk = desk_named(ctx.rt.part(Directory), ctx.actor, key)
    if desk.posts or desk.orgs:
        await ctx.must("task.read", desk.resource)
    return desk


async def list_tasks(ctx: Context, db: Conn, desk: Desk, asked: Asked) -> Page:
    """One page of a desk: overdue first, then by deadline (done: latest first)."""
    filters = asked.filters(ctx.zone, ctx.actor.id)
    after = asked.after or None
    if desk.posts:
        return await queries.inbox(db, desk.posts, filters, ctx.now, after=after, limit=asked.limit)
    return await queries.org_tasks(db, desk.orgs, filters, ctx.now, after=after, limit=asked.limit)


async def count_desk(ctx: Context, db: Conn, desk: Desk) -> dict[str, int] | None:
    """Numbers of a desk by tab, each up to ``queries.COUNTED``; None where a desk is too wide to be counted at once."""
    if not desk.posts:
        return None
    return await queries.desk_counts(db, desk.posts, ctx.actor.id, ctx.now)
