"""The bulk load: one action, one audit row with count and digest, one message, rows in = imported + quarantined."""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from yiwang.govern.errors import NoIntake
from yiwang.govern.replay.deadlines import Deadlines
from yiwang.govern.replay.mapping import Mapping
from yiwang.govern.replay.meaning import Meanings
from yiwang.govern.replay.moments import Days
from yiwang.govern.replay.packing import BEGIN, COLUMNS, END, SUSPECT_COLUMNS, Packer, integer, text
from yiwang.govern.replay.records import Log
from yiwang.govern.store import q as govern
from yiwang.kernel.calendar import City, city_folder, work_calendar
from yiwang.kernel.db import Queries
from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource
from yiwang.kit.ids import new_id
from yiwang.messages.govern import HistoryImported

q = Queries.load("yiwang.govern.replay")
#: Refused rows are kept in memory up to this, then in a file.
_SPOOL = 8 * 1024 * 1024
Progress = Callable[[int, int], None]
"""Bytes of the file read, rows read."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a log: rows = imported + quarantined. ``before`` is when this very file had been imported."""

    batch: UUID
    rows: int
    imported: int
    quarantined: int
    digest: str
    before: datetime | None = None


class _Known(Exception):
    def __init__(self, found: Loaded) -> None:
        self.found = found


async def load_log(rt: Runtime, actor: Actor, mapping: Mapping, path: Path, progress: Progress | None = None) -> Loaded:
    """Import a log as history. The same file again imports nothing and says so (``before``).

    Raises BadFile, NoIntake, NoSuchProcess (the package that sets the deadlines is not installed), Refused.
    """
    directory = await rt.part(Directory).fresh()
    intake = directory.post_near("intake", directory.city.code)
    if intake is None:
        raise NoIntake("no organisation of the city has a post of the role intake")
    deadlines = await Deadlines.of(rt, mapping.deadline)
    locale = City.load(city_folder(rt.settings.city)).locale
    meanings = Meanings(mapping, directory, locale, rt.strings.t("govern.replay.untitled", locale))
    load = _Load(rt, mapping, path, intake.org, meanings, deadlines, progress or (lambda _read, _rows: None))
    try:
        async with rt.act(actor, "incident.import", Resource("incident", org=intake.org)) as act:
            return await load.run(act)
    except _Known as known:
        return known.found


class _Load:
    def __init__(
        self, rt: Runtime, mapping: Mapping, path: Path, org: int, meanings: Meanings, deadlines: Deadlines,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.rt, self.mapping, self.path, self.org = rt, mapping, path, org
        self.meanings, self.deadlines, self.progress = meanings, deadlines, progress
        self.batch = new_id()
        self.digest = ""

    async def run(self, act: Act) -> Loaded:
        """Fill the batch's table, judge, index, record."""
        table = await act.db.fetchval(q.begin_history, self.batch, self.mapping.item, "import", self.org)
        with tempfile.SpooledTemporaryFile(_SPOOL) as suspects:
            suspects.write(BEGIN)
            rows = await self._copy(act, table, suspects)
            await self._refuse_same(act)
            known = {r["line"] for r in await act.db.fetch(q.drop_known, self.batch)}
            if known:
                self._suspect_known(known, suspects)
            suspects.write(END)
            suspects.seek(0)
            await act.db.copy_stream("govern", "suspect", SUSPECT_COLUMNS, _blocks(suspects))
        (row,) = await act.db.fetch(q.finish_history, self.batch, timeout=600)
        done = Loaded(self.batch, rows, row["imported"], row["quarantined"], self.digest)
        if done.rows != done.imported + done.quarantined:
            raise ValueError(f"{done.rows} rows went in, {done.imported} + {done.quarantined} came out")
        await self._record(act, done)
        return done

    async def _copy(self, act: Act, table: str, suspects: IO[bytes]) -> int:
        with _opened(self.path) as log:
            days = Days(self.mapping.dates, work_calendar(self.rt).zone, act.now)
            packer = Packer(
                self.mapping, log.heading, self.batch, self.org, days=days, meanings=self.meanings,
                deadlines=self.deadlines, suspects=suspects,
            )  # fmt: skip

            chunks = log.chunks()

            def pack_next() -> bytes | None:
                rows = next(chunks, None)
                return None if rows is None else packer.pack(rows)

            async def packed() -> AsyncIterator[bytes]:
                yield BEGIN
                # The next rows are packed by a thread while the server takes these: it waits for nobody.
                coming = asyncio.create_task(asyncio.to_thread(pack_next))
                while (block := await coming) is not None:
                    coming = asyncio.create_task(asyncio.to_thread(pack_next))
                    yield block
                    self.progress(log.position, packer.rows)
                yield END

            with _at_full_speed():
                await act.db.copy_stream("govern", table, COLUMNS, packed())
            self.digest = log.digest
            return packer.rows

    async def _refuse_same(self, act: Act) -> None:
        found = await act.db.fetchrow(q.same_file, self.digest)
        if found is not None:
            counts = (found["rows"], found["imported"], found["quarantined"])
            raise _Known(Loaded(found["id"], *counts, self.digest, before=found["at"]))

    def _suspect_known(self, lines: set[int], suspects: IO[bytes]) -> None:
        """Read the file once more for the rows whose key had been imported before: their text goes into quarantine."""
        head = (5).to_bytes(2) + (16).to_bytes(4) + self.batch.bytes
        with _opened(self.path) as log:
            at = log.heading.index(self.mapping.columns.key)
            number = 0
            for rows in log.chunks():
                for raw, cells in rows:
                    number += 1
                    if number in lines:
                        tail = text("already-imported") + text(raw[:4000].decode("utf-8", "replace"))
                        suspects.write(head + integer(number) + text(cells[at]) + tail)

    async def _record(self, act: Act, done: Loaded) -> None:
        source, who = self.mapping.source, act.actor
        note = f"{self.path.name}: {self.mapping.title['en']}"
        await act.db.execute(
            govern.record_batch,
            {
                "id": done.batch, "source": source, "type": self.mapping.item, "at": act.now, "by": who.id,
                "by_name": who.name, "rows": done.rows, "imported": done.imported, "quarantined": done.quarantined,
                "digest": done.digest, "note": note, "derived": self._derived(),
            },
        )  # fmt: skip
        after = {"source": source, "imported": done.imported, "quarantined": done.quarantined, **self._derived()}
        act.record(after=after, count=done.rows, digest=done.digest, note=note)
        act.emit(
            HistoryImported(
                batch=done.batch, source=source, rows=done.imported, quarantined=done.quarantined, digest=done.digest
            )
        )

    def _derived(self) -> dict[str, Any]:
        """What was not recorded and how it came about; shown beside the numbers."""
        return {
            "title": self.mapping.title, "department": "responsibility", "times": "generated",
            "due": self.deadlines.rule or None, "not_recorded": ["satisfied", "reopened"],
        }  # fmt: skip


@contextmanager
def _opened(path: Path) -> Iterator[Log]:
    log = Log(path)
    try:
        yield log
    finally:
        log.close()


async def _blocks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while block := file.read(1 << 18):
        yield block


@contextmanager
def _at_full_speed() -> Iterator[None]:
    """Millions of short-lived cells hold no cycles: looking for some in a whole application doubles the time.

    And the thread that packs gives way soon when the server can take more, instead of after five milliseconds.
    """
    collecting, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(0.0003)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collecting:
            gc.enable()
