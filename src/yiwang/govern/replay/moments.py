"""Times within a day, generated: the same key gives the same times in every load; days read from the log.

What the log records is the day. ``times_generated`` on each row says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yiwang.govern.replay.kept import Kept
from yiwang.govern.replay.mapping import Dates, Times

#: Places in the tables of times: a power of two, so that bits of a checksum choose one.
PLACES = 4096
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()


def seconds_of(moment: time) -> int:
    """Seconds since midnight."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second


class DayShape:
    """Tables of seconds since midnight: ``opened`` by the lowest twelve bits of a key's checksum, ``closed`` (on a
    later day, in office hours) by the next twelve."""

    def __init__(self, times: Times) -> None:
        self.opened = [self._at(times, (i + 0.5) / PLACES) for i in range(PLACES)]
        begin, end = seconds_of(times.closed.begin), seconds_of(times.closed.end)
        self.closed = [begin + (end - begin) * (i + 1) // (PLACES + 1) for i in range(PLACES)]
        self.until = seconds_of(times.same_day_until)

    @staticmethod
    def _at(times: Times, share: float) -> int:
        for stretch in times.opened:
            if share <= stretch.share:
                begin, end = seconds_of(stretch.begin), seconds_of(stretch.end)
                return int(begin + (end - begin) * share / stretch.share)
            share -= stretch.share
        return seconds_of(times.opened[-1].end) - 1

    def same_day(self, checksum: int, opened: int) -> int:
        """When a request was closed on the day on which it came in: between then and the evening."""
        return opened + 60 + (self.until - opened - 60) * ((checksum >> 12) & 0xFFF) // PLACES


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the log: its number, and its midnight in seconds, both since 2000 (PostgreSQL's epoch).

    Midnight is reckoned from noon, so that on the day of a clock change the hours of the working day are right.
    """

    date: dt.date
    number: int
    midnight: int

    @classmethod
    def of(cls, day: dt.date, zone: ZoneInfo) -> Day:
        """A day of a city's time zone."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
        return cls(day, day.toordinal() - _EPOCH_DAY, int((noon - _EPOCH).total_seconds()) - 12 * 3600)


class Days(Kept[bytes, Day | None]):
    """Days by their text in the log, each read once. None: no date, or not one between the earliest and today."""

    def __init__(self, dates: Dates, zone: ZoneInfo, now: datetime) -> None:
        super().__init__(self._parse)
        self._dates = dates
        self._zone = zone
        self._latest = now.astimezone(zone).date()

    def _parse(self, cell: bytes) -> Day | None:
        try:
            day = datetime.strptime(cell.decode("ascii"), self._dates.format).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            return None
        return Day.of(day, self._zone) if self._dates.earliest <= day <= self._latest else None


def moment_of(seconds: int) -> datetime:
    """A moment from seconds since 2000."""
    return _EPOCH + timedelta(seconds=seconds)
