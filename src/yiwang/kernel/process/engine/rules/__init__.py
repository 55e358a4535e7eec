"""The validator of process files: one rule a file; all run, all problems are collected, each tagged with its rule."""

from __future__ import annotations

from typing import cast

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.rules import (
    attributes,
    boundaries,
    calls,
    conditions,
    elements,
    events,
    flows,
    gateways,
    identities,
    loops,
    reachable,
    scopes,
    scripts,
    services,
    steps,
    tables,
    timers,
)
from yiwang.kernel.process.engine.rules.base import Context, Rule

#: Every rule, in the order in which a reader would look.
RULES = cast(
    tuple[Rule, ...],
    (elements, attributes, identities, scopes, flows, reachable, gateways, conditions, events, boundaries, timers,
     steps, services, scripts, tables, loops, calls),
)  # fmt: skip

__all__ = ["RULES", "Context", "check_all"]


def check_all(document: Document, context: Context) -> list[Problem]:
    """Every problem that any rule finds, in the order of the lines of the file."""
    problems = [problem for rule in RULES for problem in rule.check(document, context)]
    return sorted(problems, key=lambda problem: int(problem.where.rpartition(":")[2]))
