"""organisations.csv: known kinds, parents and divisions; unified social credit codes that check."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles
from yiwang.kernel.orgs.model import ORG_KINDS
from yiwang.kernel.orgs.uscc import valid_uscc

RULE = "organisations"


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Check each row; a parent must stand above its children in the file."""
    seen: set[str] = set()
    for row in files.tables["organisations.csv"]:
        if row["kind"] not in ORG_KINDS or row["kind"] == "grid":
            yield row.where, f"kind {row['kind']!r} must be one of {', '.join(k for k in ORG_KINDS if k != 'grid')}"
        if row["parent"] and row["parent"] not in seen:
            yield row.where, f"parent {row['parent']!r} must stand above this row"
        if row["division"] not in files.divisions:
            yield row.where, f"division {row['division']!r} is not in divisions.csv"
        if not 1 <= len(row["code"]) <= 60:
            yield row.where, "code must have 1 to 60 characters"
        if row["uscc"] and not valid_uscc(row["uscc"]):
            yield row.where, f"uscc {row['uscc']!r} is no unified social credit code (GB 32100)"
        seen.add(row["code"])
