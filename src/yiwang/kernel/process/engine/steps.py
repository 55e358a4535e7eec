"""Steps that the outside completes: human tasks and services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ServiceTask, UserTask

from yiwang.kernel.cel import CelError, Expression
from yiwang.kernel.process.engine.effects import OpenedStep, ServiceCall
from yiwang.kernel.process.engine.specs import Lean
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.values import json_value


class Step(Lean, UserTask):  # type: ignore[misc]
    """A user task: open until somebody completes it."""

    manual = True
    attrs: Mapping[str, str] = {}
    computed: Mapping[str, Expression] = {}
    into = ""

    def _on_ready(self, my_task: Token) -> None:
        my_task.top.opened[my_task.id] = self.opened(my_task)

    def opened(self, token: Token) -> OpenedStep:
        """The step as the outside sees it now."""
        attrs: dict[str, Any] = dict(self.attrs)
        for name, expression in self.computed.items():
            attrs[name] = json_value(expression.evaluate(token.vars, now=token.top.moment))
        _check_attrs(attrs, self.computed)
        where = token.internal_data
        return OpenedStep(str(token.id), self.element, token.data, attrs, where.get("index"), where.get("total"))

    def take(self, token: Token, data: Mapping[str, Any]) -> None:
        """Merge the result of the form."""
        token.vars.update({self.into: dict(data)} if self.into else data)

    def _on_cancel(self, my_task: Token) -> None:
        if my_task.top.opened.pop(my_task.id, None) is None:
            my_task.top.closed.append(str(my_task.id))


def _check_attrs(attrs: Mapping[str, Any], computed: Mapping[str, Expression]) -> None:
    """A post is a number, an organisation a number or code, a priority a whole number, a due a span."""
    fits = {"post": (int,), "org": (int, str), "priority": (int,), "due": (str,)}
    for name, expression in computed.items():
        value = attrs[name]
        if value is not None and (isinstance(value, bool) or not isinstance(value, fits.get(name, (object,)))):
            wanted = " or ".join("whole number" if t is int else "text" for t in fits[name])
            raise CelError("wrong_type", f"{name} must be a {wanted}", expression=expression.text)


class Call(Lean, ServiceTask):  # type: ignore[misc]
    """A service task: a capability is run outside, its result mapped into the data."""

    manual = True
    capability = ""
    inputs_of: tuple[tuple[str, Expression], ...] = ()
    outputs_of: tuple[tuple[str, Expression], ...] = ()

    def _on_ready(self, my_task: Token) -> None:
        my_task.top.services[my_task.id] = self.call(my_task)

    def call(self, token: Token) -> ServiceCall:
        """What to run, with its inputs computed over the data."""
        now = token.top.moment
        inputs = {name: json_value(e.evaluate(token.vars, now=now)) for name, e in self.inputs_of}
        return ServiceCall(str(token.id), self.capability, inputs, self.element)

    def take(self, token: Token, data: Mapping[str, Any]) -> None:
        """Map the result: each yw:output is CEL over the data and ``result``."""
        seen = {**token.data, "result": dict(data)}
        now = token.top.moment
        token.vars.update({name: json_value(e.evaluate(seen, now=now)) for name, e in self.outputs_of})

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def _on_cancel(self, my_task: Token) -> None:
        if my_task.top.services.pop(my_task.id, None) is None:
            my_task.top.closed.append(str(my_task.id))
