"""A call activity calls a process that is there and that does not call back."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules.base import Context
from yiwang.kernel.process.engine.spec import Spec

NAME = "calls"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every call activity."""
    own = {process.id for process in document.processes}
    for node in document.nodes():
        if node.tag != "callActivity":
            continue
        key = node.element.get("calledElement") or ""
        called = context.find_process(key) if key and key not in own else None
        if key in own or (called is not None and _calls(called, own)):
            text = f"{node.id}: {key} would call itself"
            yield context.problem(node.line, NAME, "calls_itself", text, element=node.id, name=key)
        elif called is None:
            text = f"{node.id}: there is no process {key!r} to call"
            yield context.problem(node.line, NAME, "unknown_process", text, element=node.id, name=key)
        yield from context.pairs(node, "input", NAME)
        yield from context.pairs(node, "output", NAME)


def _calls(spec: Spec, keys: set[str]) -> bool:
    return any(key in keys or _calls(inner, keys) for key, inner in spec.calls.items())
