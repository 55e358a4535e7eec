"""A key stands once in its table."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles

RULE = "unique"
_KEYS = {
    "divisions.csv": ("code",),
    "organisations.csv": ("code",),
    "categories.csv": ("key",),
    "posts.csv": ("kind", "org", "role"),
    "responsibility.csv": ("category", "place", "org", "role"),
    "aliases.csv": ("kind", "value"),
}


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Name the second and every later row of a key."""
    for table, columns in _KEYS.items():
        seen: dict[tuple[str, ...], str] = {}
        for row in files.tables[table]:
            key = tuple(row[column] for column in columns)
            if key in seen:
                yield row.where, f"{' + '.join(columns)} {' '.join(key)!r} already stands in {seen[key]}"
            seen.setdefault(key, row.where)
    for name, outlines in files.outlines.items():
        codes: set[str] = set()
        for outline in outlines:
            if outline.code in codes:
                yield outline.where, f"code {outline.code!r} already has an outline in {name}"
            codes.add(outline.code)
