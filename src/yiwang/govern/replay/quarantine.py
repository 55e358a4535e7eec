"""What was refused: listed with its reasons, and written out as a table for whoever keeps the log."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from yiwang.govern.replay.load import q
from yiwang.kernel.db import Conn
from yiwang.kernel.runtime import Runtime
from yiwang.kit.cells import neutral

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Batch:
    """One load, with how many rows were refused for which reason."""

    id: UUID
    source: str
    at: datetime
    rows: int
    imported: int
    quarantined: int
    derived: dict[str, Any] | None
    reasons: dict[str, int]


async def batches(rt: Runtime) -> list[Batch]:
    """Every load, the newest first."""
    async with rt.read_as_system() as db:
        return [await _batch(db, row) for row in await db.fetch(q.batches)]


async def _batch(db: Conn, row: Any) -> Batch:
    reasons = {r["reason"]: r["rows"] for r in await db.fetch(q.count_reasons, row["id"])}
    return Batch(**row, reasons=reasons)


async def refused(rt: Runtime, batch: UUID, reason: str | None = None, limit: int | None = None) -> AsyncIterator[Any]:
    """The refused rows of a load in the order of the file: line, key, reason, raw."""
    after, left = 0, limit
    async with rt.read_as_system() as db:
        while left is None or left > 0:
            page = await db.fetch(q.refused_rows, batch, after, reason, _PAGE if left is None else min(_PAGE, left))
            for row in page:
                yield row
            if not page:
                return
            after = page[-1]["line"]
            left = None if left is None else left - len(page)


async def export(rt: Runtime, batch: UUID, path: Path, locale: str) -> int:
    """Write the refused rows as CSV (UTF-8 with a mark; cells cannot become formulas); tells how many."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "key", "reason", "explanation", "raw"])
        async for row in refused(rt, batch):
            why = rt.strings.t(f"govern.replay.reason.{row['reason']}", locale)
            writer.writerow([row["line"], neutral(row["key"]), row["reason"], why, neutral(row["raw"])])
            count += 1
    return count
