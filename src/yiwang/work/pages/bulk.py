"""Many tasks at once: what was ticked is shown again with what the verb asks, then done, then each result told."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.responses import Response

from yiwang.kernel.errors import Invalid
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, router
from yiwang.web.prefs import local_path
from yiwang.web.tasks import Given, Verb, lacking
from yiwang.work.asking import ask, read_given
from yiwang.work.bulk import Chosen, Outcome, bulk_verb, count_done, do_all, read_chosen
from yiwang.work.errors import NothingChosen
from yiwang.work.rows import rows_of
from yiwang.work.store import chosen_tasks

pages = router("work")


@pages.post("/work/bulk")
async def bulk(ctx: Ctx) -> Response:
    """Without ``_do``: the confirmation. With it: do it, and tell each result."""
    ctx.need_staff()
    form = await ctx.form()
    verb, chosen, given = bulk_verb(str(form.get("verb", ""))), read_chosen(form), read_given(form)
    q, back = str(form.get("_q", "")).strip()[:60], local_path(str(form.get("_back", "")), "/work/inbox")
    if form.get("_find") or not form.get("_do"):
        return await _confirm(ctx, verb, chosen, given, back, q=q, searched=bool(form.get("_find")))
    problems = lacking(verb, given)
    if problems:
        error = Invalid("the form lacks something", problems=problems)
        return await _confirm(ctx, verb, chosen, given, back, q=q, error=error)
    outcomes = await do_all(ctx, verb, chosen, given)
    return await _told(ctx, verb, outcomes, back)


@pages.get("/work/bulk")
async def nothing(ctx: Ctx) -> Response:
    """Nothing was sent along: say so."""
    ctx.need_staff()
    raise NothingChosen("no tasks were sent", most=200)


async def _rows(ctx: Context, chosen: list[Any]) -> list[Any]:
    async with ctx.rt.read(ctx.actor) as db:
        return rows_of(ctx, await chosen_tasks(db, [one.task for one in chosen]), {}, wide=True)


async def _confirm(
    ctx: Context, verb: Verb, chosen: list[Chosen], given: Given, back: str, *, q: str, searched: bool = False,
    error: Invalid | None = None,
) -> Response:  # fmt: skip
    async with ctx.rt.read(ctx.actor) as db:
        found = await chosen_tasks(db, [one.task for one in chosen])
    if not found:
        raise NothingChosen("none of these tasks is there", most=200)
    post = Counter(row["post"] for row in found).most_common(1)[0][0]
    asked = ask(ctx, verb, given, q=q, searched=searched, post=post, area=found[0]["area"], error=error)
    versions = {one.task: one.version for one in chosen}
    return page(
        ctx, "work/bulk.html", status=422 if error else 200, verb=verb, ask=asked, back=back,
        rows=rows_of(ctx, found, {}, wide=True), versions=versions,
    )  # fmt: skip


async def _told(ctx: Context, verb: Verb, outcomes: list[Outcome], back: str) -> Response:
    rows = {row.id: row for row in await _rows(ctx, outcomes)}
    done = count_done(outcomes)
    ordered = sorted(outcomes, key=lambda one: one.done)
    return page(
        ctx, "work/bulk_done.html", verb=verb, back=back, done=done, failed=len(outcomes) - done,
        outcomes=[(one, rows.get(one.task)) for one in ordered],
    )  # fmt: skip
