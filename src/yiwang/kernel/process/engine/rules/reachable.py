"""Every element can be reached from the start event, and from every element an end event can be reached.

SpiffWorkflow accepts unreachable elements in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Node
from yiwang.kernel.process.engine.rules.base import Context

NAME = "reachable"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Walk each scope from its start, and backwards from its ends."""
    for scope in document.scopes():
        nodes = scope.nodes.values()
        ahead = _closure([n for n in nodes if n.tag == "startEvent"], _following)
        back = _closure([n for n in nodes if n.tag == "endEvent"], _preceding)
        for node in nodes:
            if node not in ahead:
                text = f"{node.tag} {node.id} cannot be reached from the start"
                yield context.problem(node.line, NAME, "unreachable", text, element=node.id)
            elif node not in back:
                kind = "trap" if node.outgoing else "dead_end"
                text = f"{node.tag} {node.id}: from here no end event can be reached"
                yield context.problem(node.line, NAME, kind, text, element=node.id)


def _closure(start: Iterable[Node], step: Callable[[Node], Iterable[Node]]) -> set[Node]:
    found: set[Node] = set()
    todo = list(start)
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(step(node))
    return found


def _following(node: Node) -> list[Node]:
    return [flow.target for flow in node.outgoing if flow.target is not None] + node.boundary


def _preceding(node: Node) -> list[Node]:
    """What leads here. A host does lead to its boundary event, but a step that only ends by its timer is a trap too."""
    return [flow.source for flow in node.incoming if flow.source is not None]
