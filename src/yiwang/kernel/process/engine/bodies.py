"""Sub-processes, called processes and repeated steps."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from yiwang.kernel.cel import CelError, Expression
from yiwang.kernel.process.engine.names import MAX_INSTANCES
from yiwang.kernel.process.engine.specs import Lean
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.values import json_value
from yiwang.kernel.process.engine.variables import Variables
from yiwang.kernel.process.engine.workflow import Body

#: What the completion condition of a repeated step can read beside the data (names of BPMN 2.0.2, table 10.30).
COUNTS = ("nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "loopCounter")


class Embedded(Lean, SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process: its steps read and write the data of the step that holds it."""

    #: Whether the body has data of its own, which are then part of the state.
    own_data = False

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(TaskState.STARTED)
        top = my_task.top
        body = Body(top.subprocess_specs[self.spec], my_task, self.variables(my_task))
        top.subprocesses[my_task.id] = body
        body.root()._ready()
        return False

    def variables(self, token: Token) -> Variables:
        """What the steps of the body read and write."""
        return token.vars

    def body_finished(self, token: Token, body: Body) -> None:
        """Nothing to bring back: the data were shared."""

    def _on_cancel(self, my_task: Token) -> None:
        my_task.top.drop_body(my_task)


class Called(Embedded, CallActivity):  # type: ignore[misc]
    """A call activity: the called process has data of its own, made from yw:input and given back by yw:output.

    Without inputs it starts with a copy of all data, without outputs everything it holds is merged back.
    """

    own_data = True
    inputs_of: tuple[tuple[str, Expression], ...] = ()
    outputs_of: tuple[tuple[str, Expression], ...] = ()

    def variables(self, token: Token) -> Variables:
        """New data for the called process."""
        if not self.inputs_of:
            return Variables(token.data)
        now = token.top.moment
        return Variables({name: json_value(e.evaluate(token.vars, now=now)) for name, e in self.inputs_of})

    def body_finished(self, token: Token, body: Body) -> None:
        """Bring back what is asked for."""
        given = body.vars.flat()
        if self.outputs_of:
            now = token.top.moment
            given = {name: json_value(e.evaluate(given, now=now)) for name, e in self.outputs_of}
        token.vars.update(given)


class Repeated(Lean, BpmnTaskSpec):  # type: ignore[misc]
    """A multi-instance activity: one token of the inner spec for each item, all at once or one after the other.

    Each instance has variables of its own: its item, ``loopCounter``, and what its form or body writes. With an
    output list they are collected there in the order of the items; without, they are merged into the data.
    """

    inner: Any = None
    sequential = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    item = ""
    output = ""
    output_item = ""
    until: Expression | None = None

    def _update_hook(self, my_task: Token) -> bool:
        items = self._items(my_task)
        my_task.internal_data.update(items=items, next=0, done=0, results={})
        my_task._set_state(TaskState.STARTED)
        if not items:
            self._finish(my_task)
            return False
        for _ in range(1 if self.sequential else len(items)):
            self._one(my_task)
        return False

    def _items(self, token: Token) -> list[Any]:
        expression = self.collection or self.cardinality
        if expression is None:
            raise RuntimeError("a repeated step without items")
        value = expression.evaluate(token.vars, now=token.top.moment)
        if self.collection is None and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            value = list(range(min(value, MAX_INSTANCES + 1)))
        if not isinstance(value, list):
            raise CelError("wrong_type", "what to repeat is neither a list nor a number", expression=expression.text)
        if len(value) > MAX_INSTANCES:
            raise CelError("too_many", f"more than {MAX_INSTANCES} instances", expression=expression.text)
        return [json_value(item) for item in value]

    def _one(self, token: Token) -> None:
        state = token.internal_data
        index = state["next"]
        if index >= len(state["items"]) or not token.live:
            return
        state["next"] = index + 1
        child = token._add_child(self.inner, TaskState.FUTURE)
        child.local = {"loopCounter": index, **({self.item: state["items"][index]} if self.item else {})}
        child.internal_data.update(index=index, total=len(state["items"]))
        self.inner._update(child)

    def one_finished(self, token: Token, child: Token) -> None:
        """Take what an instance has left, and see whether that is enough."""
        state = token.internal_data
        index = child.internal_data["index"]
        state["done"] += 1
        written = {k: v for k, v in (child.local or {}).items() if k not in (self.item, "loopCounter")}
        if self.output:
            kept = (child.local or {}).get(self.output_item) if self.output_item else child.local
            state["results"][str(index)] = kept
        else:
            token.vars.update(written)
        if state["done"] == len(state["items"]) or self._enough(token, child):
            self._finish(token)
        elif self.sequential:
            self._one(token)

    def _enough(self, token: Token, child: Token) -> bool:
        if self.until is None:
            return False
        state = token.internal_data
        seen = {
            **child.data,
            "nrOfInstances": len(state["items"]),
            "nrOfCompletedInstances": state["done"],
            "nrOfActiveInstances": state["next"] - state["done"],
        }
        if self.output:
            seen[self.output] = self._results(state)
        value = self.until.evaluate(seen, now=token.top.moment)
        if not isinstance(value, bool):
            raise CelError("types", "a condition is true or false", expression=self.until.text)
        return value

    def _finish(self, token: Token) -> None:
        for child in [token.workflow.tasks.get(c) for c in token._children]:
            if child is not None:
                child.cancel()
        token._children = []  # what follows now are the next steps
        if self.output:
            token.vars.update({self.output: self._results(token.internal_data)})
        token._ready()

    @staticmethod
    def _results(state: dict[str, Any]) -> list[Any]:
        return [state["results"][index] for index in sorted(state["results"], key=int)]
