"""Which days are working days: published arrangements, computed festivals, and the city's own exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Protocol

import holidays


class Days(Protocol):
    """Where working days come from."""

    def working(self, day: date) -> bool:
        """Whether offices work on this day of the city."""
        ...

    def provisional(self, year: int) -> bool:
        """Whether the year is computed although an authority will publish (and may change) it."""
        ...


@lru_cache(maxsize=256)
def _festivals(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=[year], expand=False))


class ComputedDays:
    """Monday to Friday except the public holidays that the library `holidays` computes, observed days included."""

    def __init__(self, country: str, subdivision: str | None = None) -> None:
        self._country = country
        self._subdivision = subdivision

    def working(self, day: date) -> bool:
        """Whether it is a weekday without a public holiday."""
        # A festival of the following January may be observed in December, so the neighbour year is asked too.
        return (
            day.weekday() < 5
            and day not in _festivals(self._country, self._subdivision, day.year)
            and (day.month < 12 or day not in _festivals(self._country, self._subdivision, day.year + 1))
        )

    def provisional(self, year: int) -> bool:
        """Computed law is final."""
        return False


class ChineseDays:
    """The State Council's yearly notice with 调休 working weekends, as `chinesecalendar` has it; computed otherwise.

    The notice for a year appears in the autumn before; until the library has it, the year is computed from the
    festivals of the Regulation on Public Holidays (全国年节及纪念日放假办法) without 调休, and provisional.
    """

    def __init__(self) -> None:
        import chinese_calendar  # only cities of China need it

        self._is_workday = chinese_calendar.is_workday
        self._published = frozenset(day.year for day in chinese_calendar.holidays)
        self._computed = ComputedDays("CN")

    def working(self, day: date) -> bool:
        """Whether offices work, a working weekend included."""
        return bool(self._is_workday(day)) if day.year in self._published else self._computed.working(day)

    def provisional(self, year: int) -> bool:
        """Whether the year's arrangement is not known yet."""
        return year not in self._published


class WithExceptions:
    """Another source of days, with the city's own days on top."""

    def __init__(self, below: Days, exceptions: Mapping[date, bool]) -> None:
        self._below = below
        self._exceptions = dict(exceptions)

    def working(self, day: date) -> bool:
        """The city's own word first."""
        found = self._exceptions.get(day)
        return self._below.working(day) if found is None else found

    def provisional(self, year: int) -> bool:
        """As the source below says."""
        return self._below.provisional(year)
