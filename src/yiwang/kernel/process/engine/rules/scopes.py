"""One executable process with a name, and in it and in every sub-process one plain start event and an end event."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Scope
from yiwang.kernel.process.engine.rules.base import Context

NAME = "scopes"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at the process and the sub-processes."""
    count = len(document.processes)
    if count != 1:
        yield context.problem(1, NAME, "one_process", f"a file holds one process, this one {count}", count=count)
    for process in document.processes:
        if not process.name:
            text = f"the process {process.id} has no name"
            yield context.problem(process.line, NAME, "no_name", text, element=process.id)
        for scope in process.all():
            yield from _scope(scope, context)


def _scope(scope: Scope, context: Context) -> Iterator[Problem]:
    starts = [node for node in scope.nodes.values() if node.tag == "startEvent"]
    if len(starts) != 1:
        text = f"{scope.id} has {len(starts)} start events, expected one"
        yield context.problem(scope.line, NAME, "one_start", text, element=scope.id, count=len(starts))
    if not any(node.tag == "endEvent" for node in scope.nodes.values()):
        yield context.problem(scope.line, NAME, "no_end", f"{scope.id} has no end event", element=scope.id)
