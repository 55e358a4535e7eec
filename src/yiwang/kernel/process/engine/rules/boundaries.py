"""A boundary event hangs on an activity that can wait or throw, and no two on it catch the same."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Node
from yiwang.kernel.process.engine.rules.base import Context

NAME = "boundaries"
_HOSTS = {
    "timer": {"userTask", "serviceTask", "receiveTask", "subProcess", "callActivity"},
    "message": {"userTask", "serviceTask", "receiveTask", "subProcess", "callActivity"},
    "error": {"userTask", "serviceTask", "subProcess", "callActivity"},
    "escalation": {"subProcess", "callActivity"},
}


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every boundary event."""
    for node in document.nodes():
        if node.tag == "boundaryEvent" and node.event is not None:
            yield from _boundary(node, node.event.kind, context)
        yield from _same(node, context)


def _boundary(node: Node, kind: str, context: Context) -> Iterator[Problem]:
    host = node.scope.nodes.get(node.attached_to or "")
    if host is None:
        text = f"{node.id} is attached to {node.attached_to!r}, which is not an element here"
        yield context.problem(node.line, NAME, "no_host", text, element=node.id, id=node.attached_to or "")
    elif host.tag not in _HOSTS.get(kind, set()):
        text = f"{node.id}: a boundary {kind} event does not work on the {host.tag} {host.id}"
        yield context.problem(node.line, NAME, "bad_host", text, element=node.id, event=kind, host=host.id)
    if kind == "error" and not node.interrupting:
        text = f"{node.id}: an error always interrupts"
        yield context.problem(node.line, NAME, "must_interrupt", text, element=node.id)


def _same(host: Node, context: Context) -> Iterator[Problem]:
    caught: set[tuple[str, str]] = set()
    for node in host.boundary:
        event = node.event
        if event is None or event.kind == "timer":
            continue
        if (event.kind, event.ref) in caught:
            text = f"{node.id} catches the same {event.kind} as another boundary event of {host.id}"
            yield context.problem(
                node.line, NAME, "caught_twice", text, element=node.id, event=event.kind, host=host.id
            )
        caught.add((event.kind, event.ref))
