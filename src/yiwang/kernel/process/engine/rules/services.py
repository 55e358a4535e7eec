"""A service task names a capability that a room offers; its inputs and outputs compile."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules.base import Context

NAME = "services"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every service task."""
    for node in document.nodes():
        if node.tag != "serviceTask":
            continue
        capability = node.yw.get("capability")
        if not capability:
            text = f"service task {node.id} needs yw:capability: what shall be done?"
            yield context.problem(node.line, NAME, "no_capability", text, element=node.id)
        elif context.capabilities is not None and capability not in context.capabilities:
            text = f"service task {node.id}: there is no capability {capability!r}"
            known = ", ".join(sorted(context.capabilities))
            yield context.problem(
                node.line, NAME, "unknown_capability", text, element=node.id, name=capability, known=known
            )
        yield from context.pairs(node, "input", NAME)
        yield from context.pairs(node, "output", NAME)
