"""Arithmetic of working time.

Working time is a function W(t) that grows during office hours and stands still otherwise. Time between two moments is
the difference of W; adding working hours is the inverse of W. Both are a bisection in a table of one year's intervals,
so that a million deadlines of a bulk load cost microseconds each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yiwang.kernel.calendar.days import Days
from yiwang.kernel.calendar.span import Span, Unit
from yiwang.kernel.errors import Invalid

#: Years in which festivals can be computed; a moment outside is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1950, 2099
ZERO = timedelta(0)
Intervals = tuple[tuple[time, time], ...]


class OutOfCalendar(Invalid):
    """A moment outside of the years that the calendar covers (1950 to 2099)."""

    key = "calendar.out_of_range"


@dataclass(frozen=True)
class Season:
    """Office hours from a day of the year (month, day) up to the next season."""

    start: tuple[int, int]
    hours: Intervals


@dataclass(frozen=True)
class _Year:
    starts: list[datetime]  # of each interval, UTC
    ends: list[datetime]
    before: list[timedelta]  # working time of the year before each interval
    total: timedelta


class WorkCalendar:
    """The working days and hours of one city. Moments in are aware, in any zone; moments out are in UTC."""

    def __init__(self, zone: ZoneInfo, days: Days, seasons: Sequence[Season]) -> None:
        self.zone = zone
        self._days = days
        self._seasons = sorted(seasons, key=lambda season: season.start)
        self._years: dict[int, _Year] = {}

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this local day."""
        return self._days.working(day)

    def provisional(self, year: int) -> bool:
        """Whether the year's days are computed and may still be changed by the authority's notice."""
        return self._days.provisional(year)

    def local(self, moment: datetime) -> datetime:
        """The moment on the city's wall clock."""
        return _aware(moment).astimezone(self.zone)

    def hours_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Office hours of a local day in UTC; empty on a day off."""
        if not self.is_working_day(day):
            return []
        return [(self._at(day, start), self._at(day, end)) for start, end in self._hours(day)]

    def is_open(self, moment: datetime) -> bool:
        """Whether offices work at this moment (closing time itself is outside)."""
        moment = _aware(moment)
        return any(start <= moment < end for start, end in self.hours_on(self.local(moment).date()))

    def add(self, start: datetime, span: Span | str) -> datetime:
        """The moment when a deadline of `span`, counted from `start`, is reached.

        Working days follow the Civil Code of China, articles 201 and 203: the day of the start does not count, and the
        last day ends with business (the counting of days in New York's General Construction Law, section 20, is the
        same). Working hours and minutes run during office hours only. d keeps the local wall-clock time; h and m are
        elapsed time.
        """
        span = Span.parse(span) if isinstance(span, str) else span
        start = _aware(start).astimezone(UTC)
        if span.unit is Unit.WORKING_DAYS:
            return self._add_working_days(start, span.amount)
        if span.unit is Unit.WORKING_HOURS:
            return self._add_working_time(start, timedelta(hours=span.amount))
        if span.unit is Unit.WORKING_MINUTES:
            return self._add_working_time(start, timedelta(minutes=span.amount))
        if span.unit is Unit.DAYS:
            return (self.local(start) + timedelta(days=span.amount)).astimezone(UTC)
        return start + (timedelta(hours=span.amount) if span.unit is Unit.HOURS else timedelta(minutes=span.amount))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to another; negative when `end` is before `start`."""
        start, end = _aware(start), _aware(end)
        if end < start:
            return -self.working_time(end, start)
        first, last = self.local(start).year, self.local(end).year
        between = sum((self._year(year).total for year in range(first, last)), ZERO)
        return between + self._worked(end, last) - self._worked(start, first)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from one moment to another, rounded towards zero; negative when `end` is before."""
        worked = self.working_time(start, end)
        return -(-worked // timedelta(minutes=1)) if worked < ZERO else worked // timedelta(minutes=1)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end` (both local days)."""
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def resume(self, due: datetime, paused_at: datetime, resumed_at: datetime, *, working: bool = True) -> datetime:
        """The new deadline of a clock that was stopped from `paused_at` to `resumed_at`.

        What was left at the pause is left again at the resumption: in working time, or in elapsed time where the
        deadline was set in d, h or m. A deadline that had already passed when the clock stopped stays where it was.
        """
        due, paused_at, resumed_at = _aware(due), _aware(paused_at), _aware(resumed_at)
        if resumed_at < paused_at:
            raise Invalid("a clock cannot be resumed before it was paused")
        if due <= paused_at:
            return due
        if not working:
            return due + (resumed_at - paused_at)
        # A resumption within the same pause of the offices costs nothing, and must not pull the deadline forward.
        return max(due, self._add_working_time(resumed_at.astimezone(UTC), self.working_time(paused_at, due)))

    def _add_working_days(self, start: datetime, amount: int) -> datetime:
        day = self.local(start).date()
        for _ in range(amount):
            day = self._next_working_day(day)
        if amount == 0:
            return start
        return self._at(day, self._hours(day)[-1][1])

    def _next_working_day(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
            _covered(day.year)
        return day

    def _add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        if amount <= ZERO:
            return start
        number = self.local(start).year
        wanted = self._worked(start, number) + amount
        while wanted > (year := self._year(number)).total:
            wanted -= year.total
            number += 1
        # The earliest moment at which W reaches the value: closing time rather than the next opening.
        index = bisect_left(year.before, wanted) - 1
        return year.starts[index] + (wanted - year.before[index])

    def _worked(self, moment: datetime, number: int) -> timedelta:
        """W at a moment, from the beginning of its local year."""
        year = self._year(number)
        index = bisect_right(year.starts, moment) - 1
        if index < 0:
            return ZERO
        return year.before[index] + min(moment, year.ends[index]) - year.starts[index]

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._build(_covered(number))
        return found

    def _build(self, number: int) -> _Year:
        starts, ends, before, total = [], [], [], ZERO
        day = date(number, 1, 1)
        while day.year == number:
            for start, end in self.hours_on(day):
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
            day += timedelta(days=1)
        return _Year(starts, ends, before, total)

    def _hours(self, day: date) -> Intervals:
        """Office hours of the season; before the first season of the year the last one goes on."""
        begun = [season for season in self._seasons if season.start <= (day.month, day.day)]
        return (begun or self._seasons)[-1].hours

    def _at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, self.zone).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be placed in a calendar")
    return moment


def _covered(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfCalendar(f"the year {year} is outside of {FIRST_YEAR} to {LAST_YEAR}", year=year)
    return year
