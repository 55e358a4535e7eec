"""A compiled definition: what people see of it, and the specs that run. All its runs share it; it never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.kernel.process.engine.decisions.table import Decision
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.effects import StepInfo


@dataclass(frozen=True, eq=False)
class Spec:
    """One version of a process.

    ``key`` is the id of the process element; ``steps`` has every element (those of called processes as
    ``called-key/element``); ``digest`` (SHA-256, hex) covers the file, the decisions and the processes that it uses.
    """

    key: str
    title_zh: str
    title_en: str
    steps: Mapping[str, StepInfo]
    digest: str
    xml: bytes
    file: str
    main: Any = field(repr=False)
    bodies: Mapping[str, Any] = field(repr=False)
    places: Mapping[str, int] = field(repr=False)
    document: Document = field(repr=False)
    decisions: Mapping[str, Decision] = field(default_factory=dict, repr=False)
    capabilities: frozenset[str] = frozenset()
    calls: Mapping[str, Spec] = field(default_factory=dict, repr=False)

    def task_spec(self, body: str, name: str) -> Any:
        """The spec called ``name`` in a body (empty for the process itself); None when there is none."""
        workflow = self.main if not body else self.bodies.get(body)
        return None if workflow is None else workflow.task_specs.get(name)
