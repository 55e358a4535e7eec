"""The public entries that installed packages declare: service items of kind ``report`` and the process each starts.

The installer hands the folder ``services/`` to every room that asked for it; this is govern's part, and serve's list of
items is another's.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.errors import Problem
from yiwang.kernel.runtime import Runtime

q = Queries.load("yiwang.govern")
_STALE_S = 2.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to report: the item, the process it starts, and what is promised."""

    package: str
    item: str
    process: str
    form: str
    path: str
    title_zh: str
    title_en: str
    anonymous: bool
    promised: str

    def title(self, locale: str) -> str:
        """The name of the item in a locale."""
        return self.title_en if locale == "en" else self.title_zh


class Entries:
    """``await rt.part(Entries).all()``: the entries, at most two seconds old."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._known: tuple[Entry, ...] = ()
        self._read_at = float("-inf")

    async def all(self) -> tuple[Entry, ...]:
        """Every entry, in the order in which packages brought them."""
        if time.monotonic() - self._read_at > _STALE_S:
            async with self._rt.read_as_system() as db:
                rows = await db.fetch(q.read_entries)
            self._known = tuple(Entry(**{name: row[name] for name in Entry.__slots__}) for row in rows)
            self._read_at = time.monotonic()
        return self._known

    async def named(self, item: str = "") -> Entry | None:
        """The entry of an item, or the first one; None when no package brought any."""
        known = await self.all()
        return next((e for e in known if e.item == item), known[0] if known else None)

    def package_of(self, process: str | None) -> str:
        """The package whose entry starts a process, as far as this runtime has read them; "" for none."""
        return next((e.package for e in self._known if e.process == process), "") if process else ""

    def forget(self) -> None:
        """Read again at the next question."""
        self._read_at = float("-inf")


async def know_entries(rt: Runtime) -> None:
    """At start: which package each process belongs to, for the policies of packages."""
    await rt.part(Entries).all()


class EntrySection:
    """Takes over the service items of kind ``report`` from a package."""

    def check(self, package: Any, _known: Any) -> Iterable[Problem]:
        """Two items of kind report with one path could not be told apart."""
        seen: dict[str, str] = {}
        for path, item in package.services.items():
            if item.kind == "report" and seen.setdefault(item.entry, path) != path:
                text = f"{item.entry} is already the entry of {seen[item.entry]}"
                yield Problem(path, "govern.problem.entry_twice", {"entry": item.entry}, "entries", text)

    async def install(self, act: Any, package: Any, _previous: str | None) -> None:
        """Replace the entries of the package."""
        await act.db.execute(q.drop_entries, package.manifest.id)
        for item in package.services.values():
            if item.kind == "report":
                await act.db.execute(
                    q.add_entry, package.manifest.id, item.id, item.process, item.form, item.entry, item.title.zh,
                    item.title.en, item.anonymous, item.promised,
                )  # fmt: skip

    async def remove(self, act: Any, package_id: str) -> None:
        """Its entries take no more reports; incidents and their processes stay."""
        await act.db.execute(q.drop_entries, package_id)

    async def open_work(self, _conn: Conn, _package_id: str) -> int:
        """Incidents are counted by their processes."""
        return 0

    async def after(self, rt: Runtime) -> None:
        """Show the change at once in this process."""
        rt.part(Entries).forget()
