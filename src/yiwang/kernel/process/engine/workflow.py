"""The running instance: SpiffWorkflow's workflow with our loop, which never walks the whole tree.

Finished tokens are dropped after every move, so the cost of a step and the size of the state depend on what is open and
not on what has happened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from yiwang.kernel.process.engine.effects import OpenedStep, ServiceCall
from yiwang.kernel.process.engine.errors import Runaway
from yiwang.kernel.process.engine.names import MAX_STEPS
from yiwang.kernel.process.engine.script import CelEngine
from yiwang.kernel.process.engine.seen import Seen
from yiwang.kernel.process.engine.spec import Spec
from yiwang.kernel.process.engine.timers import Due
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.variables import Variables


class Body(BpmnSubWorkflow):  # type: ignore[misc]
    """The running body of a sub-process or called process."""

    def __init__(self, spec: Any, holder: Token, variables: Variables) -> None:
        super().__init__(spec, holder.id, holder.top, deserializing=True)
        self.vars = variables

    def _calculate_depth(self) -> int:
        return 0  # asked for nowhere: our loop does not sort bodies

    def root(self) -> Token:
        """Make the token from which the body starts."""
        self.task_tree = Token(self, self.spec.start, state=TaskState.FUTURE)
        root: Token = self.task_tree
        return root


class Instance(BpmnWorkflow):  # type: ignore[misc]
    """A running process: its tokens, its data, the moment it lives in, and what the outside has yet to hear of."""

    def __init__(self, spec: Spec, variables: dict[str, Any], due: Due | None, seen: Seen | None = None) -> None:
        self.next_id = 1
        self.now: datetime | None = None
        self.due = due
        self.vars = Variables(variables)
        self.queue: deque[Token] = deque()
        self.opened: dict[int, OpenedStep] = {}
        self.services: dict[int, ServiceCall] = {}
        self.closed: list[str] = []
        self.error: str | None = None
        self.ended = False
        self.seen = seen or Seen(spec.places)
        super().__init__(spec.main, dict(spec.bodies), CelEngine(), deserializing=True)

    def new_id(self) -> int:
        """A number for a token, unique in this instance for ever."""
        self.next_id += 1
        return self.next_id - 1

    @property
    def moment(self) -> datetime:
        """The moment of the present move."""
        if self.now is None:
            raise RuntimeError("a move without a moment")
        return self.now

    # -- finding

    def workflows(self) -> Iterator[Any]:
        """The instance and every body that runs in it."""
        yield self
        yield from self.subprocesses.values()

    def tokens(self) -> Iterator[Token]:
        """Every live token at any depth."""
        for workflow in self.workflows():
            yield from [t for t in workflow.tasks.values() if t.live]

    def find(self, number: int) -> Token | None:
        """The token of that number, live or not."""
        for workflow in self.workflows():
            token: Token | None = workflow.tasks.get(number)
            if token is not None:
                return token
        return None

    # -- the loop

    def start(self) -> None:
        """Put the first token in place and go on from there."""
        self.task_tree = Token(self, self.spec.start, state=TaskState.FUTURE)
        self.task_tree._ready()
        self.settle()

    def settle(self) -> None:
        """Run whatever can run without a person, a service, a timer or a message; then drop what has finished."""
        steps = 0
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token._state != TaskState.READY:
                    continue
                steps += 1
                if steps > MAX_STEPS:
                    raise Runaway(
                        f"{MAX_STEPS} automatic steps in a row", limit=MAX_STEPS, step=token.task_spec.element
                    )
                token.run()
            if not (self._release_joins() or self._finish_bodies()):
                break
        self.prune()
        if not any(token.live for token in self.tasks.values()):
            self.ended = True

    def _release_joins(self) -> bool:
        """Let the inclusive joins look again whether anybody can still arrive."""
        for token in list(self.tokens()):
            if token._state == TaskState.WAITING and token.task_spec.may_release(token):
                return True
        return False

    def _finish_bodies(self) -> bool:
        for body in list(self.subprocesses.values()):
            if not any(token.live for token in body.tasks.values()):
                self.finish_body(body)
                return True
        return False

    def finish_body(self, body: Body) -> None:
        """A body has nothing left to do: its holder goes on."""
        holder = self.find(body.parent_task_id)
        del self.subprocesses[body.parent_task_id]
        if holder is not None and holder.live:
            holder.task_spec.body_finished(holder, body)
            holder._ready()

    def drop_body(self, holder: Token) -> None:
        """Cancel what runs in the body of a cancelled token."""
        body = self.subprocesses.get(holder.id)
        if body is not None:
            for token in list(body.tasks.values()):
                token.cancel()
            self.subprocesses.pop(holder.id, None)

    def disarm(self, host: Token) -> None:
        """Cancel what waits beside ``host``: its armed boundary events, or the rivals in an event-based race."""
        if not host.task_spec.arms and "race" not in host.internal_data:
            return
        race = host.internal_data.get("race", -1)
        for token in list(host.workflow.tasks.values()):
            if token is not host and token.live:
                beside = token.internal_data
                if beside.get("of") == host.id or beside.get("race") == race:
                    token.cancel()

    def throw(self, kind: str, code: str, source: Token) -> bool:
        """Look from ``source`` outwards for a boundary event that catches; False when there is none."""
        token: Token | None = source
        while token is not None:
            host = token.parent if token.task_spec.each else token
            for spec in host.task_spec.catchers(kind, code):
                caught = host.workflow.task_tree._add_child(spec, TaskState.FUTURE)
                caught.internal_data = {"of": host.id, "event_fired": True}
                self.trace(None, spec)
                spec._update(caught)
                self.queue.remove(caught)
                self.queue.appendleft(caught)  # before anything else inside goes on
                return True
            holder = token.workflow.parent_task_id
            token = None if holder is None else self.find(holder)
        return False

    def trace(self, flow: str | None, spec: Any) -> None:
        """Count that an element was entered, and the flow by which."""
        stamp = int(self.moment.timestamp())
        for name in (flow, spec.element):
            if name:
                self.seen.enter(name, stamp)

    def prune(self) -> None:
        """Drop the finished tokens; the live ones hang on the root, or on the repeated step that holds them."""
        for workflow in self.workflows():
            tasks, root = workflow.tasks, workflow.task_tree
            live = [t for t in tasks.values() if t.live and t is not root]
            if len(live) + 1 == len(tasks):
                continue
            workflow.tasks = {root.id: root}
            workflow.tasks.update((t.id, t) for t in live)
            for token in workflow.tasks.values():
                token._children = []
            for token in live:
                if token._parent not in workflow.tasks:
                    token._parent = root.id
                workflow.tasks[token._parent]._children.append(token.id)
        self.last_task = None

    def _task_completed_notify(self, task: Any) -> None:
        """Nothing: our loop knows what to do next without walking the tree."""
