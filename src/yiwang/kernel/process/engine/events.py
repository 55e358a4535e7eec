"""Events: timers on the supplied moment, messages by name, errors and escalations by code, terminate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ReceiveTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from yiwang.kernel.cel import CelError, Expression
from yiwang.kernel.process.engine.specs import Lean
from yiwang.kernel.process.engine.timers import BadTimer, due_at
from yiwang.kernel.process.engine.token import Token


class Timer(TimerEventDefinition):  # type: ignore[misc]
    """Due at a moment that is computed when the wait begins; SpiffWorkflow's own reads the wall clock."""

    def __init__(self, kind: str, text: str, expression: Expression | None) -> None:
        super().__init__(kind, text)
        self.kind, self.text, self.computed = kind, text, expression

    def has_fired(self, my_task: Token) -> bool:
        """Whether the supplied moment has come to the due one, which is fixed at the first look."""
        if "due" not in my_task.internal_data:
            my_task.internal_data["due"] = self._due(my_task).isoformat()
        return self.due(my_task) <= my_task.top.moment

    def due(self, token: Token) -> datetime:
        """The moment at which a waiting token's timer is due."""
        return datetime.fromisoformat(token.internal_data["due"])

    def _due(self, token: Token) -> datetime:
        text: Any = self.text
        if self.computed is not None:
            text = self.computed.evaluate(token.vars, now=token.top.moment)
            if isinstance(text, datetime):
                return text
        try:
            if not isinstance(text, str):
                raise BadTimer("not a text")
            return due_at(self.kind, text, token.top.moment, token.top.due)
        except BadTimer as bad:
            raise CelError("wrong_type", str(bad), expression=self.text) from None


class Message(MessageEventDefinition):  # type: ignore[misc]
    """Awaited by name; whatever it carries is merged into the data when it is delivered."""


class Thrown(EventDefinition):  # type: ignore[misc]
    """An error or escalation that is thrown outwards."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__()
        self.name = kind
        self.kind, self.code = kind, code

    def throw(self, my_task: Token) -> None:
        """Find who catches it; an error that nobody catches ends the run."""
        top = my_task.top
        if not top.throw(self.kind, self.code, my_task) and self.kind == "error":
            top.error = self.code
            for token in list(top.tokens()):
                token.cancel()


class Terminate(EventDefinition):  # type: ignore[misc]
    """Ends its process or sub-process at once."""

    def throw(self, my_task: Token) -> None:
        """Cancel every other token of the same scope."""
        for token in list(my_task.workflow.tasks.values()):
            if token is not my_task:
                token.cancel()


class Waits(Lean):
    """What waits is kept in SpiffWorkflow's event manager, and leaves it when it fires or is cancelled."""

    def _run_hook(self, my_task: Token) -> bool:
        del my_task
        return True

    def _on_cancel(self, my_task: Token) -> None:
        my_task.top.event_manager.remove_task(my_task)


class Catch(Waits, IntermediateCatchEvent):  # type: ignore[misc]
    """An intermediate event that waits."""


class Receive(Waits, ReceiveTask):  # type: ignore[misc]
    """A task that waits for a message; it may have boundary events."""


class Throw(Lean, IntermediateThrowEvent):  # type: ignore[misc]
    """An intermediate event that throws an escalation, or one without a definition: a milestone."""


class End(Lean, EndEvent):  # type: ignore[misc]
    """An end event: plain, terminate, error or escalation."""


class Race(Lean, EventBasedGateway):  # type: ignore[misc]
    """Event-based gateway: the events behind it wait beside each other until the first happens."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, NoneEventDefinition(), **kwargs)

    def connect(self, taskspec: Any) -> None:
        """Connect like any other: the events keep their definitions."""
        Lean.connect(self, taskspec)

    def _run_hook(self, my_task: Token) -> bool:
        for spec in self.outputs:
            child = my_task._add_child(spec)
            child.internal_data["race"] = my_task.id
        return True


class Boundary(Waits, BoundaryEvent):  # type: ignore[misc]
    """A boundary event. A timer or message waits beside its host; errors and escalations appear when thrown."""

    kind = ""
    code = ""

    def _run_hook(self, my_task: Token) -> bool:
        host = my_task.top.find(my_task.internal_data.pop("of"))  # cancelling the host must spare this token
        if host is not None and host.live:
            if self.cancel_activity:
                host.cancel()
            elif self.kind == "message":
                host.task_spec.arm(host, self)
        return True


class Caught(EventDefinition):  # type: ignore[misc]
    """The definition of a boundary event that only appears when something is thrown: it has always happened."""

    def has_fired(self, my_task: Token) -> bool:
        """Always."""
        return True
