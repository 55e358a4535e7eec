"""Sequence flows join two elements of the same scope, start nowhere else and end nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Flow, Node, line_of
from yiwang.kernel.process.engine.names import BPMN
from yiwang.kernel.process.engine.rules.base import Context

NAME = "flows"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every flow, and at what the elements say about their flows."""
    for scope in document.scopes():
        pairs: set[tuple[str, str]] = set()
        for flow in scope.flows:
            yield from _flow(flow, context)
            pair = (flow.source_ref, flow.target_ref)
            if pair in pairs:
                text = f"{flow.id}: a second flow between {pair[0]} and {pair[1]}"
                yield context.problem(flow.line, NAME, "second_flow", text, id=flow.id, source=pair[0], target=pair[1])
            pairs.add(pair)
        flows = {flow.id: flow for flow in scope.flows}
        for node in scope.nodes.values():
            yield from _mentions(node, flows, context)


def _flow(flow: Flow, context: Context) -> Iterator[Problem]:
    for end, ref, node in (("source", flow.source_ref, flow.source), ("target", flow.target_ref, flow.target)):
        if node is None:
            text = f"{flow.id} dangles: its {end} {ref!r} is not an element of the same process or sub-process"
            yield context.problem(flow.line, NAME, "dangling", text, id=flow.id, ref=ref)
    if flow.target is not None and flow.target.tag in ("startEvent", "boundaryEvent"):
        text = f"{flow.id} leads into {flow.target.id}, which is where something begins"
        yield context.problem(flow.line, NAME, "into_start", text, id=flow.id, element=flow.target.id)
    if flow.source is not None and flow.source.tag == "endEvent":
        text = f"{flow.id} leads out of the end event {flow.source.id}"
        yield context.problem(flow.line, NAME, "out_of_end", text, id=flow.id, element=flow.source.id)


def _mentions(node: Node, flows: dict[str, Flow], context: Context) -> Iterator[Problem]:
    for name, own in (("incoming", node.incoming), ("outgoing", node.outgoing)):
        for child in node.element.findall(f"{{{BPMN}}}{name}"):
            mentioned = (child.text or "").strip()
            if flows.get(mentioned) not in own:
                text = f"{node.id}: its {name} {mentioned!r} is not a flow that leads there"
                yield context.problem(line_of(child), NAME, "dangling", text, id=mentioned, ref=node.id)
