"""Loading a city's files into the database: set-based, idempotent, one action with one audit row."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.errors import Conflict
from yiwang.kernel.orgs import rows
from yiwang.kernel.orgs.check import check_files
from yiwang.kernel.orgs.directory import Directory
from yiwang.kernel.orgs.errors import CityInvalid
from yiwang.kernel.orgs.files import CityFiles, digest_of
from yiwang.kernel.orgs.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource
from yiwang.messages.orgs import CityLoaded, DivisionsRetired

#: Part of the stored digest: raise it when the loader makes other rows of the same files.
FORMAT = 1


class OtherCity(Conflict):
    """This installation holds another city; each city has a database of its own."""

    key = "orgs.other_city"


@dataclass(frozen=True)
class LoadReport:
    """What loading did: whether anything was to be done, how many rows the city has, which codes were retired."""

    city: str
    changed: bool
    divisions: int = 0
    organisations: int = 0
    posts: int = 0
    retired: tuple[str, ...] = ()
    seconds: float = 0.0


async def load_city(rt: Runtime, folder: Path) -> LoadReport:
    """Check and load a city's folder; loading unchanged files again does nothing.

    Raises CityInvalid with every problem (nothing is loaded then) and OtherCity when the database holds another city.
    Rows that the files no longer hold are retired or closed, never deleted; what was added by hand stays.
    """
    began = time.perf_counter()
    digest = f"{FORMAT}:{await asyncio.to_thread(digest_of, folder)}"
    async with rt.read_as_system() as db:
        loaded = await db.fetchrow(q.loaded_city)
    if loaded is not None and loaded["digest"] == digest:
        await rt.part(Directory).refresh()
        return LoadReport(loaded["code"], changed=False)
    files = await asyncio.to_thread(CityFiles.read, folder)
    problems = await asyncio.to_thread(check_files, files)
    if problems or files.city is None:
        raise CityInvalid(
            f"{folder} has {len(problems)} problems and was not loaded", problems=problems, folder=folder.name
        )
    if loaded is not None and loaded["code"] != files.city.code:
        raise OtherCity(
            f"this database holds the city {loaded['code']}, not {files.city.code}",
            holds=loaded["code"], wanted=files.city.code,
        )  # fmt: skip
    async with rt.act(Actor.system("city-loader"), "city.load", Resource("city", files.city.code)) as act:
        await act.db.execute(q.lock_loading)
        if await act.db.fetchval(q.same_digest, digest):
            act.nothing_changed()
            report = LoadReport(files.city.code, changed=False)
        else:
            report = await _write(act, files, digest)
    await rt.part(Directory).refresh()
    return LoadReport(**{**report.__dict__, "seconds": time.perf_counter() - began})


async def _write(act: Act, files: CityFiles, digest: str) -> LoadReport:
    await _put_city(act, files, digest)
    divisions, retired = await _put_places(act, files)
    await _put_tables(act, files)
    organisations = await _put_organisations(act, files)
    posts = await _put_posts(act, files)
    await act.db.execute(q.clear_responsibilities)
    duties = ((row["category"], row["place"], row["org"], row["role"]) for row in files.tables["responsibility.csv"])
    await act.db.execute(q.put_responsibilities, *rows.columns(duties, 4))
    # Last, as in every action: rows first and the version after them, so that nobody waits in a circle.
    await act.db.execute(q.bump_structure)
    city = files.city.code if files.city else ""
    counts = {"divisions": divisions, "organisations": organisations, "posts": posts}
    act.record(after={**counts, "retired": retired}, count=sum(counts.values()), digest=digest)
    act.emit(CityLoaded(city=city, **counts))
    if retired:
        act.emit(DivisionsRetired(city=city, codes=tuple(retired)))
    return LoadReport(city, True, **counts, retired=tuple(retired))


async def _put_city(act: Act, files: CityFiles, digest: str) -> None:
    city = files.city
    if city is None:
        return
    names = city.name["zh"], city.name["en"]
    place = city.country, str(city.zone), city.locale, city.prefix, *city.centre
    await act.db.execute(q.put_city, city.code, *names, *place, city.extra.get("sources", []), digest, act.now)


async def _put_places(act: Act, files: CityFiles) -> tuple[int, list[str]]:
    """Divisions and outlines; how many there are, and the codes that were retired."""
    divisions = await asyncio.to_thread(lambda: rows.columns(rows.division_rows(files), 8))
    await act.db.execute(q.put_divisions, *divisions)
    retired = await act.db.fetch(q.retire_divisions, divisions[0], act.now)
    outlines = await asyncio.to_thread(lambda: rows.columns(rows.outline_rows(files), 3))
    await act.db.execute(q.clear_outlines, outlines[0])
    await act.db.execute(q.put_outlines, *outlines)
    return len(divisions[0]), sorted(row["code"] for row in retired)


async def _put_tables(act: Act, files: CityFiles) -> None:
    """Aliases and categories."""
    await act.db.execute(q.clear_aliases)
    aliases = ((row["kind"], row["value"], row["target"]) for row in files.tables["aliases.csv"])
    await act.db.execute(q.put_aliases, *rows.columns(aliases, 3))
    table = files.tables["categories.csv"]
    categories = rows.columns(((row["key"], row["parent"], row["name_zh"], row["name_en"]) for row in table), 4)
    await act.db.execute(q.put_categories, *categories)
    await act.db.execute(q.retire_categories, categories[0], act.now)


async def _put_organisations(act: Act, files: CityFiles) -> int:
    *kept, parents = await asyncio.to_thread(lambda: rows.columns(rows.organisation_rows(files), 8))
    await act.db.execute(q.change_organisations, *kept)
    await act.db.execute(q.add_organisations, *kept)
    await act.db.execute(q.place_organisations, kept[0], parents)
    await act.db.execute(q.close_organisations, kept[0], act.now)
    return len(kept[0])


async def _put_posts(act: Act, files: CityFiles) -> int:
    posts = rows.columns(rows.post_rows(files), 4)
    await act.db.execute(q.change_posts, *posts)
    await act.db.execute(q.add_posts, *posts)
    await act.db.execute(q.close_posts, *posts[:2], act.now)
    return len(posts[0])
