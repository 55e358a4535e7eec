"""Rows of the inbox as the page draws them: every word is chosen here, so that the template only writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import Runtime
from yiwang.web import format
from yiwang.web.context import Context
from yiwang.web.tasks import Deadline, deadline
from yiwang.work.lines import late

#: Tasks of these kinds are done on the page of what they are about; the others are about the task itself.
ON_SUBJECT = frozenset({"main", "rework", "delegated"})
#: (what the row says, kind of badge) of the marks beside a title.
Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: UUID
    version: int
    href: str
    number: str
    place: str
    title: str
    step: str
    marks: tuple[Mark, ...]
    sender: str
    sender_post: str
    post: str
    state: str
    holder: str
    due: Markup
    late: bool
    reason: str


def subject_pages(rt: Runtime) -> Mapping[str, str]:
    """Address patterns of the pages that nets have for their subjects: type -> ``/incidents/{id}``."""
    return {kind: pattern for one in rt.registry.extra("subject_pages") for kind, pattern in one.items()}


def subject_href(rt: Runtime, row: Mapping[str, Any] | Any) -> str | None:
    """The page of what a task is about, where a net has one; ``{task}`` in the pattern is the task's id."""
    pattern = subject_pages(rt).get(row["subject_type"])
    return pattern.format(id=row["subject_id"], task=row["id"]) if pattern else None


def task_href(rt: Runtime, row: Mapping[str, Any] | Any) -> str:
    """Where a task is done: the page of its subject, or its own."""
    own = f"/work/tasks/{row['id']}"
    return (subject_href(rt, row) or own) if row["kind"] in ON_SUBJECT else own


def step_name(row: Mapping[str, Any] | Any, locale: str) -> str:
    """The name of a row's step."""
    return str(row["step_name_zh"] if locale == "zh" else row["step_name_en"] or row["step_name_zh"])


def rows_of(ctx: Context, found: Sequence[Any], sent: Mapping[UUID, tuple[str, int]], *, wide: bool) -> list[Row]:
    """The lines of a page; ``wide`` lists say besides on whose desk each task lies."""
    directory, labels = ctx.rt.part(Directory), _Labels(ctx)
    patterns, now = subject_pages(ctx.rt), ctx.now
    lines = []
    for row in found:
        pattern = patterns.get(row["subject_type"]) if row["kind"] in ON_SUBJECT else None
        key = row["id"]
        href = pattern.format(id=row["subject_id"], task=key) if pattern else f"/work/tasks/{key}"
        name, post = sent.get(key, ("", 0))
        lines.append(
            Row(
                id=key, version=row["version"], href=href, number=row["subject_no"],
                place=labels.place(directory, row["area"]), title=row["title"], step=step_name(row, ctx.locale),
                marks=_marks(ctx, row), sender=name, sender_post=labels.of(directory, post),
                post=labels.of(directory, row["post"]) if wide else "", due=badge(ctx, deadline(ctx, row)),
                late=late(row, now),
                state=labels.text(f"process.state.{row['state']}"), holder=row["claimed_name"] or "",
                reason=row["reason"],
            )
        )  # fmt: skip
    return lines


_PLAIN = Markup('<span class="text-muted">{}</span>')
_BADGE = Markup('<time datetime="{}" title="{}"><span class="tag {}">{}</span></time>')


def badge(ctx: Context, due: Deadline) -> Markup:
    """What ``tasks.due`` draws, for fifty rows at a time without fifty calls of a macro."""
    if due.at is None:
        return _PLAIN.format(due.text)
    local = due.at.astimezone(ctx.zone)
    kind = f"tag-{due.tone}{' strong' if due.burning else ''}" if due.tone else ""
    moment = format.moment(local, ctx.locale, ctx.zone, ctx.now)
    return _BADGE.format(local.isoformat(timespec="seconds"), moment, kind, due.text)


class _Labels:
    """Names looked up once for each page."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._posts: dict[int, str] = {0: ""}
        self._places: dict[str, str] = {"": ""}
        self._texts: dict[str, str] = {}

    def of(self, directory: Directory, post: int) -> str:
        found = self._posts.get(post)
        if found is None:
            known = post in directory.snapshot.posts
            found = self._posts[post] = directory.post_label(post, self._ctx.locale) if known else ""
        return found

    def place(self, directory: Directory, area: str) -> str:
        found = self._places.get(area)
        if found is None:
            known = area in directory.snapshot.divisions
            found = self._places[area] = directory.full_name(area, self._ctx.locale) if known else ""
        return found

    def text(self, key: str) -> str:
        if key not in self._texts:
            self._texts[key] = self._ctx.t(key)
        return self._texts[key]


def _marks(ctx: Context, row: Any) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    if row["supervised"]:
        marks.append((ctx.t("work.mark.supervised"), "accent"))
    if row["urged"]:
        marks.append((ctx.t("work.mark.urged", n=row["urged"]), "warning"))
    if row["priority"] > 0:
        marks.append((ctx.t("work.mark.priority"), "error"))
    if row["kind"] != "main":
        marks.append((ctx.t(f"process.kind.{row['kind']}"), "info"))
    return tuple(marks)
