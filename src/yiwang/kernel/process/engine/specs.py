"""How each kind of element behaves, on SpiffWorkflow's task specs.

``Lean`` is common to all: nothing is predicted (SpiffWorkflow would build every possible future again at each step),
the next tokens are made when one completes, and boundary events are armed beside their host.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from yiwang.kernel.cel import Expression
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.values import json_value


class Lean(BpmnTaskSpec):  # type: ignore[misc]
    """What all our specs share."""

    #: Id of the element in the diagram, with the called process in front where it is in one.
    element = ""
    #: The spec is the repeated part of a multi-instance step.
    each = False
    #: Boundary events that wait beside a token of this spec (timers, messages).
    arms: tuple[Any, ...] = ()
    #: Boundary events that catch what is thrown inside (errors, escalations).
    catches_thrown: tuple[Any, ...] = ()
    #: Name of the spec that follows -> id of the flow to it.
    flow_ids: Mapping[str, str] = {}

    def test(self) -> None:
        """Nothing: the validator has looked before."""

    def _predict(self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Nothing: see the head of this file."""

    def _update(self, my_task: Token) -> None:
        for spec in self.arms:
            self.arm(my_task, spec)
        if self._update_hook(my_task):
            my_task._ready()

    def arm(self, host: Token, spec: Any) -> None:
        """Put a boundary event beside ``host``, waiting."""
        beside = host.workflow.task_tree._add_child(spec, TaskState.FUTURE)
        beside.internal_data["of"] = host.id
        spec._update(beside)

    def _on_complete(self, my_task: Token) -> None:
        top = my_task.top
        top.disarm(my_task)
        self._on_complete_hook(my_task)
        if self.each:
            parent = my_task.parent
            if parent is not None and parent.live:
                parent.task_spec.one_finished(parent, my_task)
            return
        if not my_task._children and my_task._state == TaskState.COMPLETED:
            for spec in self.outputs:
                my_task._add_child(spec, TaskState.FUTURE)
        for child in my_task.children:
            if child is not None:
                top.trace(self.flow_ids.get(child.task_spec.name), child.task_spec)
                child.task_spec._update(child)

    def may_release(self, token: Token) -> bool:
        """Whether a waiting token goes on now although nothing happened to itself (inclusive joins)."""
        del token
        return False

    def catchers(self, kind: str, code: str) -> list[Any]:
        """The boundary event that catches this code: an exact one before one for any code."""
        fitting = [s for s in self.catches_thrown if s.kind == kind and s.code in (code, "")]
        return sorted(fitting, key=lambda spec: spec.code == "")[:1]


class Start(Lean, BpmnStartTask):  # type: ignore[misc]
    """The unseen root from which the start event follows."""


class Plain(Lean, BpmnSpecMixin):  # type: ignore[misc]
    """An element that just goes on: a start event without definition."""


class Exclusive(Lean, ExclusiveGateway, BpmnSpecMixin):  # type: ignore[misc]
    """Exclusive gateway: the first condition that holds in the order of the file, else the default flow."""


class _Join(Lean):
    """Waiting for other branches. Every token that has arrived stays here until the gateway fires."""

    def _update_hook(self, my_task: Token) -> bool:
        parent = my_task.parent
        my_task.internal_data["via"] = "" if parent is None else parent.task_spec.name
        if len(self._inputs) <= 1:
            return True
        my_task._set_state(TaskState.WAITING)
        return self.complete(my_task)

    def complete(self, my_task: Token) -> bool:
        """Whether this arrival lets the gateway fire; takes one token of each flow."""
        raise NotImplementedError

    def arrived(self, my_task: Token) -> dict[str, Token]:
        """The oldest waiting token of each incoming flow."""
        first: dict[str, Token] = {}
        for token in my_task.workflow.tasks.values():
            if token.task_spec is self and token._state == TaskState.WAITING:
                first.setdefault(token.internal_data["via"], token)
        return first

    def merge(self, my_task: Token, arrived: dict[str, Token]) -> None:
        """One token goes on for all that were taken."""
        for token in arrived.values():
            if token is not my_task:
                token._set_state(TaskState.COMPLETED)


class Parallel(_Join, ParallelGateway, BpmnSpecMixin):  # type: ignore[misc]
    """Parallel gateway: fires with one token from every incoming flow; surplus tokens stay for the next time."""

    def complete(self, my_task: Token) -> bool:
        """Fire when no flow is without a token."""
        arrived = self.arrived(my_task)
        if len(arrived) < len(self._inputs):
            return False
        self.merge(my_task, arrived)
        return True

    def _run_hook(self, my_task: Token) -> bool:
        return True


class Inclusive(_Join, InclusiveGateway, BpmnSpecMixin):  # type: ignore[misc]
    """Inclusive gateway, by the rule of BPMN 2.0.2 section 13.4.3.

    It fires when no token elsewhere can still reach a flow that has none, unless that token can as well reach a flow
    that has one. ``reach`` names for each incoming flow the specs from which it can be reached without passing this
    gateway.
    """

    reach: Mapping[str, frozenset[str]] = {}

    def complete(self, my_task: Token) -> bool:
        """Decided when everything else has come to rest: see ``may_release``."""
        return False

    def may_release(self, token: Token) -> bool:
        """Fire when nobody can still arrive."""
        arrived = self.arrived(token)
        if arrived.get(token.internal_data["via"]) is not token:
            return False
        empty = [name for name in self._inputs if name not in arrived]
        for other in token.workflow.tasks.values():
            if not other.live or (other.task_spec is self and other._state == TaskState.WAITING):
                continue
            where = other.task_spec.name
            if any(where in self.reach[i] for i in empty) and not any(where in self.reach[i] for i in arrived):
                return False
        self.merge(token, arrived)
        token._ready()
        return True

    def _run_hook(self, my_task: Token) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        return True


class Assign(Lean, BpmnSpecMixin):  # type: ignore[misc]
    """A script task: its yw:set assignments, one after the other."""

    sets: tuple[tuple[str, Expression], ...] = ()

    def _run_hook(self, my_task: Token) -> bool:
        for name, expression in self.sets:
            my_task.vars.update({name: json_value(expression.evaluate(my_task.vars, now=my_task.top.moment))})
        return True


class Decide(Lean, BpmnSpecMixin):  # type: ignore[misc]
    """A business rule task: a decision table, its result kept under a name."""

    decision: Any = None
    result = ""

    def _run_hook(self, my_task: Token) -> bool:
        my_task.vars.update({self.result: self.decision.decide(my_task.vars, now=my_task.top.moment)})
        return True
