"""Bodies and answers of the incident API (OpenAPI 3.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yiwang.govern.model import Incident

#: Text without NUL and other control characters except line ends, which no database column takes.
Plain = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
State = Literal[
    "opened", "accepted", "dispatched", "handling", "verifying", "calling-back", "closed", "withdrawn", "rejected"
]


class Body(BaseModel):
    """A closed body: an unknown field is refused by name."""

    model_config = ConfigDict(extra="forbid")


class ReportIn(Body):
    """A report. Say where by a position (WGS 84) or by the code of a division, not by both."""

    description: Plain = Field(min_length=4, max_length=2000)
    title: Plain = Field("", max_length=60)
    category: str = Field("", max_length=60, pattern=r"^[a-z0-9.-]*$", description="Key of a category of the city")
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    area: str = Field("", max_length=15, pattern=r"^[a-z0-9]*$", description="Code of a division")
    address: Plain = Field("", max_length=200)
    anonymous: bool = False
    name: Plain = Field("", max_length=40)
    phone: str = Field("", max_length=24, pattern=r"^[0-9+() -]*$")
    source: Literal["web", "phone", "app", "counter", "staff", "system"] = "app"
    item: str = Field("", max_length=60, pattern=r"^[a-z0-9-]*$", description="Service item that was used")


class TaskOut(BaseModel):
    """A task of an incident that is open now."""

    id: UUID
    step: str
    name: dict[str, str]
    state: str
    post: int
    version: int
    due_at: datetime | None
    mine: bool = Field(description="Whether it lies on a desk of the caller")

    @staticmethod
    def of(row: Any) -> TaskOut:
        """From a row of ``desk.open_tasks``."""
        names = {"zh": row["step_name_zh"], "en": row["step_name_en"] or row["step_name_zh"]}
        plain = {name: row[name] for name in ("id", "step", "state", "post", "version", "due_at", "mine")}
        return TaskOut(**plain, name=names)


class ReportOut(BaseModel):
    """What became of a report. Keep the tracking code: it is shown only here."""

    id: UUID
    number: str
    code: str


class IncidentOut(BaseModel):
    """An incident as the caller may see it."""

    id: UUID
    number: str
    type: str
    category: str
    title: str
    description: str
    state: State
    urgency: str
    source: str
    lon: float | None
    lat: float | None
    area: str
    address: str
    department: int | None
    post: int | None
    opened_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None = Field(description="null: not recorded")
    satisfied: str | None = Field(description="null: not recorded")
    result: str
    reopened: int
    supervised: int
    tasks: list[TaskOut] = []

    @staticmethod
    def of(incident: Incident, tasks: list[Any]) -> IncidentOut:
        """From the row and its open tasks."""
        names = [name for name in IncidentOut.model_fields if name != "tasks"]
        return IncidentOut(**incident.snapshot(names), tasks=[TaskOut.of(t) for t in tasks])


class IncidentLine(BaseModel):
    """An incident in a list."""

    id: UUID
    number: str
    title: str
    category: str
    state: State
    urgency: str
    area: str
    department: int | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


class IncidentPage(BaseModel):
    """A page of incidents; pass ``next`` as ``after`` to go on."""

    incidents: list[IncidentLine]
    next: str | None


class CompleteIn(Body):
    """The form of the caller's task, by field name; ``task`` where several are open."""

    data: dict[str, Any] = Field(default_factory=dict, max_length=200)
    task: UUID | None = None
    version: int | None = Field(None, ge=1, le=2_000_000_000)


class CompleteOut(BaseModel):
    """What completing led to: the state of the incident and the tasks that are open now."""

    task: UUID
    state: State
    tasks: list[TaskOut]


class CodeIn(Body):
    """A tracking code, as a person types it."""

    code: str = Field(min_length=2, max_length=60)


class ReasonIn(Body):
    """Why."""

    reason: Plain = Field(min_length=2, max_length=500)


class RateIn(Body):
    """How content the reporter is."""

    satisfied: Literal["yes", "partly", "no"]
    comment: Plain = Field("", max_length=500)


class ClassifyIn(Body):
    """The category to put it into."""

    category: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9.-]+$")


class TrackedOut(BaseModel):
    """The public part of a report."""

    number: str
    title: str
    state: State
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    result: str
    timeline: list[dict[str, Any]]
