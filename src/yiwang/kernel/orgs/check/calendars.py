"""calendar.toml makes a calendar."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.calendar import load_calendar
from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs.files import CityFiles

RULE = "calendar"


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Build it."""
    if files.city is None:
        return
    try:
        load_calendar(files.folder)
    except Invalid as error:
        yield "calendar.toml", str(error)
