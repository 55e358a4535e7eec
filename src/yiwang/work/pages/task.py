"""One task: its form with what was typed kept whatever happens, comments, files, history, diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from yiwang.kernel.errors import Conflict, Invalid, YiwangError
from yiwang.kernel.forms import Form
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import FileStore, attach, comment, complete_task, queries, save_draft
from yiwang.web.context import Context
from yiwang.web.forms import FormView, errors_of, read_form
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.prefs import local_path
from yiwang.work.desks import desk_named
from yiwang.work.inbox import list_tasks
from yiwang.work.model import Asked
from yiwang.work.rows import ON_SUBJECT, task_href
from yiwang.work.told import Told, tell
from yiwang.work.view import TaskView, read_task

pages = router("work")
INBOX = "/work/inbox"


@pages.get("/work/tasks/{task}")
async def one_task(ctx: Ctx, task: UUID, here: bool = False) -> Response:
    """The page of a task; where a net has a page for what the task is about, that one (unless ``here``)."""
    ctx.need_staff()
    view = await read_task(ctx, task)
    if view.subject and view.row.kind in ON_SUBJECT and not here:
        return RedirectResponse(view.subject, 303)
    return show(ctx, view)


def show(
    ctx: Context,
    view: TaskView,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    told: Told | None = None,
    status: int = 200,
    said: str = "",
) -> Response:
    """The page, with what was typed (``values``), what is wrong with it, or why it was not done (``told``)."""
    typed = view.values if values is None else dict(values)
    form = None
    if view.form is not None and (view.may_fill or told is not None):
        form = FormView.of(ctx, view.form, typed, errors, choices=view.choices)
    return page(
        ctx, "work/task.html", status=status, view=view, row=view.row, form=form, told=told, said=said,
        submit=ctx.pick(view.form.ui.get("submit")) if view.form else "", kept_files=_kept(view, typed),
        back=_back(ctx) or INBOX,
    )  # fmt: skip


def _back(ctx: Context) -> str:
    return local_path(ctx.request.query_params.get("back"), "")


def _kept(view: TaskView, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, id, name) of files that the form names already."""
    names = {str(one.id): one.name for one in view.files}
    fields = _file_fields(view.form)
    return [(f, str(key), names[str(key)]) for f in fields for key in values.get(f) or () if str(key) in names]


@pages.post("/work/tasks/{task}/complete")
async def complete(ctx: Ctx, task: UUID) -> Response:
    """Complete it; on any refusal the page comes back with what was typed."""
    ctx.need_staff()
    view, data, version = await _typed(ctx, task)
    fields = await ctx.fields()
    try:
        async with ctx.rt.unit(ctx.actor) as unit:
            await complete_task(unit, task, data, version=version)
    except (Invalid, Conflict) as error:
        return await _refused(ctx, task, data, error)
    name = view.row.subject_no or view.step
    if fields.get("_next"):
        return redirect(ctx, await _next_task(ctx) or INBOX, say="work.done.complete", number=name)
    return redirect(ctx, _where(fields, task), say="work.done.complete", number=name)


@pages.post("/work/tasks/{task}/save")
async def save(ctx: Ctx, task: UUID) -> Response:
    """Keep what was typed so far, right or wrong."""
    ctx.need_staff()
    _, data, version = await _typed(ctx, task)
    try:
        async with ctx.rt.unit(ctx.actor) as unit:
            await save_draft(unit, task, data, version=version)
    except (Invalid, Conflict) as error:
        return await _refused(ctx, task, data, error)
    fields = await ctx.fields()
    return redirect(ctx, local_path(fields.get("_back"), f"/work/tasks/{task}?here=1"), say="work.done.save")


@pages.post("/work/tasks/{task}/comment")
async def write_comment(ctx: Ctx, task: UUID) -> Response:
    """A note for everybody who takes part."""
    ctx.need_staff()
    fields = await ctx.fields()
    try:
        async with ctx.rt.unit(ctx.actor) as unit:
            await comment(unit, task, fields.get("body", ""))
    except Invalid as error:
        told = tell(ctx, error)
        return show(ctx, await read_task(ctx, task), told=told, status=422, said=fields.get("body", ""))
    return redirect(ctx, local_path(fields.get("_back"), f"/work/tasks/{task}?here=1#history"), say="work.done.comment")


@pages.post("/work/tasks/{task}/attach")
async def add_files(ctx: Ctx, task: UUID) -> Response:
    """Attach files; each is checked by its content."""
    ctx.need_staff()
    uploads = [one for one in (await ctx.form()).getlist("files") if not isinstance(one, str) and one.filename]
    try:
        for one in uploads:
            await _attach(ctx, task, one)
    except YiwangError as error:
        if error.status >= 500:
            raise
        return show(ctx, await read_task(ctx, task), told=tell(ctx, error), status=error.status)
    fields = await ctx.fields()
    return redirect(ctx, local_path(fields.get("_back"), f"/work/tasks/{task}?here=1#files"), say="work.done.attach")


@pages.get("/work/diagrams/{instance}.bpmn")
async def diagram(ctx: Ctx, instance: UUID) -> Response:
    """The process of an instance in the version that it runs in."""
    ctx.need_staff()
    async with ctx.rt.read(ctx.actor) as db:
        row = await queries.instance_row(db, instance)
        _, xml = await queries.definition_xml(db, row["key"], row["version"])
    return Response(xml, media_type="application/xml", headers={"Cache-Control": "private, max-age=600"})


def _file_fields(form: Form | None) -> list[str]:
    return [field.name for field in form.fields if field.widget == "file"] if form else []


async def _typed(ctx: Context, task: UUID) -> tuple[TaskView, dict[str, Any], int | None]:
    """The task, what was posted for its form (new files attached, earlier ones kept), and the version of the page."""
    view = await read_task(ctx, task)
    posted = await ctx.form()
    data: dict[str, Any] = {}
    if view.form is not None:
        data, files = await read_form(ctx, view.form)
        for name in _file_fields(view.form):
            kept = [text for text in posted.getlist(f"_kept.{name}") if isinstance(text, str)]
            fresh = [str(await _attach(ctx, task, one)) for one in files.get(name, ()) if "attach" in view.allowed]
            data.pop(name, None)
            if kept or fresh:
                data[name] = [*kept, *fresh]
    version = (await ctx.fields()).get("_version", "")
    return view, data, int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None


async def _attach(ctx: Context, task: UUID, upload: Any) -> UUID:
    files = ctx.rt.part(FileStore)
    kept = await files.keep(upload.filename or "file", await upload.read(files.limit + 1))
    async with ctx.rt.unit(ctx.actor) as unit:
        return await attach(unit, task, kept)


async def _refused(ctx: Context, task: UUID, data: dict[str, Any], error: Invalid | Conflict) -> Response:
    """The same page with what was typed: fields that are wrong, or the newer state that stood in the way."""
    view = await read_task(ctx, task)
    if isinstance(error, Invalid) and error.problems:
        return show(ctx, view, values=data, errors=errors_of(ctx, error), status=422)
    return show(ctx, view, values=data, told=tell(ctx, error), status=error.status)


def _where(fields: Mapping[str, str], task: UUID) -> str:
    back = local_path(fields.get("_back"), INBOX)
    return INBOX if back.startswith(f"/work/tasks/{task}") else back


async def _next_task(ctx: Context) -> str | None:
    """Where the first task of the desk is done."""
    desk = desk_named(ctx.rt.part(Directory), ctx.actor, "")
    async with ctx.rt.read(ctx.actor) as db:
        found = await list_tasks(ctx, db, desk, Asked(limit=1))
    return task_href(ctx.rt, found.rows[0]) if found.rows else None
