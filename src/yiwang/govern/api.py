"""Incidents as JSON: report, list, read, finish one's task, and what a reporter may do."""

from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path, Query, Response

from yiwang.govern import actions, store
from yiwang.govern.changing import resource_of
from yiwang.govern.desk import complete_my_task, open_tasks
from yiwang.govern.entries import Entries
from yiwang.govern.listing import PAGE, Filters, list_incidents
from yiwang.govern.report import read_report
from yiwang.govern.shapes import (
    ClassifyIn,
    CodeIn,
    CompleteIn,
    CompleteOut,
    IncidentLine,
    IncidentOut,
    IncidentPage,
    RateIn,
    ReasonIn,
    ReportIn,
    ReportOut,
    State,
    TrackedOut,
)
from yiwang.govern.throttle import count_report
from yiwang.govern.tracking import form_key_fits, own_form_key
from yiwang.kernel.errors import Invalid, Refused, Unauthenticated
from yiwang.kernel.policy import Policies
from yiwang.kernel.write import Resource
from yiwang.web.http import Context, Ctx, api_router

api = api_router("govern")
Key = Annotated[UUID, Path(description="Key of the incident")]
_PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": _PROBLEM}
    for code, text in {
        401: "Nobody is signed in", 403: "The policy does not allow this, or the CSRF token is missing",
        404: "There is no such incident, or you may not know of it", 409: "Not possible in its present state",
        422: "What was sent does not fit", 429: "Too many requests",
    }.items()
}  # fmt: skip


@api.post(
    "/api/v1/incidents",
    status_code=201,
    responses=_REFUSALS | {200: {"model": ReportOut, "description": "Sent before"}},
)
async def report_incident(
    ctx: Ctx,
    body: ReportIn,
    response: Response,
    idempotency_key: Annotated[
        str, Header(max_length=64, description="22 to 64 letters, digits, - or _; the same key gives the same incident")
    ] = "",
) -> ReportOut:
    """Report a problem. Starts the process of the city for it."""
    if idempotency_key and not form_key_fits(idempotency_key):
        raise Invalid("Idempotency-Key must be 22 to 64 letters, digits, - or _", field="Idempotency-Key")
    report = read_report(body.model_dump(), source=body.source)
    await count_report(ctx)
    key = own_form_key(ctx.rt, ctx.actor, idempotency_key) if idempotency_key else None
    opened = await actions.open_incident(ctx.rt, ctx.actor, report, form_key=key)
    if not opened.fresh:
        response.status_code = 200
    return ReportOut(id=opened.id, number=opened.number, code=opened.code)


@api.get("/api/v1/incidents", responses=_REFUSALS)
async def list_of_incidents(
    ctx: Ctx,
    state: Annotated[str, Query(pattern=r"^[a-z-]*$", max_length=20, description="a state, live, or all")] = "live",
    category: Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9.-]*$")] = "",
    area: Annotated[
        str, Query(max_length=15, pattern=r"^[a-z0-9]*$", description="Code that the place begins with")
    ] = "",
    q: Annotated[str, Query(max_length=60)] = "",
    after: Annotated[str, Query(max_length=200, description="The cursor of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> IncidentPage:
    """Incidents that the caller's posts see, newest first."""
    _known(ctx)
    filters = Filters.read({"state": state, "category": category, "area": area, "q": q.replace("\x00", "")})
    await _may_list(ctx)
    async with ctx.rt.read(ctx.actor) as db:
        found = await list_incidents(db, filters, ctx.now, ctx.zone, after=after or None, limit=limit)
    names = tuple(IncidentLine.model_fields)
    return IncidentPage(incidents=[IncidentLine(**{n: r[n] for n in names}) for r in found.rows], next=found.next)


@api.get("/api/v1/incidents/{incident}", responses=_REFUSALS)
async def get_incident(ctx: Ctx, incident: Key) -> IncidentOut:
    """An incident with the tasks that are open now."""
    _known(ctx)
    await ctx.rt.part(Entries).all()
    async with ctx.rt.read(ctx.actor) as db:
        found = await store.read(db, incident)
        tasks = await open_tasks(db, incident, ctx.actor)
    ruling = await ctx.rt.part(Policies).may(ctx.actor, "incident.read", resource_of(ctx.rt, found))
    if not ruling.allowed:
        raise Refused(f"may not read incident {found.number}", decision=ruling)
    return IncidentOut.of(found, tasks)


@api.post("/api/v1/incidents/{incident}/complete", responses=_REFUSALS)
async def complete_task_of_incident(ctx: Ctx, incident: Key, body: CompleteIn) -> CompleteOut:
    """Complete the caller's task of an incident; the process goes on within the same transaction."""
    if not ctx.is_staff:
        raise Unauthenticated("tasks belong to the posts of staff")
    done = await complete_my_task(ctx.rt, ctx.actor, incident, body.data, task=body.task, version=body.version)
    async with ctx.rt.read(ctx.actor) as db:
        found = await store.read(db, incident)
        tasks = await open_tasks(db, incident, ctx.actor)
    return CompleteOut.model_validate(
        {"task": done.task, "state": found.state, "tasks": IncidentOut.of(found, tasks).tasks}
    )


@api.post("/api/v1/incidents/{incident}/classify", responses=_REFUSALS)
async def classify_incident(ctx: Ctx, incident: Key, body: ClassifyIn) -> IncidentOut:
    """Put an incident into another category."""
    _known(ctx)
    return IncidentOut.of(await actions.classify(ctx.rt, ctx.actor, incident, body.category), [])


@api.post("/api/v1/incidents/{incident}/withdraw", status_code=204, responses=_REFUSALS)
async def withdraw_incident(ctx: Ctx, incident: Key, body: ReasonIn) -> None:
    """The reporter takes the report back."""
    _known(ctx)
    await actions.withdraw(ctx.rt, ctx.actor, actions.Held(incident, by_code=False), body.reason)


@api.post("/api/v1/incidents/{incident}/reopen", status_code=204, responses=_REFUSALS)
async def reopen_incident(ctx: Ctx, incident: Key, body: ReasonIn) -> None:
    """The reporter asks for it to be handled again."""
    _known(ctx)
    await actions.reopen(ctx.rt, ctx.actor, actions.Held(incident, by_code=False), body.reason)


@api.post("/api/v1/incidents/{incident}/rate", status_code=204, responses=_REFUSALS)
async def rate_incident(ctx: Ctx, incident: Key, body: RateIn) -> None:
    """The reporter says how content they are."""
    _known(ctx)
    await actions.rate(ctx.rt, ctx.actor, actions.Held(incident, by_code=False), body.satisfied, body.comment)


@api.post("/api/v1/reports/track", responses=_REFUSALS)
async def track_report(ctx: Ctx, body: CodeIn) -> TrackedOut:
    """Where a report stands, by its tracking code."""
    found = await actions.find_tracked(ctx.rt, re.sub(r"\s", "", body.code))
    async with ctx.rt.read_as_system() as db:
        lines = await db.fetch(store.q.public_log, found.id)
    names = [name for name in TrackedOut.model_fields if name != "timeline"]
    told = [{"at": line["at"], "kind": line["kind"]} for line in lines]
    return TrackedOut(**found.snapshot(names), timeline=told)


async def _may_list(ctx: Context) -> None:
    """Row-level security knows the organisation of a system but not its scopes: whether it reads incidents at all is
    for the policy. People see what their posts, or their own reports, let them see."""
    if ctx.actor.kind == "client":
        await ctx.must("incident.read", Resource("incident", org=ctx.actor.orgs[0] if ctx.actor.orgs else None))


def _known(ctx: Context) -> None:
    if ctx.actor.kind == "anonymous":
        raise Unauthenticated("sign in, or send a bearer token")


__all__ = ["State", "api"]
