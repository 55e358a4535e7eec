"""Quiet hours: when nobody is sent a text that can wait. Pure: local wall clock in, moment out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """From `begin` to `end` of the city's wall clock, over midnight when begin is later; equal times mean none."""

    zone: ZoneInfo
    begin: time = time(21, 30)
    end: time = time(7, 30)

    def until(self, moment: datetime) -> datetime | None:
        """When the quiet hours that hold at `moment` are over (UTC), or None when it is not quiet."""
        local = moment.astimezone(self.zone)
        wall = local.time().replace(tzinfo=None)
        if self.begin == self.end:
            return None
        if self.begin > self.end:
            quiet = wall >= self.begin or wall < self.end
            day = local.date() + timedelta(days=1) if wall >= self.begin else local.date()
        else:
            quiet = self.begin <= wall < self.end
            day = local.date()
        return datetime.combine(day, self.end, self.zone).astimezone(UTC) if quiet else None
