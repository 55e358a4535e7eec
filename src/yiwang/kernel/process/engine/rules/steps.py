"""A user task is named and addressed to a role or a post, and what is computed for it compiles."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Node
from yiwang.kernel.process.engine.rules.base import Context
from yiwang.kernel.process.engine.timers import BadTimer, check_timer

NAME = "steps"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every user task."""
    for node in document.nodes():
        if node.tag == "userTask":
            yield from _step(node, context)


def _step(node: Node, context: Context) -> Iterator[Problem]:
    if not node.name:
        yield context.problem(node.line, NAME, "no_name", f"user task {node.id} has no name", element=node.id)
    if not node.yw.get("role") and not node.yw.get("post"):
        text = f"user task {node.id} needs yw:role or yw:post: who does it?"
        yield context.problem(node.line, NAME, "nobody", text, element=node.id)
    for key in ("post", "org", "priority"):
        if key in node.yw:
            yield from context.expression(node.yw[key], node.line, NAME)
    if "into" in node.yw:
        yield from context.name(node.yw["into"], node.line, NAME, node.id)
    due = node.yw.get("due")
    if due is not None and due.startswith("="):
        yield from context.expression(due[1:], node.line, NAME)
    elif due is not None:
        try:
            check_timer("span", due)
        except BadTimer as bad:
            text = f"{node.id}: {bad}"
            yield context.problem(node.line, NAME, "bad_timer", text, element=node.id, value=due)
