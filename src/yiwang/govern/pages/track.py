"""Where is my report? By its code, or under one's account; withdraw, ask again, rate."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from yiwang.govern import actions, store
from yiwang.govern.actions import Held
from yiwang.govern.errors import BadCode, NoSuchCode
from yiwang.govern.model import Incident
from yiwang.govern.pages.progress import STATE_KINDS, progress_of
from yiwang.kernel.errors import Invalid, Problem, Unauthenticated
from yiwang.web.http import Context, Ctx, page, redirect, router

pages = router("govern")
SHOWN = 100


@pages.get("/track")
async def track(ctx: Ctx, code: str = "") -> Response:
    """The form for a code, and what it leads to."""
    typed = code.strip()[:60]
    if not typed:
        return page(ctx, "govern/track.html", typed="", wrong="")
    try:
        incident = await actions.find_tracked(ctx.rt, typed)
    except (BadCode, NoSuchCode) as error:
        wrong = f"{ctx.t(f'{error.key}.detail')} {ctx.t(f'{error.key}.next')}"
        return page(ctx, "govern/track.html", status=error.status, typed=typed, wrong=wrong)
    progress = await progress_of(ctx, incident)
    return page(ctx, "govern/progress.html", incident=incident, progress=progress, code=typed, action="/track")


@pages.post("/track/{verb}")
async def by_code(ctx: Ctx, verb: str) -> Response:
    """What whoever holds the code may do."""
    fields = await ctx.fields()
    code = fields.get("code", "")
    await _do(ctx, verb, await actions.hold(ctx.rt, code), fields)
    return redirect(ctx, f"/track?code={quote(code)}", say=f"govern.done.{verb}")


@pages.get("/my/reports")
async def my_reports(ctx: Ctx) -> Response:
    """What this account has reported."""
    ctx.need_person()
    async with ctx.rt.read(ctx.actor) as db:
        rows = await db.fetch(store.q.own_incidents, ctx.actor.id, SHOWN)
    return page(ctx, "govern/mine.html", rows=rows, kinds=STATE_KINDS)


@pages.get("/my/reports/{incident}")
async def my_report(ctx: Ctx, incident: UUID) -> Response:
    """One of them."""
    found = await _mine(ctx, incident)
    progress = await progress_of(ctx, found)
    action = f"/my/reports/{incident}"
    return page(ctx, "govern/progress.html", incident=found, progress=progress, code="", action=action)


@pages.post("/my/reports/{incident}/{verb}")
async def by_account(ctx: Ctx, incident: UUID, verb: str) -> Response:
    """What its reporter may do."""
    ctx.need_person()
    await _do(ctx, verb, Held(incident, by_code=False), await ctx.fields())
    return redirect(ctx, f"/my/reports/{incident}", say=f"govern.done.{verb}")


async def _mine(ctx: Context, key: UUID) -> Incident:
    ctx.need_person()
    async with ctx.rt.read(ctx.actor) as db:
        found = await store.read(db, key)
    if found.reporter != ctx.actor.id:
        raise Unauthenticated("this report belongs to another account")
    return found


async def _do(ctx: Context, verb: str, held: Held, fields: dict[str, str]) -> None:
    if verb == "rate":
        await actions.rate(ctx.rt, ctx.actor, held, fields.get("satisfied", ""), fields.get("comment", "")[:500])
        return
    reason = fields.get("reason", "")[:500]
    if len(reason) < 2:
        raise Invalid("a reason is needed", problems=[Problem("reason", "govern.problem.reason_missing")])
    if verb == "withdraw":
        await actions.withdraw(ctx.rt, ctx.actor, held, reason)
    elif verb == "reopen":
        await actions.reopen(ctx.rt, ctx.actor, held, reason)
    else:
        raise Invalid(f"there is nothing called {verb[:20]}")
