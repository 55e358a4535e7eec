"""A timer says one thing: a span of the working calendar, an ISO 8601 duration, or a date; or CEL that gives one."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules.base import Context
from yiwang.kernel.process.engine.timers import BadTimer, check_timer

NAME = "timers"


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every timer."""
    for node in document.nodes():
        for event in node.events:
            if event.kind != "timer":
                continue
            if event.timer and event.text.startswith("="):
                yield from context.expression(event.text[1:], event.line, NAME)
                continue
            try:
                check_timer(event.timer, event.text)
            except BadTimer as bad:
                text = f"{node.id}: {bad}"
                yield context.problem(event.line, NAME, "bad_timer", text, element=node.id, value=event.text)
