"""What became of a replayed day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiwang.govern.replay.load import q
from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import Runtime


@dataclass
class Outcome:
    """The incidents of a day as they are at the end; ``failures`` name the request, the step and the reason."""

    day: date
    before: int = 0
    ends: datetime | None = None
    actions: int = 0
    rows: list[Any] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    async def read(self, rt: Runtime, incidents: list[UUID]) -> None:
        """Read the incidents as they are now."""
        self.ends = rt.clock.now()
        async with rt.read_as_system() as db:
            self.rows = await db.fetch(q.replayed_results, incidents)

    def counts(self, rows: list[Any] | None = None) -> dict[str, int]:
        """Reported, closed, closed in time, late (closed or still open past the date), supervised, still open."""
        rows = self.rows if rows is None else rows
        return {
            "reported": len(rows),
            "closed": sum(r["state"] == "closed" for r in rows),
            "in time": sum(r["on_time"] is True for r in rows),
            "late": sum(self._late(r) for r in rows),
            "supervised": sum(r["supervised"] > 0 for r in rows),
            "open": sum(r["state"] not in ("closed", "withdrawn", "rejected") for r in rows),
        }

    def _late(self, row: Any) -> bool:
        if row["closed_at"] is not None:
            return row["on_time"] is False
        return row["due_at"] is not None and self.ends is not None and row["due_at"] < self.ends

    def by_department(self, rt: Runtime, locale: str) -> list[tuple[str, dict[str, int]]]:
        """The same counts by department, the busiest first."""
        directory = rt.part(Directory)
        order = Counter(r["department"] for r in self.rows)
        found = []
        for key, _ in order.most_common():
            org = directory.find_org(key) if key is not None else None
            name = org.name(locale) if org else rt.strings.t("govern.replay.no_department", locale)
            found.append((name, self.counts([r for r in self.rows if r["department"] == key])))
        return found
