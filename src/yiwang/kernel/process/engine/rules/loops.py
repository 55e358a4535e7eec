"""A multi-instance activity says how many or over what, and its names and expressions are sound."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, Loop, Node
from yiwang.kernel.process.engine.names import MAX_INSTANCES
from yiwang.kernel.process.engine.rules.base import Context

NAME = "loops"
_REPEATABLE = frozenset({"userTask", "serviceTask", "subProcess", "callActivity"})


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every activity that is repeated."""
    for node in document.nodes():
        if node.loop is not None:
            yield from _loop(node, node.loop, context)


def _loop(node: Node, loop: Loop, context: Context) -> Iterator[Problem]:
    if node.tag not in _REPEATABLE:
        text = f"{node.tag} {node.id} cannot be repeated"
        yield context.problem(loop.line, NAME, "not_repeatable", text, element=node.id)
    if (loop.cardinality is None) == (loop.collection is None):
        text = f"{node.id} needs either loopCardinality or loopDataInputRef"
        yield context.problem(loop.line, NAME, "what_to_repeat", text, element=node.id)
    if loop.collection is not None and not loop.item:
        text = f"{node.id} needs inputDataItem: the name of one item of {loop.collection}"
        yield context.problem(loop.line, NAME, "no_item", text, element=node.id)
    if loop.output_item and not loop.output:
        text = f"{node.id}: outputDataItem without loopDataOutputRef"
        yield context.problem(loop.line, NAME, "no_output", text, element=node.id)
    if loop.cardinality and loop.cardinality.isdecimal() and int(loop.cardinality) > MAX_INSTANCES:
        text = f"{node.id}: at most {MAX_INSTANCES} instances"
        yield context.problem(loop.line, NAME, "too_many_instances", text, element=node.id, limit=MAX_INSTANCES)
    for expression in (loop.cardinality, loop.collection, loop.until):
        if expression is not None:
            yield from context.expression(expression, loop.line, NAME)
    for name in (loop.item, loop.output, loop.output_item):
        if name:
            yield from context.name(name, loop.line, NAME, node.id)
