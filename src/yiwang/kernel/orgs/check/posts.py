"""posts.csv: known roles, and selectors that select something."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from yiwang.kernel.orgs.files import CityFiles
from yiwang.kernel.orgs.model import ORG_KINDS, ROLES

RULE = "posts"


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Check each row; a city must be able to take, dispatch and administer."""
    for row in files.tables["posts.csv"]:
        if row["role"] not in ROLES:
            yield row.where, f"role {row['role']!r} must be one of {', '.join(ROLES)}"
        if row["kind"] not in ORG_KINDS:
            yield row.where, f"kind {row['kind']!r} must be one of {', '.join(ORG_KINDS)}"
        elif not _selects(files, row["kind"], row["org"]):
            yield row.where, f"no organisation of kind {row['kind']} has a code like {row['org']!r}"
    present = {row["role"] for row in files.tables["posts.csv"]}
    for role in ("intake", "dispatcher", "handler", "admin"):
        if files.tables["posts.csv"] and role not in present:
            yield "posts.csv", f"no post has the role {role}"


def _selects(files: CityFiles, kind: str, pattern: str) -> bool:
    if kind == "grid":
        return any(fnmatchcase(code, pattern) for code in files.grids)
    return any(row["kind"] == kind and fnmatchcase(code, pattern) for code, row in files.organisations.items())
