"""What processes say: instances that start and end, and what happens to the tasks of posts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from yiwang.messages.base import Event


class _About(Event):
    """Fields of every message about an instance: which one, and what it is about."""

    instance: UUID
    process: str
    subject_type: str
    subject_id: UUID
    subject_no: str
    title: str

    def about(self) -> str:
        """The thing that the process is about, not the process."""
        return f"{self.subject_type}/{self.subject_id}"


class ProcessStarted(_About):
    """A process began for a subject."""

    type: ClassVar[str] = "cn.yiwang.process.instance.started.v1"
    version: int
    org: int


class ProcessEnded(_About):
    """An instance ended: by itself (done) or because somebody cancelled it."""

    type: ClassVar[str] = "cn.yiwang.process.instance.ended.v1"
    outcome: Literal["done", "cancelled"]
    reason: str = ""


class ProcessPaused(_About):
    """An instance was suspended (its clocks stand still) or resumed."""

    type: ClassVar[str] = "cn.yiwang.process.instance.paused.v1"
    paused: bool
    reason: str = ""


class ProcessMigrated(_About):
    """A running instance moved to another version of its process."""

    type: ClassVar[str] = "cn.yiwang.process.instance.migrated.v1"
    from_version: int
    to_version: int


class ProcessInstalled(Event):
    """A version of a process was installed; running instances keep theirs."""

    type: ClassVar[str] = "cn.yiwang.process.definition.installed.v1"
    process: str
    version: int
    package: str


class _Task(_About):
    """Fields of every message about a task row: the step, its kind, and the post that holds it."""

    task: UUID
    step: str
    step_name_zh: str
    step_name_en: str
    kind: Literal["main", "countersign", "signer", "delegated", "rework", "circulate", "supervise"]
    post: int
    org: int
    due_at: datetime | None = None


class TaskOpened(_Task):
    """A task lies on the desk of a post; ``asked`` is the verb that put it there (advance: the process itself)."""

    type: ClassVar[str] = "cn.yiwang.process.task.opened.v1"
    asked: str
    reason: str = ""


class TaskCompleted(_Task):
    """Somebody completed a task. ``on_time`` is None when it had no deadline."""

    type: ClassVar[str] = "cn.yiwang.process.task.completed.v1"
    by: UUID | None = None
    by_name: str = ""
    on_time: bool | None = None


class TaskCancelled(_Task):
    """A task is no longer needed: its process, or whoever asked for it, took it back."""

    type: ClassVar[str] = "cn.yiwang.process.task.cancelled.v1"
    reason: str = ""


class TaskTaken(_Task):
    """One person of the post took the task, or let go of it again."""

    type: ClassVar[str] = "cn.yiwang.process.task.taken.v1"
    by: UUID | None = None
    by_name: str = ""
    released: bool = False


class TaskMoved(_Task):
    """A task went to another post, or an earlier step was asked to do its work again.

    ``post`` is where it was, ``to_post`` who has to act now.
    """

    type: ClassVar[str] = "cn.yiwang.process.task.moved.v1"
    verb: Literal["transfer", "delegate", "return", "recall", "reopen"]
    to_post: int
    by_name: str = ""
    reason: str = ""


class TaskAsked(_Task):
    """The holder asked other posts: to countersign, to sign before or after, to read."""

    type: ClassVar[str] = "cn.yiwang.process.task.asked.v1"
    verb: Literal["countersign", "add_signer", "circulate"]
    posts: tuple[int, ...]
    by_name: str = ""
    reason: str = ""


class TaskUrged(_Task):
    """Somebody asked the post to hurry."""

    type: ClassVar[str] = "cn.yiwang.process.task.urged.v1"
    times: int
    by_name: str = ""
    reason: str = ""


class TaskSupervised(_Task):
    """A supervisor's post now watches the task."""

    type: ClassVar[str] = "cn.yiwang.process.task.supervised.v1"
    supervisor_post: int
    by_name: str = ""
    reason: str = ""


class TaskPaused(_Task):
    """The clock of a task stands still, or runs again (``due_at`` is the new deadline)."""

    type: ClassVar[str] = "cn.yiwang.process.task.paused.v1"
    paused: bool
    by_name: str = ""
    reason: str = ""


class TaskOverdue(_Task):
    """A task passed its deadline; said once for each deadline."""

    type: ClassVar[str] = "cn.yiwang.process.task.overdue.v1"


class NoteWritten(_About):
    """Somebody wrote a comment; ``task`` is the task it was written at, if any."""

    type: ClassVar[str] = "cn.yiwang.process.note.written.v1"
    note: UUID
    task: UUID | None = None
    by_name: str = ""


class FileAttached(_About):
    """Somebody attached a file."""

    type: ClassVar[str] = "cn.yiwang.process.file.attached.v1"
    attachment: UUID
    task: UUID | None = None
    name: str
    media_type: str
    size: int
