"""The inbox: one list per post, in tabs, narrowed by the address, with what can be done to many tasks at once."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.errors import BadRequest
from yiwang.kernel.process.queries import COUNTED, Page
from yiwang.web.context import Context
from yiwang.web.http import Ctx, fragment, page, router
from yiwang.web.tasks import VERBS
from yiwang.work.choices import Processes, place_options, step_options
from yiwang.work.desks import Desk, keys_of
from yiwang.work.errors import FilterWrong
from yiwang.work.inbox import count_desk, list_tasks, open_desk
from yiwang.work.model import TABS, Asked
from yiwang.work.rows import rows_of
from yiwang.work.store import senders

pages = router("work")
#: tab -> the number of ``count_desk`` that it shows.
_COUNT_OF = {"todo": "todo", "read": "reading", "waiting": "waiting"}
#: What can be done to many tasks of a tab at once; ``read`` is the receipt of what circulates.
_BULK = {
    "todo": ("claim", "release", "transfer", "urge", "circulate", "supervise", "suspend"),
    "read": ("read",),
    "waiting": ("urge", "supervise", "resume"),
    "done": ("circulate",),
}
#: Keys of the keyboard for verbs of the bar (frontend/js/inbox.js).
_KEYS = {"claim": "c", "urge": "u", "transfer": "t", "suspend": "s", "read": "r"}
_WIDE_BULK = {"todo": ("urge", "supervise", "transfer", "suspend"), "waiting": ("urge", "supervise", "resume")}


@pages.get("/work/inbox")
async def inbox(ctx: Ctx) -> Response:
    """The list that was asked for; filters that cannot be read are named above it and left out."""
    ctx.need_staff()
    asked, wrong = _asked(ctx)
    desk = await open_desk(ctx, asked.desk)
    async with ctx.rt.read(ctx.actor) as db:
        try:
            found = await list_tasks(ctx, db, desk, asked)
        except BadRequest as error:  # nothing to search for, or a cursor of another list
            wrong, found = [ctx.t(f"{error.key}.detail")], Page()
        counts = await count_desk(ctx, db, desk)
        sent = await senders(db, [row["id"] for row in found.rows]) if found.rows else {}
    rows = rows_of(ctx, found.rows, sent, wide=len(desk.posts) != 1)
    return page(
        ctx, "work/inbox.html", status=422 if wrong else 200, asked=asked, wrong=wrong, rows=rows, cursor=found.cursor,
        counts=counts, shown=_shown(counts), tabs=_tabs(ctx, asked, counts), desks=_desks(ctx, desk), desk=desk,
        bulk=_bulk(desk, asked.tab), keys=_KEYS, **await _options(ctx, asked),
    )  # fmt: skip


@pages.get("/work/inbox/news")
async def news(ctx: Ctx, todo: int = 0, reading: int = 0) -> Response:
    """A line that says how much has come since the list was opened, asked for every half minute; empty for nothing."""
    ctx.need_staff()
    asked, _ = _asked(ctx)
    desk = await open_desk(ctx, asked.desk)
    async with ctx.rt.read(ctx.actor) as db:
        counts = await count_desk(ctx, db, desk) or {}
    more = max(0, counts.get("todo", 0) - todo) + max(0, counts.get("reading", 0) - reading)
    return fragment(ctx, "work/news.html", "news", more=more, asked=asked)


def _asked(ctx: Context) -> tuple[Asked, list[str]]:
    params = dict(ctx.request.query_params)
    try:
        return Asked.read(params), []
    except FilterWrong as error:
        bad = {problem.where for problem in error.problems}
        told = [ctx.t("work.errors.parameter", name=ctx.t(f"work.filter.{name}")) for name in sorted(bad)]
        return Asked.read({k: v for k, v in params.items() if k not in bad}), told


def bounded(number: int) -> str:
    """A count as it is shown: 999+ for a thousand or more."""
    return f"{COUNTED - 1}+" if number >= COUNTED else str(number)


def _shown(counts: dict[str, int] | None) -> dict[str, str]:
    return {name: bounded(number) for name, number in (counts or {}).items()}


def _tabs(ctx: Context, asked: Asked, counts: dict[str, int] | None) -> list[dict[str, Any]]:
    shown = _shown(counts)
    return [
        {
            "name": ctx.t(f"work.tab.{tab}"), "href": asked.address(tab=tab), "here": tab == asked.tab,
            "count": shown.get(_COUNT_OF.get(tab, "")),
        }
        for tab in TABS
    ]  # fmt: skip


def _desks(ctx: Context, desk: Desk) -> list[tuple[str, str, str, bool]]:
    """(key, name, organisation, here) of the desks to choose from."""
    directory = ctx.rt.part(Directory)
    found = []
    for key in keys_of(ctx.actor):
        if key.isdigit():
            post = directory.post(int(key))
            name, org = post.title(ctx.locale), directory.org(post.org).name(ctx.locale)
        else:
            name, org = ctx.t(f"work.desk.{key}"), ""
        found.append((key, name, org, key == desk.key))
    return found


def _bulk(desk: Desk, tab: str) -> list[tuple[str, str]]:
    """(verb, icon) of what the bar offers."""
    names = _BULK[tab] if desk.posts else _WIDE_BULK.get(tab, ())
    return [(name, VERBS[name].icon if name in VERBS else "check-check") for name in names]


async def _options(ctx: Context, asked: Asked) -> dict[str, Any]:
    known = await ctx.rt.part(Processes).all()
    return {
        "processes": [(one.key, one.title(ctx.locale)) for one in known],
        "steps": step_options(known, asked.process, ctx.locale),
        "places": place_options(ctx.rt.part(Directory), asked.area, ctx.locale),
    }
