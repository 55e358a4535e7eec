"""`yiwang city check`: one file per rule, every error collected with file and row.

A rule is a module with ``RULE`` (its name, which tags its problems) and ``check(files) -> iterator of (where, text)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from yiwang.kernel.errors import Problem
from yiwang.kernel.orgs.check import (
    aliases,
    calendars,
    categories,
    city_head,
    divisions,
    names,
    organisations,
    outlines,
    posts,
    responsibilities,
    sources,
    uniqueness,
)
from yiwang.kernel.orgs.files import CityFiles

Found = Iterator[tuple[str, str]]
RULES: tuple[tuple[str, Callable[[CityFiles], Found]], ...] = tuple(
    (module.RULE, module.check)
    for module in (
        city_head,
        uniqueness,
        names,
        divisions,
        outlines,
        organisations,
        posts,
        categories,
        responsibilities,
        aliases,
        calendars,
        sources,
    )
)


def check_files(files: CityFiles) -> list[Problem]:
    """What is wrong with a city that was read: the problems of reading first, then those of each rule."""
    found = list(files.problems)
    for rule, check in RULES:
        found += [Problem(where, "orgs.city_problem", {"text": text}, rule, text) for where, text in check(files)]
    return found


def check_city(folder: Path) -> list[Problem]:
    """What is wrong with a city's folder; an empty list when it may be loaded."""
    return check_files(CityFiles.read(folder))


__all__ = ["RULES", "check_city", "check_files"]
