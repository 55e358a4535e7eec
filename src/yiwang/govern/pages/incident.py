"""The page of one incident for staff: what is to be done, what is known, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from yiwang.govern import actions
from yiwang.govern.desk import complete_my_task
from yiwang.govern.pages.case import Case, is_late, read_case
from yiwang.govern.pages.choices import category_name, category_options, place_name
from yiwang.govern.pages.progress import STATE_KINDS
from yiwang.kernel import process
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import FileStore
from yiwang.web.forms import FormView, errors_of, read_form
from yiwang.web.http import Context, Ctx, page, redirect, router
from yiwang.web.maps import city_map

pages = router("govern")


@pages.get("/incidents/{incident}")
async def one_incident(ctx: Ctx, incident: UUID) -> Response:
    """The whole page."""
    ctx.need_staff()
    return _page(ctx, await read_case(ctx, incident))


@pages.post("/incidents/{incident}/complete")
async def complete(ctx: Ctx, incident: UUID) -> Response:
    """Hand in the form of my task; what is wrong with it is shown beside the fields, and nothing typed is lost."""
    ctx.need_staff()
    fields = await ctx.fields()
    case = await read_case(ctx, incident)
    if case.desk is None or str(case.desk.task["id"]) != fields.get("_task"):
        # The task is gone or another one lies there now: complete_task says what happened to the one on the page.
        task, version = _id(fields.get("_task")), _int(fields.get("_version"))
        await complete_my_task(ctx.rt, ctx.actor, incident, {}, task=task, version=version)
        raise Conflict("the task is no longer the one on the page")
    data: dict[str, Any] = {}
    try:
        if case.desk.form is not None:
            data, uploads = await read_form(ctx, case.desk.form)
            data |= await _attached(ctx, case, uploads)
        version = None if any(data.get(n) for n in _file_fields(case)) else _int(fields.get("_version"))
        task = _id(fields.get("_task"))
        await complete_my_task(ctx.rt, ctx.actor, incident, data, task=task, version=version)
    except Invalid as error:
        if not error.problems:
            raise
        return _page(ctx, case, values=data, errors=errors_of(ctx, error), status=422)
    return redirect(ctx, f"/incidents/{incident}", say="govern.case.done_complete")


@pages.post("/incidents/{incident}/comment")
async def comment(ctx: Ctx, incident: UUID) -> Response:
    """Write a comment for everybody who takes part."""
    case = await read_case(ctx.need_staff(), incident)
    if not case.tasks:
        raise Conflict("nothing is open on this incident")
    async with ctx.rt.unit(ctx.actor) as unit:
        await process.comment(unit, case.tasks[0]["id"], (await ctx.fields()).get("body", ""))
    return redirect(ctx, f"/incidents/{incident}#comments")


@pages.post("/incidents/{incident}/attach")
async def attach(ctx: Ctx, incident: UUID) -> Response:
    """Add files to my task."""
    case = await read_case(ctx.need_staff(), incident)
    if case.desk is None:
        raise Conflict("no task of yours is open on this incident")
    uploads = [f for f in (await ctx.form()).getlist("files") if not isinstance(f, str) and f.filename]
    files = ctx.rt.part(FileStore)
    kept = [await files.keep(f.filename or "file", await f.read(files.limit + 1)) for f in uploads]
    async with ctx.rt.unit(ctx.actor) as unit:
        for one in kept:
            await process.attach(unit, case.desk.task["id"], one)
    return redirect(ctx, f"/incidents/{incident}#files")


@pages.post("/incidents/{incident}/classify")
async def classify(ctx: Ctx, incident: UUID) -> Response:
    """Put it into another category."""
    ctx.need_staff()
    await actions.classify(ctx.rt, ctx.actor, incident, (await ctx.fields()).get("category", ""))
    return redirect(ctx, f"/incidents/{incident}", say="govern.case.done_classify")


@pages.post("/incidents/{incident}/contact")
async def contact(ctx: Ctx, incident: UUID) -> Response:
    """Show the reporter's contact once, for a reason that is kept."""
    ctx.need_staff()
    purpose = (await ctx.fields()).get("purpose", "")
    if len(purpose) < 2:
        raise Invalid("a purpose is needed", key="govern.error.no_purpose")
    found = await actions.reveal_contact(ctx.rt, ctx.actor, incident, purpose)
    case = await read_case(ctx, incident)
    case.contact = found
    return _page(ctx, case, revealed=True)


def _page(
    ctx: Context,
    case: Case,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    revealed: bool = False,
) -> Response:
    directory, one = ctx.rt.part(Directory), case.incident
    view = None
    if case.desk is not None and case.desk.form is not None:
        known = case.desk.values if values is None else values
        view = FormView.of(ctx, case.desk.form, known, errors, choices=case.desk.choices)
    tasks = [
        {
            **dict(t), "name": t["step_name_en"] if ctx.locale == "en" and t["step_name_en"] else t["step_name_zh"],
            "post_name": directory.post_label(t["post"], ctx.locale), "late": is_late(t, ctx.now),
        }
        for t in case.tasks
    ]  # fmt: skip
    at = {"at": [one.lon, one.lat]} if one.lon is not None else {}
    department = directory.find_org(one.department) if one.department else None
    return page(
        ctx, "govern/incident.html", status=status, case=case, one=one, view=view, tasks=tasks, revealed=revealed,
        kind=STATE_KINDS[one.state], category=category_name(directory, one.category, ctx.locale),
        place=place_name(directory, one.area, ctx.locale), department=department.name(ctx.locale) if department else "",
        categories=category_options(directory, ctx.locale),
        map=city_map(ctx, (one.district or None) if at else None, layers=_point(one)) if at else None,
    )  # fmt: skip


def _point(one: Any) -> tuple[dict[str, Any], ...]:
    place = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]}}
    return ({"id": "here", "kind": "point", "colour": "--color-accent", "data": place},)


def _file_fields(case: Case) -> list[str]:
    form = case.desk.form if case.desk else None
    return [q.name for q in form.fields if q.widget == "file"] if form else []


async def _attached(ctx: Context, case: Case, uploads: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Files of the form become attachments of the task; their ids go into the data."""
    wanted = {name: files for name, files in uploads.items() if name in _file_fields(case)}
    if not wanted or case.desk is None:
        return {}
    store = ctx.rt.part(FileStore)
    kept = {
        name: [await store.keep(f.filename or "file", await f.read(store.limit + 1)) for f in files]
        for name, files in wanted.items()
    }
    async with ctx.rt.unit(ctx.actor) as unit:
        task = case.desk.task["id"]
        return {name: [str(await process.attach(unit, task, one)) for one in files] for name, files in kept.items()}


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _int(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
