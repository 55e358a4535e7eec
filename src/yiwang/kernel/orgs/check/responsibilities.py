"""responsibility.csv: every row leads to a post, and every category is answered for."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from yiwang.kernel.orgs.files import CityFiles, Row
from yiwang.kernel.orgs.model import LEVEL_NAMES, ROLES
from yiwang.kernel.orgs.responsibility import PATTERN, widening

RULE = "responsibility"
_LEVELS = {name: str(level) for level, name in LEVEL_NAMES.items()}


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Resolve each pattern at every place that it covers."""
    categories = {row["key"] for row in files.tables["categories.csv"]}
    answered = set()
    for row in files.tables["responsibility.csv"]:
        answered.add(row["category"])
        if row["category"] not in categories:
            yield row.where, f"category {row['category']!r} is not in categories.csv"
        if row["role"] not in ROLES:
            yield row.where, f"role {row['role']!r} must be one of {', '.join(ROLES)}"
        covered = [code for code in files.divisions if code.startswith(row["place"])]
        if not covered:
            yield row.where, f"no division's code begins with place {row['place']!r}"
        yield from _resolved(files, row)
    for category in sorted(categories):
        if not answered.intersection(widening(category)):
            yield "responsibility.csv", f"nobody answers for category {category!r}"


def _resolved(files: CityFiles, row: Row) -> Iterator[tuple[str, str]]:
    levels = PATTERN.findall(row["org"])
    if "{" in PATTERN.sub("", row["org"]) or len(levels) > 1:
        yield (
            row.where,
            f"org {row['org']!r}: expected a code, with at most one of {{city}} {{district}} {{street}} ...",
        )
        return
    places = [""]
    if levels and levels[0] != "grid":
        level = _LEVELS[levels[0]]
        found = files.divisions.items()
        places = [code for code, one in found if one["level"] == level and code.startswith(row["place"])]
    for place in places:
        code = PATTERN.sub(place, row["org"])
        if levels != ["grid"] and not _has_post(files, code, row["role"]):
            yield row.where, f"organisation {code} has no post of role {row['role']}"


def _has_post(files: CityFiles, code: str, role: str) -> bool:
    org = files.organisations.get(code)
    return org is not None and any(
        post["role"] == role and post["kind"] == org["kind"] and fnmatchcase(code, post["org"])
        for post in files.tables["posts.csv"]
    )
