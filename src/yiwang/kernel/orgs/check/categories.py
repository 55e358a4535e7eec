"""categories.csv: dotted keys, each below a parent that stands above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles

RULE = "categories"
_KEY = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*")


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Check that a key is its parent's key and one more word."""
    seen: set[str] = set()
    for row in files.tables["categories.csv"]:
        key = row["key"]
        if not _KEY.fullmatch(key) or len(key) > 60:
            yield row.where, f"key {key!r} must be words of a-z, 0-9 and - joined by dots, at most 60 characters"
        if row["parent"] != key.rpartition(".")[0]:
            yield row.where, f"parent of {key!r} must be {key.rpartition('.')[0]!r}, not {row['parent']!r}"
        if row["parent"] and row["parent"] not in seen:
            yield row.where, f"parent {row['parent']!r} must stand above this row"
        seen.add(key)
