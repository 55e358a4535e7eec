"""A token: SpiffWorkflow's Task, made small. It knows where it is, nothing about what may come."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from yiwang.kernel.process.engine.effects import OpenedStep, ServiceCall
from yiwang.kernel.process.engine.timers import Due
from yiwang.kernel.process.engine.variables import Variables

LIVE = TaskState.NOT_FINISHED_MASK


class Top(Protocol):
    """The instance as its tokens and specs see it; ``workflow.Instance`` says what each part does."""

    queue: deque[Token]
    opened: dict[int, OpenedStep]
    services: dict[int, ServiceCall]
    closed: list[str]
    error: str | None
    due: Due | None
    subprocess_specs: dict[str, Any]
    subprocesses: dict[int, Any]
    event_manager: Any

    @property
    def moment(self) -> datetime:
        """The moment of the present move."""
        ...

    def new_id(self) -> int:
        """A number for a token."""
        ...

    def find(self, number: int) -> Token | None:
        """The token of that number."""
        ...

    def tokens(self) -> Iterator[Token]:
        """Every live token."""
        ...

    def trace(self, flow: str | None, spec: Any) -> None:
        """Count an entry."""
        ...

    def disarm(self, host: Token) -> None:
        """Cancel what waits beside a token."""
        ...

    def drop_body(self, holder: Token) -> None:
        """Cancel what runs inside a token."""
        ...

    def throw(self, kind: str, code: str, source: Token) -> bool:
        """Find who catches what is thrown."""
        ...


class Token(Task):  # type: ignore[misc]
    """A task of the workflow with a short number instead of a UUID, no log lines, no prediction, no copied data.

    ``local`` holds the variables of its own where the token is one instance of a repeated step.
    """

    def __init__(
        self, workflow: Any, task_spec: Any, parent: Token | None = None, state: int = TaskState.FUTURE,
        id: int | None = None,
    ) -> None:  # fmt: skip
        # Not calling super(): it would draw a random UUID and read the wall clock.
        top = workflow.top_workflow
        self.id = top.new_id() if id is None else id
        self.workflow = workflow
        workflow.tasks[self.id] = self
        self._parent = None if parent is None else parent.id
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.task_spec = task_spec
        self.thread_id = 0
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = 0.0
        self.local: dict[str, Any] | None = None
        if parent is not None:
            parent._children.append(self.id)

    @property
    def top(self) -> Top:
        """The instance at the top."""
        top: Top = self.workflow.top_workflow
        return top

    @property
    def vars(self) -> Variables:
        """What this token reads and writes."""
        shared: Variables = self.workflow.vars
        return shared if self.local is None else Variables(self.local, shared)

    @property
    def data(self) -> dict[str, Any]:
        """A copy of everything this token can read (what SpiffWorkflow calls task data)."""
        return self.vars.flat()

    @property
    def live(self) -> bool:
        """Whether it has not finished."""
        return bool(self._state & LIVE)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        self._state = value

    def _inherit_data(self) -> None:
        """Nothing to inherit: all tokens of a scope share their data."""

    def _ready(self) -> None:
        if self.live:
            self._state = TaskState.READY
            self.task_spec._on_ready(self)
            if not self.task_spec.manual:
                self.top.queue.append(self)

    def cancel(self) -> None:
        """Cancel this token with the instances and the body that it holds; what follows a finished one goes on."""
        if not self.live:
            return
        for child in [self.workflow.tasks.get(c) for c in self._children]:
            if child is not None:
                child.cancel()
        self._state = TaskState.CANCELLED
        self.top.disarm(self)
        self.task_spec._on_cancel(self)
