"""Everything that users read has a Chinese and an English name."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles
from yiwang.kit.chinese import is_han

RULE = "names"
_TABLES = {
    "divisions.csv": "name",
    "organisations.csv": "name",
    "categories.csv": "name",
    "posts.csv": "title",
}


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Find empty names, Chinese ones without a Chinese character, English ones with one."""
    for table, stem in _TABLES.items():
        for row in files.tables[table]:
            zh, en = row[f"{stem}_zh"], row[f"{stem}_en"]
            if not zh or not any(map(is_han, zh)):
                yield row.where, f"{stem}_zh {zh!r} must be Chinese"
            if not en or any(map(is_han, en)):
                yield row.where, f"{stem}_en {en!r} must be English"
