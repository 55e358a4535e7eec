"""What a room does that installs one folder of a package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Problem
from yiwang.kernel.runtime import Registry, SectionHandler
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.rule import Known


class Section(Protocol):
    """The `handler` of a SectionHandler. It works inside the installer's action, which writes the audit row."""

    def check(self, package: Package, known: Known) -> Iterable[Problem]:
        """Problems beyond those of the rules; no database."""
        ...

    async def install(self, act: Any, package: Package, previous: str | None) -> None:
        """Take over the folder; `previous` is the version that was installed before."""
        ...

    async def remove(self, act: Any, package_id: str) -> None:
        """Take back what `install` put; keep history."""
        ...

    async def open_work(self, conn: Conn, package_id: str) -> int:
        """How much is still running that hinders removal."""
        ...


def handlers(registry: Registry) -> list[SectionHandler]:
    """Every section handler once, in the order of the rooms (a handler may serve several folders)."""
    seen: list[SectionHandler] = []
    for section in registry.all("sections"):
        if all(section.handler is not other.handler for other in seen):
            seen.append(section)
    return seen
