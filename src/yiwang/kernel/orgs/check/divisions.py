"""divisions.csv is a tree: one city, each parent one level above, each code begins with its parent's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles, Row
from yiwang.kernel.orgs.model import CITY

RULE = "divisions"
_CODE = re.compile(r"[a-z0-9]{1,15}")


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Check each row against its parent's; the top row against city.toml."""
    if files.city is None:
        return
    tops = [row for row in files.tables["divisions.csv"] if not row["parent"]]
    if [row["code"] for row in tops] != [files.city.code]:
        yield "divisions.csv", f"exactly one row, {files.city.code}, may have no parent"
    for row in files.tables["divisions.csv"]:
        if not _CODE.fullmatch(row["code"]) or not row["code"].startswith(files.city.prefix):
            yield row.where, f"code {row['code']!r} must be 1 to 15 of a-z and 0-9 and begin with {files.city.prefix}"
        if row["level"] not in {"1", "2", "3", "4"}:
            yield row.where, f"level {row['level']!r} must be 1 to 4 (grids stand in grids.geojson)"
        else:
            yield from _against_parent(files, row, files.city.prefix)


def _against_parent(files: CityFiles, row: Row, prefix: str) -> Iterator[tuple[str, str]]:
    level = int(row["level"])
    if not row["parent"]:
        if level != CITY:
            yield row.where, f"a row without parent must be of level {CITY}, not {level}"
        return
    parent = files.divisions.get(row["parent"])
    if parent is None:
        yield row.where, f"parent {row['parent']!r} does not exist"
        return
    if parent["level"] != str(level - 1):
        yield row.where, f"level {level} must lie below level {level - 1}, but {row['parent']} has {parent['level']}"
    stem = prefix if not parent["parent"] else row["parent"]
    if not row["code"].startswith(stem) or row["code"] == stem:
        yield row.where, f"code {row['code']} must begin with its parent's {stem}"
