"""The nouns of running processes: subject, instance, task row, and who acts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

Json = dict[str, Any]

#: States in which somebody of the post can work on the row.
DESK = frozenset({"open", "claimed"})
#: States in which the row waits for other rows.
PARKED = frozenset({"returned", "recalled"})
#: States that a row never leaves.
FINAL = frozenset({"done", "transferred", "cancelled"})
STATES = (*sorted(DESK), "waiting", "suspended", *sorted(PARKED), *sorted(FINAL))
#: Kinds whose row must end before the row that they hang from can.
BLOCKING = frozenset({"countersign", "signer", "delegated", "rework"})
KINDS = ("main", "rework", "countersign", "signer", "delegated", "circulate", "supervise")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a process is about: an incident, a case. ``no`` and ``title`` are what a person searches for."""

    type: str
    id: UUID
    title: str
    no: str = ""


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, from which post; ``id`` is None for the system."""

    id: UUID | None
    name: str = ""
    post: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A post that exists, with the organisation it belongs to."""

    post: int
    org: int


@dataclass(slots=True, kw_only=True)
class InstanceRow:
    """One row of ``process.instance``."""

    id: UUID
    key: str
    version: int
    subject_type: str
    subject_id: UUID
    subject_no: str
    title: str
    state: str
    org: int
    parties: list[int]
    area: str
    started_by: UUID | None
    started_name: str
    started_at: datetime
    ended_at: datetime | None = None
    suspended_at: datetime | None = None
    stamp: int = 0
    latest: datetime
    result: Json | None = None

    @property
    def subject(self) -> Subject:
        """What the instance is about."""
        return Subject(self.subject_type, self.subject_id, self.title, self.subject_no)


@dataclass(slots=True, kw_only=True)
class TaskRow:
    """One row of ``process.task``; see the migration for what each column means.

    ``origin`` is the row that this one serves (the signer's, the reworked one's), ``cause`` the row whose completion
    opened it, ``plan`` what is still to happen with it, ``gathered`` what others contributed to its result.
    """

    id: UUID
    instance: UUID
    token: str | None
    origin: UUID | None = None
    cause: UUID | None = None
    subject_type: str
    subject_id: UUID
    subject_no: str
    title: str
    step: str
    step_name_zh: str
    step_name_en: str
    kind: str
    post: int
    assigned: int
    org: int
    parties: list[int]
    area: str
    state: str = "open"
    resume_to: str | None = None
    priority: int = 0
    opened_at: datetime
    due_at: datetime | None = None
    span: str | None = None
    escalate: str | None = None
    paused_at: datetime | None = None
    paused_minutes: int = 0
    overdue_at: datetime | None = None
    claimed_by: UUID | None = None
    claimed_name: str | None = None
    claimed_at: datetime | None = None
    done_at: datetime | None = None
    done_by: UUID | None = None
    done_name: str | None = None
    version: int = 1
    form: str | None = None
    data: Json = field(default_factory=dict)
    gathered: Json = field(default_factory=dict)
    plan: Json = field(default_factory=dict)
    reason: str = ""
    supervised: bool = False
    urged: int = 0
    urged_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether the row has not ended."""
        return self.state not in FINAL

    @property
    def on_desk(self) -> bool:
        """Whether somebody of the post can work on it now."""
        return self.state in DESK

    def step_name(self, locale: str) -> str:
        """The name of the step for a reader."""
        return self.step_name_zh if locale == "zh" else self.step_name_en or self.step_name_zh


_TIMES = frozenset(
    {"started_at", "ended_at", "suspended_at", "latest", "opened_at", "due_at", "paused_at", "overdue_at"}
    | {"claimed_at", "done_at", "urged_at"}
)
_IDS = frozenset({"id", "instance", "origin", "cause", "subject_id", "started_by", "claimed_by", "done_by"})
_TASK_FIELDS = tuple(f.name for f in fields(TaskRow))
_INSTANCE_FIELDS = tuple(f.name for f in fields(InstanceRow))


def _read(doc: Json, names: tuple[str, ...]) -> Json:
    out: Json = {}
    for name in names:
        value = doc[name]
        if value is not None:
            if name in _TIMES:
                value = datetime.fromisoformat(value)
            elif name in _IDS:
                value = UUID(value)
        out[name] = value
    return out


def task_from_json(doc: Json) -> TaskRow:
    """A row as ``row_to_json`` wrote it."""
    return TaskRow(**_read(doc, _TASK_FIELDS))


def instance_from_json(doc: Json) -> InstanceRow:
    """A row as ``row_to_json`` wrote it."""
    return InstanceRow(**_read(doc, _INSTANCE_FIELDS))


def to_json(row: TaskRow | InstanceRow) -> Json:
    """Every column by name, for ``process.save_board``."""
    names = _TASK_FIELDS if isinstance(row, TaskRow) else _INSTANCE_FIELDS
    return {name: getattr(row, name) for name in names}


def snapshot(row: TaskRow) -> Json:
    """The columns that an auditor compares before and after."""
    return {
        "state": row.state, "post": row.post, "due_at": row.due_at, "claimed_by": row.claimed_by,
        "version": row.version, "data": row.data,
    }  # fmt: skip


__all__ = [
    "BLOCKING", "DESK", "FINAL", "KINDS", "PARKED", "STATES", "By", "InstanceRow", "Json", "Place", "Subject",
    "TaskRow", "instance_from_json", "snapshot", "task_from_json", "to_json",
]  # fmt: skip
