"""From a checked graph to the specs that run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from yiwang.kernel.cel import Expression, compile_cel
from yiwang.kernel.process.engine import bodies, events, specs, steps
from yiwang.kernel.process.engine.decisions.table import Decision
from yiwang.kernel.process.engine.document import Document, Event, Node, Scope

#: yw: attributes of a user task that are CEL; ``due`` is when it begins with ``=``.
COMPUTED = ("post", "org", "priority")


class Process(BpmnProcessSpec):  # type: ignore[misc]
    """A process or body: starts at ``Start``, and is over when nothing is left to do."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs.clear()
        self.start = specs.Start(self, "Start")


class Builder:
    """Builds one file. ``prefix`` is put in front of element ids when the file is called from another."""

    def __init__(self, document: Document, decisions: Mapping[str, Decision], prefix: str = "") -> None:
        self._document = document
        self._decisions = decisions
        self._prefix = prefix
        self.bodies: dict[str, Process] = {}

    def build(self, scope: Scope) -> Process:
        """The spec of a scope; those of the sub-processes inside go to ``bodies``."""
        process = Process(self._prefix + scope.id)
        made = {node.id: self._node(process, node) for node in scope.nodes.values()}
        for node in scope.nodes.values():
            if node.tag == "startEvent":
                process.start.connect(made[node.id])
            self._connect(node, made)
            self._attach(node, made)
        for node in scope.nodes.values():
            if node.tag == "inclusiveGateway":
                made[node.id].reach = {f.source.id: _reach(f.source, node) for f in node.incoming if f.source}
        return process

    # -- nodes

    def _node(self, process: Process, node: Node) -> Any:
        if node.loop is None:
            return self._single(process, node, node.id)
        outer = bodies.Repeated(process, node.id)
        outer.element = self._prefix + node.id
        outer.inner = self._single(process, node, f"{node.id}#each")
        outer.inner.each = True
        loop = node.loop
        outer.sequential = loop.sequential
        outer.cardinality, outer.collection = _optional(loop.cardinality), _optional(loop.collection)
        outer.item, outer.output = loop.item or "", loop.output or ""
        outer.output_item, outer.until = loop.output_item or "", _optional(loop.until)
        return outer

    def _single(self, process: Process, node: Node, name: str) -> Any:
        make: Callable[[Process, Node, str], Any] = getattr(self, f"_{node.tag}")
        spec = make(process, node, name)
        spec.element = self._prefix + node.id
        spec.bpmn_id, spec.bpmn_name = node.id, node.name
        return spec

    def _startEvent(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802 - named after the elements
        del node
        return specs.Plain(process, name)

    def _exclusiveGateway(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        del node
        return specs.Exclusive(process, name)

    def _parallelGateway(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        del node
        return specs.Parallel(process, name)

    def _inclusiveGateway(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        del node
        return specs.Inclusive(process, name)

    def _eventBasedGateway(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        del node
        return events.Race(process, name)

    def _userTask(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        spec = steps.Step(process, name)
        spec.attrs, spec.into = dict(node.yw), node.yw.get("into", "")
        computed = {key: _compiled(node.yw[key]) for key in COMPUTED if key in node.yw}
        if node.yw.get("due", "").startswith("="):
            computed["due"] = _compiled(node.yw["due"][1:])
        spec.computed = computed
        return spec

    def _serviceTask(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        spec = steps.Call(process, name, manual=True)
        spec.capability = node.yw["capability"]
        spec.inputs_of, spec.outputs_of = _pairs(node, "input"), _pairs(node, "output")
        return spec

    def _scriptTask(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        spec = specs.Assign(process, name)
        spec.sets = _pairs(node, "set")
        return spec

    def _businessRuleTask(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        spec = specs.Decide(process, name)
        spec.decision, spec.result = self._decisions[node.yw["decision"]], node.yw["result"]
        return spec

    def _receiveTask(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        return events.Receive(process, name, self._waited(node.events[0]))

    def _intermediateCatchEvent(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        return events.Catch(process, name, self._waited(node.events[0]))

    def _intermediateThrowEvent(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        return events.Throw(process, name, self._thrown(node))

    def _endEvent(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        return events.End(process, name, self._thrown(node))

    def _boundaryEvent(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        event = node.events[0]
        waits = event.kind in ("timer", "message")
        definition = self._waited(event) if waits else events.Caught()
        spec = events.Boundary(process, name, definition, cancel_activity=node.interrupting)
        spec.kind, spec.code = event.kind, "" if waits else self._code(event)
        return spec

    def _subProcess(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        if node.body is None:
            raise RuntimeError("a sub-process without a body")
        body = self.build(node.body)
        self.bodies[body.name] = body
        return bodies.Embedded(process, name, body.name)

    def _callActivity(self, process: Process, node: Node, name: str) -> Any:  # noqa: N802
        spec = bodies.Called(process, name, f"{self._prefix}{node.element.get('calledElement')}/")
        spec.inputs_of, spec.outputs_of = _pairs(node, "input"), _pairs(node, "output")
        return spec

    # -- events

    def _waited(self, event: Event) -> Any:
        if event.kind == "message":
            return events.Message(self._document.messages[event.ref])
        computed = _compiled(event.text[1:]) if event.text.startswith("=") else None
        return events.Timer(event.timer, event.text, computed)

    def _thrown(self, node: Node) -> Any:
        event = node.event
        if event is None:
            return NoneEventDefinition()
        return events.Terminate() if event.kind == "terminate" else events.Thrown(event.kind, self._code(event))

    def _code(self, event: Event) -> str:
        known = self._document.errors if event.kind == "error" else self._document.escalations
        return known.get(event.ref, "")

    # -- edges

    def _connect(self, node: Node, made: dict[str, Any]) -> None:
        source = made[node.id]
        chooses = node.tag in ("exclusiveGateway", "inclusiveGateway")
        for flow in node.outgoing:
            if flow.target is None:
                continue
            if chooses and flow.condition:
                source.connect_if(_BpmnCondition(_compiled(flow.condition)), made[flow.target.id])
            else:
                source.connect(made[flow.target.id])
        source.flow_ids = {f.target.id: self._prefix + f.id for f in node.outgoing if f.target}

    def _attach(self, node: Node, made: dict[str, Any]) -> None:
        attached = [made[b.id] for b in node.boundary]
        made[node.id].arms = tuple(b for b in attached if b.kind in ("timer", "message"))
        made[node.id].catches_thrown = tuple(b for b in attached if b.kind in ("error", "escalation"))


def _reach(start: Node, gateway: Node) -> frozenset[str]:
    """The nodes from which ``start`` can be reached without passing ``gateway``."""
    found: set[str] = set()
    todo = [start]
    while todo:
        node = todo.pop()
        if node.id in found or node is gateway:
            continue
        found.add(node.id)
        todo += [f.source for f in node.incoming if f.source is not None]
        if node.tag == "boundaryEvent" and node.attached_to in node.scope.nodes:
            todo.append(node.scope.nodes[node.attached_to])
    return frozenset(found)


def _compiled(text: str) -> Expression:
    return compile_cel(text, names=None)


def _optional(text: str | None) -> Expression | None:
    return _compiled(text) if text else None


def _pairs(node: Node, name: str) -> tuple[tuple[str, Expression], ...]:
    return tuple((key, _compiled(text)) for key, text, _ in node.children(name))
