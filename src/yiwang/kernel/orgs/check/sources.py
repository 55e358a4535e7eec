"""Every file of a city says where it comes from and under which licence."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles

RULE = "sources"


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Compare the [[sources]] of city.toml with the folder."""
    if files.city is None:
        return
    named: set[str] = set()
    for number, source in enumerate(files.city.extra.get("sources", []), 1):
        for key in ("files", "title", "licence"):
            if not source.get(key):
                yield "city.toml", f"source {number} needs {key}"
        named |= set(source.get("files", []))
    present = {item.name for item in files.folder.iterdir() if item.is_file()} - {"city.toml"}
    for name in sorted(present - named):
        yield name, "no [[sources]] of city.toml names this file"
    for name in sorted(named - present):
        yield "city.toml", f"source file {name!r} does not exist"
