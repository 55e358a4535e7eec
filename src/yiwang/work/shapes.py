"""Bodies and answers of the task API (OpenAPI 3.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yiwang.kernel.process import Done

#: Text without control characters except line ends, which no database column takes.
Plain = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", max_length=2000)]
Post = Annotated[int, Field(ge=1, lt=2**63)]
Posts = Annotated[list[Post], Field(min_length=1, max_length=50, description="Ids of posts")]
Version = Annotated[
    int | None, Field(None, ge=1, description="The version that was read; the call is refused (409) when it is older")
]


class SubjectOut(BaseModel):
    """What a task is about."""

    type: str
    id: UUID
    number: str
    title: str


class TaskLine(BaseModel):
    """A task of a list."""

    id: UUID
    instance: UUID
    subject: SubjectOut
    step: str = Field(description="Id of the step in the process")
    name: dict[str, str] = Field(description="Name of the step: zh, en")
    kind: Literal["main", "rework", "countersign", "signer", "delegated", "circulate", "supervise"]
    state: Literal[
        "open", "claimed", "waiting", "suspended", "returned", "recalled", "done", "transferred", "cancelled"
    ]
    post: int
    org: int
    area: str
    priority: int
    opened_at: datetime
    due_at: datetime | None
    paused: bool = Field(description="The clock stands still")
    overdue: bool
    done_at: datetime | None
    done_by: str | None
    claimed_by: str | None
    version: int
    supervised: bool
    urged: int = Field(description="How often it was urged")
    reason: str = Field(description="Why it came here: of a transfer, a return, a request for an opinion")


class TaskPage(BaseModel):
    """A page of a list; ``next`` goes into ``after`` of the following call."""

    items: list[TaskLine]
    next: str | None


class Counts(BaseModel):
    """How much lies on the desk, by tab; 1000 means that many or more."""

    todo: int
    overdue: int
    mine: int
    reading: int
    waiting: int
    supervised: int


class TaskOut(TaskLine):
    """One task with its form, its draft, and what may be done with it."""

    form: dict[str, Any] | None = Field(description="JSON Schema 2020-12 with x-ui hints")
    data: dict[str, Any] = Field(description="The draft, or what it was completed with")
    verbs: list[str] = Field(description="What its state and the policy allow the caller")


class DoneOut(BaseModel):
    """What a verb did."""

    task: UUID
    version: int
    state: str
    opened: list[UUID] = Field(description="Tasks that it opened, in this process")

    @staticmethod
    def of(done: Done) -> dict[str, Any]:
        """As a plain body."""
        return {"task": done.task, "version": done.version, "state": done.state, "opened": list(done.opened)}


class Body(BaseModel):
    """A closed body: an unknown field is refused by name."""

    model_config = ConfigDict(extra="forbid")


class VersionIn(Body):
    """For verbs that ask nothing."""

    version: Version


class CompleteIn(Body):
    """A completed form."""

    data: dict[str, Any] = Field(default_factory=dict, description="The fields of the task's form")
    version: Version


class CommentIn(Body):
    """A note that stays whatever happens to the task."""

    body: Annotated[Plain, Field(min_length=1)]


class ReasonIn(Body):
    """For verbs that take a reason or not."""

    reason: Plain = ""
    version: Version


class NeedsReasonIn(Body):
    """For verbs that need a reason."""

    reason: Annotated[Plain, Field(min_length=1)]
    version: Version


class CountersignIn(ReasonIn):
    """会签."""

    posts: Posts
    rule: Literal["all", "any", "majority"] = "all"


class SignerIn(ReasonIn):
    """加签."""

    posts: Posts
    when: Literal["before", "after"] = "before"


class DelegateIn(ReasonIn):
    """委派."""

    post: Post


class TransferIn(NeedsReasonIn):
    """转办."""

    post: Post


class ReturnIn(NeedsReasonIn):
    """退回."""

    to_step: Annotated[str | None, Field(None, max_length=80, description="Id of an earlier step; else the last one")]


class BesideIn(Body):
    """For verbs beside the flow, which no version concerns."""

    reason: Plain = ""


class CirculateIn(BesideIn):
    """传阅."""

    posts: Posts


class SuperviseIn(Body):
    """督办."""

    post: Post
    reason: Annotated[Plain, Field(min_length=1)]
    span: Annotated[
        str | None,
        Field(None, max_length=8, pattern=r"^\d{1,4}(wd|wh|m|h|d)$", description="The supervisor's deadline"),
    ]
