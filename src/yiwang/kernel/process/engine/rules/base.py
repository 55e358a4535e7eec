"""What the rules share: where things may be found, how a problem is told, how an expression or a name is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from yiwang.kernel.cel import CelError, compile_cel
from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.decisions.table import Decision
from yiwang.kernel.process.engine.document import Document, Node
from yiwang.kernel.process.engine.spec import Spec

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
#: Words that CEL or a repeated step needs for itself.
RESERVED = frozenset(
    {"now", "result", "true", "false", "null", "in", "loopCounter", "nrOfInstances", "nrOfCompletedInstances",
     "nrOfActiveInstances", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
     "loop", "package", "namespace", "return", "var", "void", "while"}
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What a file may refer to: see ``compile_process``."""

    file: str
    decisions: Mapping[str, Decision]
    capabilities: frozenset[str] | None
    find_process: Callable[[str], Spec | None]

    def problem(self, line: int, rule: str, kind: str, text: str, /, **params: Any) -> Problem:
        """A problem at a line; ``kind`` names its sentence under ``engine.rule`` in the strings."""
        return Problem(where=f"{self.file}:{line}", key=f"engine.rule.{kind}", params=params, rule=rule, text=text)

    def expression(self, text: str, line: int, rule: str) -> Iterator[Problem]:
        """The problem of an expression that does not compile."""
        try:
            compile_cel(text, names=None)
        except CelError as wrong:
            yield wrong.problem(f"{self.file}:{line}", rule)

    def name(self, name: str, line: int, rule: str, owner: str) -> Iterator[Problem]:
        """The problem of a name that cannot be a variable."""
        if _NAME.fullmatch(name) is None or name in RESERVED:
            text = f"{owner}: {name!r} cannot be the name of a variable (letters, digits and _, not a reserved word)"
            yield self.problem(line, rule, "bad_name", text, element=owner, name=name)

    def pairs(self, node: Node, child: str, rule: str) -> Iterator[Problem]:
        """The problems of the yw: children of a node: their names, their expressions, names given twice."""
        seen: set[str] = set()
        for name, text, line in node.children(child):
            # What a capability takes is a key of its inputs and no variable, so it may be called like a reserved word.
            if not (child == "input" and node.tag == "serviceTask" and name in RESERVED):
                yield from self.name(name, line, rule, node.id)
            yield from self.expression(text, line, rule)
            if name in seen and child == "input":
                twice = f"{node.id}: yw:{child} {name!r} is given twice"
                yield self.problem(line, rule, "twice", twice, element=node.id, name=name)
            seen.add(name)


class Rule(Protocol):
    """A module with a name and a check."""

    NAME: str

    @staticmethod
    def check(document: Document, context: Context) -> Iterator[Problem]:
        """Every problem that this rule finds."""
        ...
