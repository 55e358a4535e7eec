"""The state of a run as text: only what is open, the data, and small counters. The definition is stored once,
elsewhere.

The text is JSON whose key order is the order in which data were written; it belongs into a text column, because
jsonb would reorder it. ``FORMAT`` is raised when the shape changes.
"""

from __future__ import annotations

from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from yiwang.kernel.process.engine.errors import StateUnreadable
from yiwang.kernel.process.engine.seen import Seen
from yiwang.kernel.process.engine.spec import Spec
from yiwang.kernel.process.engine.timers import Due
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.variables import Variables
from yiwang.kernel.process.engine.workflow import Body, Instance

FORMAT = 1
_CODES = {TaskState.WAITING: 0, TaskState.READY: 1, TaskState.STARTED: 2, TaskState.FUTURE: 3}
_STATES = {code: state for state, code in _CODES.items()}


def dump_state(instance: Instance, digest: str) -> str:
    """The state as text."""
    state: dict[str, Any] = {"v": FORMAT, "spec": digest, "n": instance.next_id, "vars": instance.vars.own}
    state["tokens"] = _tokens(instance)
    if instance.subprocesses:
        state["bodies"] = [_body(holder, body) for holder, body in instance.subprocesses.items()]
    state["seen"] = instance.seen.pack()
    if instance.ended:
        state["ended"] = True
    if instance.error is not None:
        state["error"] = instance.error
    return orjson.dumps(state).decode()


def _tokens(workflow: Any) -> list[list[Any]]:
    rows = []
    root = workflow.task_tree
    for token in workflow.tasks.values():
        if token is root:
            continue
        row = [token.id, 0 if token._parent == root.id else token._parent, token.task_spec.name, _CODES[token._state]]
        if token.internal_data or token.local is not None:
            row.append(token.internal_data)
        if token.local is not None:
            row.append(token.local)
        rows.append(row)
    return rows


def _body(holder: int, body: Body) -> dict[str, Any]:
    holding = body.top_workflow.find(holder)
    state: dict[str, Any] = {"of": holder, "tokens": _tokens(body)}
    if holding is not None and holding.task_spec.own_data:
        state["vars"] = body.vars.own
    return state


def load_state(spec: Spec, text: str, due: Due | None) -> Instance:
    """The instance that was dumped. Raises StateUnreadable when it does not fit the definition."""
    try:
        state = orjson.loads(text)
        return _load(spec, state, due)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as wrong:
        raise StateUnreadable(f"the state does not fit {spec.key}: {wrong!r}", process=spec.key) from wrong


def _load(spec: Spec, state: dict[str, Any], due: Due | None) -> Instance:
    if state["v"] != FORMAT:
        raise StateUnreadable(f"the state has format {state['v']}, expected {FORMAT}", process=spec.key)
    if state["spec"] != spec.digest:
        raise StateUnreadable(f"the state belongs to another version of {spec.key}", process=spec.key)
    instance = Instance(spec, state["vars"], due, Seen(spec.places, state["seen"]))
    instance.next_id = state["n"]
    instance.ended, instance.error = state.get("ended", False), state.get("error")
    _load_tokens(instance, state["tokens"])
    for row in state.get("bodies", ()):
        holder = instance.find(row["of"])
        if holder is None:
            raise KeyError(row["of"])
        own = row.get("vars")
        body = Body(spec.bodies[holder.task_spec.spec], holder, holder.vars if own is None else Variables(own))
        instance.subprocesses[holder.id] = body
        _load_tokens(body, row["tokens"])
    return instance


def _load_tokens(workflow: Any, rows: list[list[Any]]) -> None:
    specs = workflow.spec.task_specs
    root = Token(workflow, workflow.spec.start, None, TaskState.COMPLETED, 0)
    workflow.task_tree = root
    manager = workflow.top_workflow.event_manager
    for row in rows:
        parent = workflow.tasks[row[1]]
        token = Token(workflow, specs[row[2]], parent, _STATES[row[3]], row[0])
        if len(row) > 4:
            token.internal_data = row[4]
        if len(row) > 5:
            token.local = row[5]
        if token._state == TaskState.WAITING and hasattr(token.task_spec, "event_definition"):
            manager.add_task(token)
