"""What a rule of the validator is, and what it may know of the city that the package is checked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from yiwang.kernel.errors import Problem
from yiwang.kernel.runtime import MeasureSource, Registry, SectionHandler
from yiwang.kernel.scenarios.package import Package


@dataclass(frozen=True)
class Known:
    """What the installed rooms offer to packages. `packages` maps an installed package to its version."""

    nets: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    sources: Mapping[str, MeasureSource] = field(default_factory=dict)
    verbs: frozenset[str] = frozenset()
    sections: tuple[SectionHandler, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()

    @classmethod
    def of(cls, registry: Registry, roles: Iterable[str], packages: Mapping[str, str] | None = None) -> Known:
        """Read it from the registry; `packages` are those installed, when a database is at hand."""
        return cls(
            nets=frozenset(room.name for room in registry.rooms),
            capabilities=frozenset(c.name for c in registry.all("capabilities")),
            roles=frozenset(roles),
            sources={source.name: source for source in registry.all("measures")},
            verbs=frozenset(step.verb for step in registry.all("story_steps")),
            sections=tuple(registry.all("sections")),
            packages=packages or {},
            modules=tuple(registry.packages()),
        )


@dataclass(frozen=True)
class Rule:
    """One rule: its name (the tag of its problems), what it asks in one sentence, and the check."""

    name: str
    asks: str
    check: Callable[[Package, Known], Iterable[Problem]]
