"""Moving a running instance to another version of its process.

Every place where a token stands must have a counterpart in the new version: the element of the same id, or the one
that the mapping names, of the same kind and inside the counterpart of the same sub-process. What has none is
refused. Boundary events that the new version takes away are disarmed, those that it adds are armed at the moment of
the move; timers that run keep the moment at which they are due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.events import Race
from yiwang.kernel.process.engine.seen import Seen
from yiwang.kernel.process.engine.spec import Spec
from yiwang.kernel.process.engine.state import dump_state, load_state
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.workflow import Instance

_EACH = "#each"


class Mover:
    """Looks up the counterparts of the places of one instance."""

    def __init__(self, instance: Instance, new: Spec, mapping: Mapping[str, str]) -> None:
        self._instance = instance
        self._new = new
        self._mapping = mapping

    def workflow(self, workflow: Any) -> Any:
        """The new spec of a body or of the process; None when its holder has no counterpart."""
        if workflow is self._instance:
            return self._new.main
        holder = self._instance.find(workflow.parent_task_id)
        spec = None if holder is None else self.counterpart(holder.workflow, holder.task_spec)
        return None if spec is None else self._new.bodies.get(getattr(spec, "spec", ""))

    def counterpart(self, workflow: Any, spec: Any) -> Any:
        """The new spec for an old one; None when there is none of the same kind."""
        new = self.workflow(workflow)
        if new is None:
            return None
        element = self._mapping.get(spec.element, spec.element)
        name = element.rpartition("/")[2] + (_EACH if spec.each else "")
        found = new.task_specs.get(name)
        return found if found is not None and type(found) is type(spec) and found.each == spec.each else None

    def problems(self) -> Iterator[Problem]:
        """What has no counterpart."""
        for key, target in self._mapping.items():
            if target not in self._new.steps:
                yield _problem(key, target, f"the new version has no element {target!r}", "no_target")
        for token in self._instance.tokens():
            spec = token.task_spec
            found = self.counterpart(token.workflow, spec)
            armed = "of" in token.internal_data
            if found is None and not armed:
                target = self._mapping.get(spec.element, spec.element)
                yield _problem(spec.element, target, f"{spec.element} has no counterpart {target!r} of its kind",
                               "no_counterpart")  # fmt: skip
            elif found is not None:
                yield from self._inputs(token, found)

    def _inputs(self, token: Token, found: Any) -> Iterator[Problem]:
        """A join keeps the flows by which tokens have come; a race keeps its rivals."""
        via = token.internal_data.get("via")
        if via and self._name(via, token) not in found._inputs:
            text = f"{found.element} is no longer reached from {via}"
            yield _problem(token.task_spec.element, found.element, text, "join_changed")
        if "race" in token.internal_data and self._rivals(token.task_spec, token) != self._rivals(found, None):
            text = f"the events beside {found.element} are not the same"
            yield _problem(token.task_spec.element, found.element, text, "race_changed")

    def _rivals(self, spec: Any, token: Token | None) -> set[str]:
        gateways = [g for g in spec.inputs if isinstance(g, Race)]
        return {name if token is None else self._name(name, token) for g in gateways for name in g._outputs}

    def _name(self, name: str, token: Token) -> str:
        spec = token.workflow.spec.task_specs.get(name)
        return name if spec is None else self._mapping.get(spec.element, spec.element).rpartition("/")[2]

    # -- moving

    def move(self, now: datetime) -> Instance:
        """The instance in the new version. Only after ``problems`` found nothing."""
        state = orjson.loads(dump_state(self._instance, self._new.digest))
        state["tokens"] = self._rows(self._instance, state["tokens"])
        for row in state.get("bodies", ()):
            row["tokens"] = self._rows(self._instance.subprocesses[row["of"]], row["tokens"])
        seen = Seen(self._new.places)
        for place, count, last in self._instance.seen.entered():
            seen.add(self._mapping.get(place, place), count, last)
        state["seen"] = seen.pack()
        moved = load_state(self._new, orjson.dumps(state).decode(), self._instance.due)
        moved.now = now
        _arm(moved)
        return moved

    def _rows(self, workflow: Any, rows: list[list[Any]]) -> list[list[Any]]:
        kept = []
        for row in rows:
            token = workflow.tasks[row[0]]
            found = self.counterpart(workflow, token.task_spec)
            if found is None or ("of" in token.internal_data and not self._still_armed(token, found)):
                continue
            row[2] = found.name
            if token.internal_data.get("via"):
                row[4]["via"] = self._name(row[4]["via"], token)
            kept.append(row)
        return kept

    def _still_armed(self, token: Token, found: Any) -> bool:
        host = self._instance.find(token.internal_data["of"])
        new_host = None if host is None else self.counterpart(host.workflow, host.task_spec)
        return new_host is not None and found in new_host.arms


def _arm(instance: Instance) -> None:
    """Arm the boundary events that the new version has added."""
    for host in list(instance.tokens()):
        spec = host.task_spec
        if spec.arms:
            beside = [t.task_spec for t in host.workflow.tasks.values() if t.internal_data.get("of") == host.id]
            for event in spec.arms:
                if event not in beside:
                    spec.arm(host, event)
    instance.prune()


def _problem(element: str, target: str, text: str, kind: str) -> Problem:
    params = {"element": element, "target": target}
    return Problem(where=element, key=f"engine.move.{kind}", params=params, rule="migration", text=text)
