"""From the files of a city to the columns that the loader's statements take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import shapely

from yiwang.kernel.orgs.files import CityFiles, OutlineRow, Row
from yiwang.kernel.orgs.model import GRID
from yiwang.kit.chinese import pinyin_key

#: What the official name of a community ends in, which a grid's name leaves out.
_ENDINGS = ("居民委员会", "居委会", "村民委员会", "村委会", "居民社区委员会", "居民委员")


def columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows turned into `width` columns, also when there are none."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def grid_names(files: CityFiles, row: OutlineRow) -> tuple[str, str]:
    """The names of a grid: its own, or its community's with a number."""
    community = files.divisions[row.code[:-3]]
    base = community["name_zh"]
    for ending in _ENDINGS:
        if base.endswith(ending):
            base = base.removesuffix(ending)
            break
    number = int(row.code[-3:])
    return row.name_zh or f"{base}第{number}网格", row.name_en or f"{community['name_en']} Grid {number}"


def division_rows(files: CityFiles) -> Iterator[tuple[Any, ...]]:
    """code, parent, level, kind, names, sort key, generated: the table, then the grids of the GeoJSON file."""
    keys: dict[str, str] = {}
    for row in files.tables["divisions.csv"]:
        keys[row["code"]] = pinyin_key(row["name_zh"])
        names = row["name_zh"], row["name_en"]
        yield row["code"], row["parent"], int(row["level"]), row["kind"], *names, keys[row["code"]], False
    for grid in files.grids.values():
        parent = grid.code[:-3]
        names = grid_names(files, grid)
        yield grid.code, parent, GRID, "grid", *names, f"{keys[parent]} {grid.code[-3:]}", grid.generated


def outline_rows(files: CityFiles) -> Iterator[tuple[str, bytes, bool]]:
    """code, well-known binary, generated."""
    for rows in files.outlines.values():
        for row in rows:
            yield row.code, shapely.to_wkb(row.geometry), row.generated


def organisation_rows(files: CityFiles) -> Iterator[tuple[str, ...]]:
    """code, kind, division, names, sort key, uscc, parent: the table, then an organisation for every grid."""
    for row in files.tables["organisations.csv"]:
        names = row["name_zh"], row["name_en"], pinyin_key(row["name_zh"])
        yield row["code"], row["kind"], row["division"], *names, row["uscc"], row["parent"]
    for grid in files.grids.values():
        zh, en = grid_names(files, grid)
        key = f"{pinyin_key(files.divisions[grid.code[:-3]]['name_zh'])} {grid.code[-3:]}"
        yield grid.code, "grid", grid.code, zh, en, key, "", grid.code[:-3]


def post_rows(files: CityFiles) -> Iterator[tuple[str, str, str, str]]:
    """organisation, role, titles: each row of posts.csv at every organisation that it selects."""
    by_kind: dict[str, list[Row]] = {}
    for row in files.tables["posts.csv"]:
        by_kind.setdefault(row["kind"], []).append(row)
    kinds = [(code, row["kind"]) for code, row in files.organisations.items()]
    for code, kind in [*kinds, *((code, "grid") for code in files.grids)]:
        for row in by_kind.get(kind, ()):
            if row["org"] == "*" or fnmatchcase(code, row["org"]):
                yield code, row["role"], row["title_zh"], row["title_en"]
