"""What the filters offer: the installed processes and their steps, districts and streets."""

from __future__ import annotations

import time
from dataclasses import dataclass

from yiwang.kernel.orgs import CITY, STREET, Directory
from yiwang.kernel.process import Definitions, queries
from yiwang.kernel.runtime import Runtime

_STALE_S = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """A process with the steps that people do."""

    key: str
    zh: str
    en: str
    steps: tuple[tuple[str, str, str], ...]

    def title(self, locale: str) -> str:
        """Its name for a reader."""
        return self.zh if locale == "zh" else self.en or self.zh


class Processes:
    """``await rt.part(Processes).all()``: the newest version of each installed process, at most half a minute old."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._known: tuple[Known, ...] = ()
        self._read_at = float("-inf")

    async def all(self) -> tuple[Known, ...]:
        """Every process that has steps for people."""
        if time.monotonic() - self._read_at > _STALE_S:
            self._known = await self._read()
            self._read_at = time.monotonic()
        return self._known

    async def _read(self) -> tuple[Known, ...]:
        found: dict[str, Known] = {}
        async with self._rt.read_as_system() as db:
            for row in await queries.definitions(db):
                if row["key"] in found:
                    continue
                definition = await self._rt.part(Definitions).get(db, row["key"], row["version"])
                steps = tuple(
                    (key, info.name, str(info.attrs.get("title-en") or info.name))
                    for key, info in definition.spec.steps.items()
                    if info.kind == "userTask" and info.name
                )
                if steps:
                    found[row["key"]] = Known(row["key"], row["title_zh"], row["title_en"], steps)
        return tuple(found.values())


def step_options(known: tuple[Known, ...], process: str, locale: str) -> list[tuple[str, str]]:
    """Steps to filter by: of one process, or of all."""
    steps: dict[str, str] = {}
    for one in known:
        if process in ("", one.key):
            for key, zh, en in one.steps:
                steps.setdefault(key, zh if locale == "zh" else en)
    return list(steps.items())


def place_options(directory: Directory, chosen: str, locale: str) -> list[tuple[str, str]]:
    """Places to filter by, as prefixes of codes: the districts, and the streets of the chosen one."""
    try:
        districts = directory.divisions_below(directory.city.code)
    except LookupError:
        return []
    options = []
    for district in districts:
        prefix = directory.prefix(district.code)
        options.append((prefix, district.name(locale)))
        if chosen.startswith(prefix):
            streets = [one for one in directory.divisions_below(district.code) if CITY < one.level <= STREET]
            options += [(street.code, f"\u2003{street.name(locale)}") for street in streets]
    return options
