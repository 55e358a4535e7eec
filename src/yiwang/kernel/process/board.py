"""A board: one instance with its task rows in memory, and the few ways in which rows may change.

The verbs (``verbs/``) are functions on a board and do no I/O, so that any sequence of them can be tested without a
database. ``store`` loads a board under a lock and saves what changed in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from yiwang.kernel.process.errors import AlreadyDone, NoSuchTask, StaleTask
from yiwang.kernel.process.model import BLOCKING, By, InstanceRow, Json, Place, TaskRow, snapshot
from yiwang.kit.ids import new_id
from yiwang.messages import process as said
from yiwang.messages.base import Event

E = TypeVar("E", bound=Event)
_KEEP = 4000  # characters of a reason or opinion that a note holds


class Timekeeper(Protocol):
    """Working time, as the board needs it; ``clockwork.Clockwork`` over the city's calendar."""

    def due(self, start: datetime, span: str) -> datetime:
        """When a span (``2wd``) from ``start`` is over."""
        ...

    def extended(self, due: datetime, span: str | None, since: datetime, until: datetime) -> tuple[datetime, int]:
        """The deadline after a pause, and the minutes by which it moved."""
        ...


@dataclass(frozen=True, slots=True)
class Card:
    """What a row takes from its step: name, form, span, escalation, weight."""

    step: str
    name_zh: str
    name_en: str
    form: str | None = None
    span: str | None = None
    escalate: str | None = None
    priority: int = 0

    @staticmethod
    def of(row: TaskRow) -> Card:
        """The card that a row was opened with."""
        return Card(
            row.step, row.step_name_zh, row.step_name_en, row.form, row.span, row.escalate, row.priority
        )  # fmt: skip


class Board:
    """One locked instance; ``by`` does something to it at ``now``."""

    def __init__(
        self, instance: InstanceRow, rows: Iterable[TaskRow], *, by: By, now: datetime, clock: Timekeeper
    ) -> None:
        self.instance = instance
        self.rows = {row.id: row for row in rows}
        self.by = by
        self.now = now
        self.clock = clock
        self.opened: dict[UUID, TaskRow] = {}
        self.before: dict[UUID, Json] = {}
        self._bumped: set[UUID] = set()
        self.logs: list[Json] = []
        self.notes: list[Json] = []
        self.events: list[Event] = []

    # ---- reading

    def task(self, task_id: UUID) -> TaskRow:
        """The row of that id; NoSuchTask when it is not on this board."""
        try:
            return self.rows[task_id]
        except KeyError:
            raise NoSuchTask(f"there is no task {task_id}", task=str(task_id)) from None

    def live(self) -> list[TaskRow]:
        """Rows that have not ended."""
        return [row for row in self.rows.values() if row.live]

    def holder(self, token: str) -> TaskRow | None:
        """The live row that holds a token of the engine."""
        return next((row for row in self.rows.values() if row.token == token and row.live), None)

    def serving(self, row: TaskRow) -> list[TaskRow]:
        """Live rows that must end before ``row`` can: its signers, its delegate, its rework."""
        return [r for r in self.rows.values() if r.origin == row.id and r.live and r.kind in BLOCKING]

    def expect_version(self, row: TaskRow, version: int | None) -> None:
        """AlreadyDone when the row has ended, StaleTask when the page shows an older one."""
        if not row.live:
            when = row.done_at or self.now
            raise AlreadyDone(
                f"task {row.id} was {row.state} by {row.done_name} at {when.isoformat()}",
                who=row.done_name or "", when=when.isoformat(), state=row.state, task=str(row.id),
            )  # fmt: skip
        if version is not None and version != row.version:
            raise StaleTask(
                f"task {row.id} is at version {row.version}, the page shows {version}",
                shown=version, current=row.version, task=str(row.id),
            )  # fmt: skip

    # ---- changing

    def touch(self, row: TaskRow, *, quietly: bool = False) -> TaskRow:
        """Mark a row as changed. ``quietly``: what somebody else types into its form stays valid (urging)."""
        if row.id not in self.opened:
            self.before.setdefault(row.id, snapshot(row))
            if not quietly and row.id not in self._bumped:
                self._bumped.add(row.id)
                row.version += 1
        return row

    def open(
        self,
        kind: str,
        card: Card,
        place: Place,
        *,
        asked: str,
        token: str | None = None,
        origin: TaskRow | None = None,
        cause: UUID | None = None,
        due_at: datetime | None = None,
        data: Json | None = None,
        plan: Json | None = None,
        reason: str = "",
    ) -> TaskRow:
        """A new row on the desk of a post; without ``due_at`` its deadline is the card's span from now."""
        inst = self.instance
        if due_at is None and card.span is not None:
            due_at = self.clock.due(self.now, card.span)
        row = TaskRow(
            id=new_id(), instance=inst.id, token=token, origin=origin.id if origin else None, cause=cause,
            subject_type=inst.subject_type, subject_id=inst.subject_id, subject_no=inst.subject_no, title=inst.title,
            step=card.step, step_name_zh=card.name_zh, step_name_en=card.name_en, kind=kind,
            post=place.post, assigned=place.post, org=place.org,
            parties=sorted({inst.org, *inst.parties} - {place.org}), area=inst.area,
            priority=card.priority, opened_at=self.now, due_at=due_at, span=card.span, escalate=card.escalate,
            form=card.form, data=dict(data or {}), plan=dict(plan or {}), reason=reason,
        )  # fmt: skip
        self.add(row)
        self.say(said.TaskOpened, row, asked=asked, reason=reason)
        return row

    def add(self, row: TaskRow) -> None:
        """Put a new row on the board; its organisation takes part in the instance from now on."""
        self.rows[row.id] = self.opened[row.id] = row
        if row.org != self.instance.org and row.org not in self.instance.parties:
            self.instance.parties = [*self.instance.parties, row.org]

    def finish(self, row: TaskRow, state: str = "done") -> None:
        """End a row, by whoever acts."""
        self.touch(row)
        row.state = state
        row.done_at, row.done_by, row.done_name = self.now, self.by.id, self.by.name
        row.paused_at = None

    def cancel(self, row: TaskRow, reason: str) -> None:
        """End a row that is no longer needed, with all that served it."""
        for serving in self.serving(row):
            self._let_go(serving, row, reason)
        self.finish(row, "cancelled")
        self.note_down("cancelled", row, reason=reason)
        self.say(said.TaskCancelled, row, reason=reason)

    def _let_go(self, serving: TaskRow, row: TaskRow, reason: str) -> None:
        # A rework may serve several parked rows (a recall after a split): it goes on while one of them is left.
        others = [i for i in serving.plan.get("parks", []) if i != str(row.id) and self._is_live(i)]
        if serving.kind == "rework" and others:
            self.touch(serving, quietly=True)
            serving.plan = {**serving.plan, "parks": others}
            serving.origin = UUID(others[0])
        else:
            self.cancel(serving, reason)

    def _is_live(self, task_id: str) -> bool:
        found = self.rows.get(UUID(task_id))
        return found is not None and found.live

    def pause(self, row: TaskRow) -> None:
        """Stop the clock of a row."""
        self.touch(row)
        row.paused_at = self.now

    def unpause(self, row: TaskRow) -> None:
        """Start the clock again: the deadline moves by the working time that passed."""
        self.touch(row)
        if row.paused_at is not None and row.due_at is not None:
            row.due_at, minutes = self.clock.extended(row.due_at, row.span, row.paused_at, self.now)
            row.paused_minutes += minutes
            if row.overdue_at is not None and row.due_at > self.now:
                row.overdue_at = None
        row.paused_at = None

    # ---- telling

    def note_down(
        self,
        verb: str,
        row: TaskRow | None,
        *,
        reason: str = "",
        from_post: int | None = None,
        to_post: int | None = None,
        **detail: Any,
    ) -> None:
        """A line of the timeline."""
        self.logs.append(
            {
                "task": row.id if row else None, "verb": verb, "at": self.now, "by": self.by.id,
                "by_name": self.by.name, "post": self.by.post, "from_post": from_post, "to_post": to_post,
                "reason": reason, "detail": detail,
            }
        )  # fmt: skip

    def write(self, kind: str, body: str, row: TaskRow | None) -> UUID:
        """A note on the subject, at a task: it stays whatever happens to the row."""
        inst = self.instance
        note_id = new_id()
        self.notes.append(
            {
                "id": note_id, "instance": inst.id, "task": row.id if row else None,
                "subject_type": inst.subject_type, "subject_id": inst.subject_id, "kind": kind, "body": body[:_KEEP],
                "by": self.by.id, "by_name": self.by.name, "post": self.by.post, "at": self.now,
                "org": inst.org, "parties": inst.parties, "area": inst.area,
            }
        )  # fmt: skip
        return note_id

    def say(self, kind: type[E], row: TaskRow | None = None, **more: Any) -> None:
        """An event about the instance, or about one of its rows."""
        inst = self.instance
        facts: Json = {
            "instance": inst.id, "process": inst.key, "subject_type": inst.subject_type,
            "subject_id": inst.subject_id, "subject_no": inst.subject_no, "title": inst.title,
        }  # fmt: skip
        if row is not None:
            facts |= {
                "task": row.id, "step": row.step, "step_name_zh": row.step_name_zh, "step_name_en": row.step_name_en,
                "kind": row.kind, "post": row.post, "org": row.org, "due_at": row.due_at,
            }  # fmt: skip
        self.events.append(kind(**facts, **more))
