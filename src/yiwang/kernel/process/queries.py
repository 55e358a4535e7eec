"""What pages ask of processes: inboxes, one task with all around it, timelines, the diagram's overlay. Read only.

Each takes a connection of ``rt.read(actor)``: what the actor's scope does not see is not there.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import orjson

from yiwang.kernel.db import Conn
from yiwang.kernel.db.connection import Row
from yiwang.kernel.process.definitions import Definitions
from yiwang.kernel.process.engine import Run
from yiwang.kernel.process.errors import BadRequest, NoSuchInstance, NoSuchProcess, NoSuchTask
from yiwang.kernel.process.model import Json
from yiwang.kernel.process.session import trail
from yiwang.kernel.process.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kit.chinese import normalise, query_bigrams

Tab = Literal["todo", "read", "waiting", "done", "all"]
#: Rows of one page, and to how many things are counted before "999+" is said.
PAGE, MOST_PAGE, COUNTED = 50, 200, 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. Empty fields do not narrow. ``text`` is a search in number and title."""

    tab: Tab = "todo"
    mine: UUID | None = None
    text: str = ""
    number: str = ""
    kinds: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    area: str = ""
    supervised: bool | None = None
    overdue: bool | None = None
    due_before: datetime | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    min_priority: int | None = None

    def document(self) -> Json:
        """The filters for ``process.find_tasks``."""
        doc = {k: v for k, v in asdict(self).items() if v not in (None, "", ()) and k != "text"}
        words = normalise(self.text)[:100]
        if words:
            grams = query_bigrams(words)
            if not grams:
                raise BadRequest("nothing to search for", key="process.error.search_words")
            doc |= {"grams": grams, "words": words}
        return doc

    @property
    def plain(self) -> bool:
        """Whether this is the inbox as it opens, which has a prepared statement of its own."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list; ``cursor`` fetches what comes after, None at the end."""

    rows: list[Row] = field(default_factory=list)
    cursor: str | None = None


async def inbox(
    conn: Conn, posts: Iterable[int], filters: Filters, now: datetime, *, after: str | None = None, limit: int = PAGE
) -> Page:
    """Tasks on the desks of some posts: overdue first, then by deadline, then by weight (done: latest first)."""
    return await _list(conn, {"posts": sorted(set(posts))}, filters, now, after, limit)


async def org_tasks(
    conn: Conn, orgs: Iterable[int], filters: Filters, now: datetime, *, after: str | None = None, limit: int = PAGE
) -> Page:
    """The same for whole organisations, for those who lead or supervise them."""
    return await _list(conn, {"orgs": sorted(set(orgs))}, filters, now, after, limit)


async def find_tasks(
    conn: Conn, filters: Filters, now: datetime, *, after: str | None = None, limit: int = PAGE
) -> Page:
    """A search over everything that the scope sees."""
    return await _list(conn, {}, filters, now, after, limit)


async def _list(conn: Conn, where: Json, filters: Filters, now: datetime, after: str | None, limit: int) -> Page:
    limit = max(1, min(limit, MOST_PAGE))
    if any(not values for values in where.values()):
        return Page()
    if filters.plain and after is None and "posts" in where:
        rows = await conn.fetch(q.inbox_first, where["posts"], limit + 1)
    else:
        doc = where | filters.document()
        if after is not None:
            doc["after"] = _read_cursor(after)
        rows = await conn.fetch(q.found_tasks, doc, now, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1], done=filters.tab == "done") if more else None)


def _cursor(row: Row, *, done: bool) -> str:
    when = row["done_at"] if done else row["due_at"]
    mark = {"sort": when.isoformat() if when else "infinity", "rank": -row["priority"], "id": str(row["id"])}
    return base64.urlsafe_b64encode(orjson.dumps(mark)).decode()


def _read_cursor(text: str) -> Json:
    try:
        mark = orjson.loads(base64.urlsafe_b64decode(text))
        if mark["sort"] != "infinity":
            datetime.fromisoformat(mark["sort"])
        return {"sort": str(mark["sort"]), "rank": int(mark["rank"]), "id": str(UUID(mark["id"]))}
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest("the cursor cannot be read", key="process.error.cursor") from error


async def desk_counts(conn: Conn, posts: Iterable[int], account: UUID | None, now: datetime) -> dict[str, int]:
    """How much lies on the desks, by tab; a number of ``COUNTED`` means that many or more."""
    row = await conn.fetchrow(q.count_desk, sorted(set(posts)), account, now, COUNTED)
    return {key: min(int(value or 0), COUNTED) for key, value in row.items()} if row else {}


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """One task and all around it: instance, other rows, notes, data of the process, its form."""

    task: Row
    instance: Row
    rows: list[Row]
    notes: list[Row]
    data: Json
    form: Json | None
    package: str


async def task_detail(rt: Runtime, conn: Conn, task_id: UUID) -> TaskDetail:
    """Everything for the page of a task. NoSuchTask when the scope does not see it."""
    task = await conn.fetchrow(q.task, task_id)
    if task is None:
        raise NoSuchTask(f"there is no task {task_id}", task=str(task_id))
    instance = await instance_row(conn, task["instance"])
    definition = await rt.part(Definitions).get(conn, instance["key"], instance["version"])
    form = definition.form(task["form"])
    run = await _run(rt, conn, instance)
    data = run.data if run is not None else (instance["result"] or {}).get("data", {})
    return TaskDetail(
        task, instance, await conn.fetch(q.tasks_of, instance["id"]), await notes(conn, instance["id"]), data,
        form.schema if form else None, definition.package,
    )  # fmt: skip


async def instance_row(conn: Conn, instance: UUID) -> Row:
    """One instance. NoSuchInstance when the scope does not see it."""
    row = await conn.fetchrow(q.instance, instance)
    if row is None:
        raise NoSuchInstance(f"there is no process instance {instance}", instance=str(instance))
    return row


async def instances_of(conn: Conn, subject_type: str, subject_id: UUID) -> list[Row]:
    """The instances of a subject, oldest first."""
    return await conn.fetch(q.instances_of, subject_type, subject_id)


async def notes(conn: Conn, instance: UUID) -> list[Row]:
    """What people wrote: comments, opinions, reasons; oldest first."""
    return await conn.fetch(q.notes, instance)


async def timeline(conn: Conn, subject_type: str, subject_id: UUID) -> list[Row]:
    """What happened to the tasks of a subject, oldest first: verb, who, from which post to which, why."""
    return await conn.fetch(q.timeline, subject_type, subject_id)


async def overlay(rt: Runtime, conn: Conn, instance: UUID) -> Json:
    """For the diagram: element or flow id -> {"state": active|done, "count", "entered_at"}, with open tasks counted."""
    row = await instance_row(conn, instance)
    run = await _run(rt, conn, row)
    if run is None:
        return dict((row["result"] or {}).get("trail", {}))
    marks = trail(run)
    for task in await conn.fetch(q.live_steps, instance):
        mark = marks.setdefault(task["step"], {"state": "active", "count": 1, "entered_at": None})
        mark |= {"state": "active", "open": task["open"], "overdue": task["overdue"]}
    return marks


async def definition_xml(conn: Conn, key: str, version: int | None = None) -> tuple[int, str]:
    """A version (default: the newest) and its BPMN text, for the viewer. Raises NoSuchProcess."""
    row = await conn.fetchrow(q.definition_xml, key, version)
    if row is None:
        raise NoSuchProcess(f"there is no process {key} {version or ''}", process=key)
    return int(row["version"]), str(row["xml"])


async def definitions(conn: Conn) -> list[Row]:
    """Every installed version with the number of its running instances (to a thousand), newest first of each key."""
    return await conn.fetch(q.definitions)


async def stuck_timers(conn: Conn) -> list[Row]:
    """Instances whose timer could not be applied, with the error and when it is tried again."""
    return await conn.fetch(q.stuck_timers)


async def _run(rt: Runtime, conn: Conn, instance: Row) -> Run | None:
    body = await conn.fetchval(q.engine_state, instance["id"])
    if body is None:
        return None
    definition = await rt.part(Definitions).get(conn, instance["key"], instance["version"])
    return Run.load(definition.spec, body, rt.clock.now())
