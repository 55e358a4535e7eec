"""Every condition of a flow compiles. SpiffWorkflow would find out when the first case gets there."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules.base import Context

NAME = "conditions"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Compile them all."""
    for flow in document.flows():
        if flow.condition is not None:
            yield from context.expression(flow.condition, flow.condition_line, NAME)
