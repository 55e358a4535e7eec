"""Everything that the page of one task shows, read in one transaction of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.kernel.forms import Form
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import Attachment, Definitions, attachments, queries, resource_of
from yiwang.kernel.process.model import TaskRow
from yiwang.kernel.process.queries import TaskDetail
from yiwang.web.context import Context
from yiwang.web.tasks import Deadline, Menu, allowed_to, deadline, menu_of, near, task_row
from yiwang.work.history import entries
from yiwang.work.rows import subject_href


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task and all around it."""

    row: TaskRow
    detail: TaskDetail
    form: Form | None
    process: str
    step: str
    post: str
    due: Deadline
    allowed: list[str]
    menu: Menu
    subject: str | None
    values: dict[str, Any]
    choices: dict[str, list[tuple[int, str]]]
    history: list[dict[str, Any]]
    files: list[Attachment]
    marks: dict[str, Any]
    others: list[dict[str, Any]]

    @property
    def may_fill(self) -> bool:
        """Whether the reader can complete it now."""
        return "complete" in self.allowed

    @property
    def base(self) -> str:
        """Its own address."""
        return f"/work/tasks/{self.row.id}"


async def read_task(ctx: Context, task: UUID) -> TaskView:
    """The view of a task. Raises NoSuchTask, or Refused when the policy keeps the reader from it."""
    rt = ctx.rt
    directory = await rt.part(Directory).fresh()
    async with rt.read(ctx.actor) as db:
        detail = await queries.task_detail(rt, db, task)
        row = task_row(detail.task)
        await ctx.must("task.read", resource_of(row, detail.package))
        definition = await rt.part(Definitions).get(db, detail.instance["key"], detail.instance["version"])
        happened = await queries.timeline(db, row.subject_type, row.subject_id)
        files = await attachments(db, row.subject_type, row.subject_id)
        overlay = await queries.overlay(rt, db, row.instance)
    form = definition.form(row.form)
    allowed = await allowed_to(ctx, row, detail.package)
    return TaskView(
        row, detail, form, ctx.pick({"zh": definition.title_zh, "en": definition.title_en}), row.step_name(ctx.locale),
        directory.post_label(row.post, ctx.locale), deadline(ctx, detail.task), allowed,
        menu_of(rt, row.id, allowed, f"/work/tasks/{row.id}"), subject_href(rt, detail.task), _known(form, detail),
        _posts_asked(directory, form, row, ctx.locale), entries(ctx, directory, happened, detail.notes), files,
        marks_of(overlay), _others(ctx, directory, detail, row),
    )  # fmt: skip


def _known(form: Form | None, detail: TaskDetail) -> dict[str, Any]:
    """What the form begins with: what the process knows under the same names, then the draft."""
    names = [field.name for field in form.fields] if form else []
    known = {name: detail.data[name] for name in names if detail.data.get(name) not in (None, "", [])}
    return known | dict(detail.task["data"] or {})


def _posts_asked(directory: Directory, form: Form | None, row: TaskRow, locale: str) -> dict[str, Any]:
    """Options of questions that ask for a post: the desks around this one and around the place."""
    asking = [field.name for field in form.fields if field.widget == "post"] if form else []
    if not asking:
        return {}
    options = [(c.id, f"{c.org} · {c.title}") for c in near(directory, row.post, row.area, locale)]
    return dict.fromkeys(asking, options)


def marks_of(overlay: Mapping[str, Any]) -> dict[str, Any]:
    """The overlay as the diagram island draws it."""
    marks = {}
    for element, mark in overlay.items():
        state = "late" if mark.get("overdue") else mark["state"]
        count = mark.get("open") or (mark.get("count") or 0 if state == "active" else 0)
        marks[element] = {"state": state} | ({"text": str(count)} if count else {})
    return marks


def _others(ctx: Context, directory: Directory, detail: TaskDetail, row: TaskRow) -> list[dict[str, Any]]:
    """Who else has something to do about this now."""
    live = [t for t in detail.rows if t["live"] and t["id"] != row.id]
    return [
        {
            "href": f"/work/tasks/{t['id']}", "step": t["step_name_zh"] if ctx.locale == "zh" else t["step_name_en"],
            "kind": ctx.t(f"process.kind.{t['kind']}"), "post": directory.post_label(t["post"], ctx.locale),
            "state": ctx.t(f"process.state.{t['state']}"), "due": deadline(ctx, t), "holder": t["claimed_name"] or "",
        }
        for t in live
    ]  # fmt: skip
