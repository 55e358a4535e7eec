"""A business rule task names a decision table of the package and where its result goes."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules.base import Context

NAME = "tables"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every business rule task."""
    for node in document.nodes():
        if node.tag != "businessRuleTask":
            continue
        decision, result = node.yw.get("decision"), node.yw.get("result")
        if not decision or not result:
            text = f"business rule task {node.id} needs yw:decision and yw:result"
            yield context.problem(node.line, NAME, "no_decision", text, element=node.id)
        elif decision not in context.decisions:
            text = f"business rule task {node.id}: there is no decision table {decision!r}"
            known = ", ".join(sorted(context.decisions))
            yield context.problem(
                node.line, NAME, "unknown_decision", text, element=node.id, name=decision, known=known
            )
        if result:
            yield from context.name(result, node.line, NAME, node.id)
