"""History of another system, taken in at once: one action, one audit row with count and digest, one message.

async with rt.act(actor, "incident.import", Resource("incident", org=org)) as act:
    done = await import_history(act, rows, source="nyc", item="resident-requests", org=org, digest=sha256_of_file)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.govern.places import Place
from yiwang.govern.store import q
from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Act
from yiwang.kit.ids import new_id
from yiwang.messages.govern import HistoryImported

#: Columns of a staged row, in the order in which ``StageRow.values`` gives them (after the batch).
COLUMNS = (
    "batch", "line", "key", "category", "title", "area", "address", "department", "opened_at", "closed_at", "due_at",
    "on_time", "satisfied", "source", "problem", "raw",
)  # fmt: skip

StageRow = tuple[
    int, str, str, str, str, str, int | None, datetime | None, datetime | None, datetime | None, bool | None,
    str | None, str, str | None, str,
]  # fmt: skip
"""line, key, category, title, area, address, department, opened_at, closed_at, due_at, on_time, satisfied, source,
problem, raw.

``key`` becomes the number of the incident. ``problem`` is None for a good row, else the reason for its quarantine (a
short code). Text is '' and the rest None where the source records nothing. ``raw`` is the row as it was.
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a batch: rows = imported + quarantined."""

    batch: UUID
    rows: int
    imported: int
    quarantined: int


async def import_history(
    act: Act, rows: Iterable[StageRow], *, source: str, item: str, org: int, digest: str, note: str = ""
) -> Imported:
    """Stage the rows by COPY and move them over in one statement; records the audit row and emits the message.

    The first good line of a key wins; the others are quarantined as ``repeated-key``, and a key that an earlier batch
    brought as ``already-imported`` (so the same file twice adds nothing). ``item`` is what type the incidents get,
    ``org`` owns them, ``digest`` identifies the file. ValueError when the counts do not add up (everything rolls back).
    """
    batch = new_id()
    staged = await act.db.copy_records("govern", "stage", COLUMNS, ((batch, *row) for row in rows))
    directory = await act.rt.part(Directory).fresh()
    zone = str(work_calendar(act.rt).zone)
    row = await act.db.fetchrow(q.import_stage, batch, item, org, zone, _places(directory))
    assert row is not None
    done = Imported(batch, staged, row["imported"], row["quarantined"])
    if done.rows != done.imported + done.quarantined:
        raise ValueError(f"{done.rows} rows went in, {done.imported} + {done.quarantined} came out")
    who = act.actor
    await act.db.execute(
        q.record_batch,
        {
            "id": batch, "source": source, "type": item, "at": act.now, "by": who.id, "by_name": who.name,
            "rows": done.rows, "imported": done.imported, "quarantined": done.quarantined, "digest": digest,
            "note": note,
        },
    )  # fmt: skip
    after = {"source": source, "imported": done.imported, "quarantined": done.quarantined}
    act.record(after=after, count=done.rows, digest=digest, note=note)
    act.emit(
        HistoryImported(batch=batch, source=source, rows=done.imported, quarantined=done.quarantined, digest=digest)
    )
    return done


def _places(directory: Directory) -> list[dict[str, Any]]:
    """District, street and community of every division: what rows are broken down by."""
    found = []
    for code in directory.snapshot.divisions:
        place = Place.of(directory.chain(code))
        found.append({"area": code, "district": place.district, "street": place.street, "community": place.community})
    return found
