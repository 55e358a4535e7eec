"""Each event has one definition of a kind that works at its place, and what it refers to exists."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Event, Node
from yiwang.kernel.process.engine.names import EVENTS
from yiwang.kernel.process.engine.rules.base import Context

NAME = "events"
#: Place -> the kinds that work there; an empty text stands for an event without definition.
_KINDS = {
    "startEvent": {""},
    "endEvent": {"", "terminate", "error", "escalation"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"", "escalation"},
    "boundaryEvent": {"timer", "message", "error", "escalation"},
    "receiveTask": {"message"},
}


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every event and receive task."""
    for node in document.nodes():
        if node.tag not in EVENTS and node.tag != "receiveTask":
            continue
        kinds = [event.kind for event in node.events] or [""]
        if len(kinds) > 1:
            text = f"{node.id} has {len(kinds)} event definitions, expected one"
            yield context.problem(node.line, NAME, "many_definitions", text, element=node.id)
        elif kinds[0] not in _KINDS[node.tag]:
            what = kinds[0] or "no definition"
            text = f"{node.tag} {node.id}: {what} does not work here"
            yield context.problem(node.line, NAME, "bad_event", text, element=node.id, event=what, tag=node.tag)
        for event in node.events:
            yield from _refers(node, event, document, context)


def _refers(node: Node, event: Event, document: Document, context: Context) -> Iterator[Problem]:
    known = {"message": document.messages, "error": document.errors, "escalation": document.escalations}.get(event.kind)
    if known is None:
        return
    catches_any = node.tag == "boundaryEvent" and event.kind != "message" and not event.ref
    if not catches_any and not known.get(event.ref):
        what = "name" if event.kind == "message" else "code"
        text = f"{node.id}: its {event.kind} {event.ref!r} is not defined in this file, or has no {what}"
        yield context.problem(event.line, NAME, "unknown_event", text, element=node.id, event=event.kind, id=event.ref)
