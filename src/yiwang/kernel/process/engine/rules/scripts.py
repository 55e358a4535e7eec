"""A script task sets variables by yw:set and holds no script."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules.base import Context

NAME = "scripts"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every script task."""
    for node in document.nodes():
        if node.tag != "scriptTask":
            continue
        if not list(node.children("set")):
            text = f"script task {node.id} needs at least one yw:set"
            yield context.problem(node.line, NAME, "no_set", text, element=node.id)
        yield from context.pairs(node, "set", NAME)
