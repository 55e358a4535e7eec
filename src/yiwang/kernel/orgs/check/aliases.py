"""aliases.csv: what other systems call things must be something here."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles

RULE = "aliases"


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Check that each target is a division or a category."""
    categories = {row["key"] for row in files.tables["categories.csv"]}
    for row in files.tables["aliases.csv"]:
        if row["target"] not in files.divisions and row["target"] not in categories:
            yield row.where, f"target {row['target']!r} is neither a division nor a category"
        if not row["kind"] or not row["value"]:
            yield row.where, "kind and value must not be empty"
