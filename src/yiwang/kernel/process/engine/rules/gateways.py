"""Where a gateway chooses, every way has a condition except the default one; elsewhere there are no conditions."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Node
from yiwang.kernel.process.engine.names import GATEWAYS
from yiwang.kernel.process.engine.rules.base import Context

NAME = "gateways"
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every element with outgoing flows."""
    for node in document.nodes():
        if node.tag in _CHOOSING and len(node.outgoing) > 1:
            yield from _choice(node, context)
        else:
            yield from _no_choice(node, context)
        if node.tag == "eventBasedGateway":
            yield from _race(node, context)
        if node.tag in GATEWAYS and len(node.outgoing) == 1 and len(node.incoming) <= 1:
            text = f"{node.id} neither splits nor joins"
            yield context.problem(node.line, NAME, "idle_gateway", text, element=node.id)


def _choice(node: Node, context: Context) -> Iterator[Problem]:
    if node.default is None:
        yield context.problem(node.line, NAME, "no_default", f"{node.id} has no default flow", element=node.id)
    elif node.default not in {flow.id for flow in node.outgoing}:
        text = f"{node.id}: its default {node.default!r} is not one of its flows"
        yield context.problem(node.line, NAME, "bad_default", text, element=node.id, id=node.default)
    for flow in node.outgoing:
        if flow.id == node.default and flow.condition is not None:
            text = f"{flow.id} is the default flow of {node.id} and cannot have a condition"
            yield context.problem(flow.condition_line, NAME, "default_condition", text, id=flow.id, element=node.id)
        elif flow.id != node.default and not flow.condition:
            text = f"{flow.id} out of {node.id} has no condition"
            yield context.problem(flow.line, NAME, "no_condition", text, id=flow.id, element=node.id)


def _no_choice(node: Node, context: Context) -> Iterator[Problem]:
    if node.default is not None:
        text = f"{node.id} does not choose, so it has no default flow"
        yield context.problem(node.line, NAME, "bad_default", text, element=node.id, id=node.default)
    for flow in node.outgoing:
        if flow.condition is not None:
            text = f"{flow.id}: a condition stands only where an exclusive or inclusive gateway chooses"
            yield context.problem(flow.condition_line, NAME, "stray_condition", text, id=flow.id, element=node.id)


def _race(node: Node, context: Context) -> Iterator[Problem]:
    if len(node.outgoing) < 2:
        text = f"{node.id} waits for one event only: use a catch event"
        yield context.problem(node.line, NAME, "idle_gateway", text, element=node.id)
    for flow in node.outgoing:
        target = flow.target
        if target is None:
            continue
        waits = target.tag in ("intermediateCatchEvent", "receiveTask")
        if not waits or len(target.incoming) != 1 or target.boundary:
            text = f"{node.id} must lead to events or receive tasks of its own, not to {target.id}"
            yield context.problem(flow.line, NAME, "bad_race", text, element=node.id, target=target.id)
