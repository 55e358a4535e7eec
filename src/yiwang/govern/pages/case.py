"""What the page of an incident shows, put together from the incident, its process, its notes and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.govern import store
from yiwang.govern.changing import resource_of
from yiwang.govern.contacts import Contact, masked_contact
from yiwang.govern.desk import open_tasks
from yiwang.govern.entries import Entries
from yiwang.govern.model import Incident
from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Refused
from yiwang.kernel.forms import Form
from yiwang.kernel.orgs import Directory
from yiwang.kernel.policy import Policies
from yiwang.kernel.process import Attachment, Definitions, attachments
from yiwang.kernel.process.queries import instances_of, notes, overlay, task_detail, timeline
from yiwang.kernel.write import Resource
from yiwang.web.context import Context
from yiwang.web.tasks import Menu, allowed_to, menu_of, task_row


@dataclass
class Desk:
    """The task that the reader can do now, with its form and what is already known for it."""

    task: Any
    form: Form | None
    values: dict[str, Any]
    choices: dict[str, list[tuple[int, str]]]


@dataclass
class Case:
    """Everything on the page."""

    incident: Incident
    contact: Contact
    can_reveal: bool
    can_classify: bool
    tasks: list[Any]
    desk: Desk | None
    menu: Menu | None
    files: list[Attachment]
    notes: list[Any]
    lines: list[dict[str, Any]]
    has_diagram: bool
    marks: dict[str, Any] = field(default_factory=dict)


async def read_case(ctx: Context, key: UUID) -> Case:
    """All of it, in one read transaction of the reader; NoSuchIncident, Refused."""
    rt, actor = ctx.rt, ctx.actor
    directory = await rt.part(Directory).fresh()
    await rt.part(Entries).all()
    async with rt.read(actor) as db:
        incident = await store.read(db, key)
        on = resource_of(ctx.rt, incident)
        ruling = await rt.part(Policies).may(actor, "incident.read", on)
        if not ruling.allowed:
            raise Refused(f"may not read incident {incident.number}", decision=ruling)
        tasks = await open_tasks(db, key, actor)
        runs = await instances_of(db, "incident", key)
        marks = _marks(await overlay(rt, db, runs[-1]["id"])) if runs else {}
        desk = await _desk(ctx, db, tasks)
        case = Case(
            incident, await masked_contact(db, key),
            await _may(ctx, "incident.reveal", on), incident.live and await _may(ctx, "incident.classify", on),
            tasks, desk, await _menu(ctx, db, key, tasks, desk), await attachments(db, "incident", key),
            [n for run in runs for n in await notes(db, run["id"]) if n["kind"] == "comment"], [], bool(runs), marks,
        )  # fmt: skip
        flow = await timeline(db, "incident", key)
        case.lines = _lines(ctx, directory, await db.fetch(store.q.read_log, key), flow)
    if case.desk is not None and case.desk.form is not None:
        case.desk.choices = _posts_for(directory, case.desk.form, incident, ctx.locale)
    return case


async def _may(ctx: Context, action: str, on: Resource) -> bool:
    return (await ctx.rt.part(Policies).may(ctx.actor, action, on)).allowed


async def _desk(ctx: Context, db: Conn, tasks: list[Any]) -> Desk | None:
    mine = [
        t for t in tasks if t["mine"] and t["state"] in ("open", "claimed") and t["claimed_by"] in (None, ctx.actor.id)
    ]
    if not mine:
        return None
    detail = await task_detail(ctx.rt, db, mine[0]["id"])
    definition = await ctx.rt.part(Definitions).get(db, detail.instance["key"], detail.instance["version"])
    form = definition.form(detail.task["form"])
    names = [q.name for q in form.fields] if form else []
    known = {name: detail.data[name] for name in names if detail.data.get(name) not in (None, "")}
    return Desk(detail.task, form, known | dict(detail.task["data"] or {}), {})


async def _menu(ctx: Context, db: Conn, incident: UUID, tasks: list[Any], desk: Desk | None) -> Menu | None:
    """The office verbs for the reader's own task, else (for supervisors) for the one that is open."""
    main = [t for t in tasks if t["kind"] in ("main", "rework")]
    key = desk.task["id"] if desk else main[0]["id"] if main else None
    if key is None:
        return None
    found = await task_detail(ctx.rt, db, key)
    allowed = await allowed_to(ctx, task_row(found.task), found.package)
    return menu_of(ctx.rt, key, allowed, f"/incidents/{incident}")


def _marks(overlay_: dict[str, Any]) -> dict[str, Any]:
    marks = {}
    for element, mark in overlay_.items():
        late = mark.get("overdue")
        count = mark.get("open") or 0
        marks[element] = {"state": "late" if late else mark["state"], **({"text": str(count)} if count > 1 else {})}
    return marks


def _lines(ctx: Context, directory: Directory, own: list[Any], flow: list[Any]) -> list[dict[str, Any]]:
    """One timeline of what happened to the incident and to its tasks, newest first."""
    # Of one moment, what somebody did to a task comes before what followed for the incident.
    told = [_task_line(ctx, directory, row) for row in flow] + [_own_line(ctx, directory, row) for row in own]
    return sorted((one for one in told if one), key=lambda one: one["at"])[::-1]


def _who(ctx: Context, directory: Directory, name: str, post: int | None) -> str:
    label = ""
    if post is not None and post in directory.snapshot.posts:
        label = directory.post_label(post, ctx.locale)
    return " · ".join(part for part in (name, label) if part)


def _own_line(ctx: Context, directory: Directory, row: Any) -> dict[str, Any]:
    detail = row["detail"]
    said = str(detail.get("reason") or detail.get("result") or detail.get("note") or "")
    if row["kind"] == "rated":
        said = ctx.t(f"govern.satisfied.{detail.get('satisfied', 'yes')}")
    # Residents have no name here, nor visitors; parts of the system have one for the log, not for a reader.
    by = row["actor_name"] if row["actor"] is not None else ""
    by = by or ctx.t("govern.case.reporter" if row["kind"] in _BY_REPORTER else "govern.case.system")
    return {
        "at": row["at"], "what": ctx.t(f"govern.line.{row['kind']}"), "said": said, "icon": "circle-dot",
        "who": _who(ctx, directory, by, row["post"]), "kind": "good" if row["kind"] == "closed" else "",
    }  # fmt: skip


_BY_REPORTER = frozenset({"opened", "reopened", "state.withdrawn", "rated"})


def _task_line(ctx: Context, directory: Directory, row: Any) -> dict[str, Any] | None:
    key = f"govern.verb.{row['verb']}"
    if row["step"] is None or not ctx.rt.strings.has(key):
        return None
    english = ctx.locale == "en" and row["step_name_en"]
    step = row["step_name_en"] if english else row["step_name_zh"]
    to = _who(ctx, directory, "", row["to_post"])
    # What a timer or a deadline did has a name for the log, not for a reader.
    by = row["by_name"] if row["by"] is not None or row["post"] else ctx.t("govern.case.system")
    return {
        "at": row["at"], "what": ctx.t(key, step=step, to=to), "said": row["reason"], "kind": "",
        "who": _who(ctx, directory, by, row["post"]),
        "icon": "check" if row["verb"] == "complete" else "arrow-right",
    }  # fmt: skip


def _posts_for(directory: Directory, form: Form, incident: Incident, locale: str) -> dict[str, list[tuple[int, str]]]:
    """For questions that ask for a post: whoever the table names first, then the handlers around the place."""
    asking = [q.name for q in form.fields if q.widget == "post"]
    if not asking:
        return {}
    return dict.fromkeys(asking, posts_around(directory, incident.category, incident.area, locale))


def posts_around(directory: Directory, category: str, area: str, locale: str) -> list[tuple[int, str]]:
    """Posts that could take an incident: the responsible one, then handlers from the place up to the city."""
    place = area or directory.city.code
    found: list[int] = []
    if category and (first := directory.responsible_post(category, place)):
        found.append(first.id)
    for one in reversed(directory.chain(place)):
        for org in directory.orgs_at(one.code):
            found += [post.id for post in directory.posts_in(org.id) if post.role in ("handler", "dispatcher")]
    return [(post, directory.post_label(post, locale)) for post in dict.fromkeys(found)]


def is_late(task: Any, now: datetime) -> bool:
    """Whether an open task has passed its deadline."""
    return task["due_at"] is not None and task["paused_at"] is None and task["due_at"] < now
