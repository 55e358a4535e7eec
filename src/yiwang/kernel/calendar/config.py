"""From ``calendar.toml`` to a calendar."""

from __future__ import annotations

import tomllib
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from yiwang.kernel.calendar.city import City, city_folder
from yiwang.kernel.calendar.days import ChineseDays, ComputedDays, Days, WithExceptions
from yiwang.kernel.calendar.working import Season, WorkCalendar
from yiwang.kernel.errors import Invalid
from yiwang.kernel.runtime import Runtime


def load_calendar(folder: Path) -> WorkCalendar:
    """The calendar of a city's folder; Invalid names what is wrong in calendar.toml."""
    city = City.load(folder)
    source = folder / "calendar.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        return WorkCalendar(city.zone, read_days(table), read_seasons(table))
    except (ValueError, KeyError, TypeError, OSError, NotImplementedError) as error:
        raise Invalid(f"{source}: {error}", file=source.name) from error


def read_days(table: dict[str, Any]) -> Days:
    """The source of working days that a calendar.toml names; ValueError for an unknown one."""
    published = table.get("published")
    if published not in {None, "chinesecalendar"}:
        raise ValueError(f"published = {published!r}: expected chinesecalendar, or leave it out")
    days: Days = ChineseDays() if published else ComputedDays(table["country"], table.get("subdivision"))
    days.working(date(2026, 1, 5))  # an unknown country or subdivision fails here, not at the first deadline
    exceptions = {_day(item["date"]): bool(item["working"]) for item in table.get("exception", [])}
    return WithExceptions(days, exceptions) if exceptions else days


def read_seasons(table: dict[str, Any]) -> list[Season]:
    """Office hours by season; ValueError when there are none, or intervals overlap or run backwards."""
    seasons = [_season(item) for item in table.get("season", [])]
    if not seasons:
        raise ValueError("there is no [[season]] with hours")
    return seasons


def _season(item: dict[str, Any]) -> Season:
    month, day = (int(part) for part in item["from"].split("-"))
    date(2024, month, day)
    hours = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in item["hours"])
    edges = [edge for interval in hours for edge in interval]
    if not edges or any(a >= b for a, b in pairwise(edges)):
        raise ValueError(f"season from {item['from']}: hours must be intervals in order that do not touch")
    return Season((month, day), hours)


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError(f"exception: {value!r} is not a date")  # noqa: TRY004 -- one error class for a broken file
    return value


class _CityCalendar:
    """The calendar of the running city, read once per runtime."""

    def __init__(self, rt: Runtime) -> None:
        self.calendar = load_calendar(city_folder(rt.settings.city))


def work_calendar(rt: Runtime) -> WorkCalendar:
    """The calendar of the city that this runtime serves."""
    return rt.part(_CityCalendar).calendar
