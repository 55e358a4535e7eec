"""The audit log: search by who, what, when; each row with what changed, and whether the chain holds it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from yiwang.kernel.audit import search_entries
from yiwang.kernel.orgs import Directory, UnknownPost
from yiwang.kernel.policy import Policies
from yiwang.kernel.write import Resource
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, router

pages = router("web")
PAGE = 50


@pages.get("/audit")
async def audit(
    ctx: Ctx,
    action: str = "",
    who: str = "",
    kind: str = "",
    key: str = "",
    since: str = "",
    until: str = "",
    before: str = "",
) -> Response:
    """Newest first; every filter is in the address."""
    ctx.need_staff()
    await ctx.must("audit.read", Resource("audit"))
    first, last = _midnight(ctx, since), _midnight(ctx, until)
    # The policy has let an auditor in, whose task is the whole trail: rows of the system belong to no organisation, and
    # row-level security would hide exactly those.
    async with ctx.rt.read_as_system() as db:
        rows = await search_entries(
            db, before_id=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
            action=action[:80] or None, resource_type=kind[:40] or None,
            resource_id=key[:80] or None, actor_name=who[:80] or None, since=first,
            until=last + timedelta(days=1) if last else None, limit=PAGE,
        )  # fmt: skip
    declared = ctx.rt.part(Policies).compiled.declarations
    entries = [
        {
            **dict(row),
            "action_title": declared.actions[row["action"]].title[ctx.locale]
            if row["action"] in declared.actions
            else row["action"],
            "kind_title": declared.resources[row["resource_type"]].title[ctx.locale]
            if row["resource_type"] in declared.resources
            else row["resource_type"],
            "post_label": _post(ctx, row["post"]),
        }
        for row in rows
    ]
    kinds = sorted((name, one.title[ctx.locale]) for name, one in declared.resources.items())
    actions = sorted((name, one.title[ctx.locale]) for name, one in declared.actions.items())
    return page(
        ctx, "audit.html", entries=entries, kinds=kinds, actions=actions,
        next_id=rows[-1]["id"] if len(rows) == PAGE else None,
        chosen={"action": action, "who": who, "kind": kind, "key": key, "since": since, "until": until},
    )  # fmt: skip


def _midnight(ctx: Context, text: str) -> datetime | None:
    """The start of a day in the city; a text that is no date filters nothing."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    # At the ends of the calendar a day more, or another time zone, is no date any more.
    return datetime.combine(day, time(), ctx.zone) if day is not None and 1900 <= day.year < 3000 else None


def _post(ctx: Context, post: int | None) -> str:
    try:
        return ctx.rt.part(Directory).post_label(post, ctx.locale) if post is not None else ""
    except UnknownPost:
        return ""
