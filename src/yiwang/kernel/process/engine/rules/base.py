"""What the rules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.decisions.table import Decision
from yiwang.kernel.process.engine.spec import Spec


@dataclass(frozen=True)
class Context:
    """What a file may refer to: see ``compile_process``."""

    file: str
    decisions: Mapping[str, Decision]
    capabilities: frozenset[str] | None
    find_process: Callable[[str], Spec | None]

    def problem(self, line: int, rule: str, kind: str, text: str, **params: Any) -> Problem:
        """A problem at a line; ``kind`` names its sentence under ``engine.rule`` in the strings."""
        return Problem(where=f"{self.file}:{line}", key=f"engine.rule.{kind}", params=params, rule=rule, text=text)
