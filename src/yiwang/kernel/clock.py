"""The one clock. Everything takes its time from here, so that a story can move it and a set-back is noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from yiwang.kernel.errors import ClockSetBack

#: A correction by NTP stays below this; more is a person or a broken machine.
TOLERANCE = timedelta(seconds=5)


class Clock(Protocol):
    """What tells the time: ``now()`` is aware, in UTC, and never goes backwards."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, which refuses to have been set back."""

    def __init__(self) -> None:
        self._latest = datetime.now(UTC)

    def now(self) -> datetime:
        """The present moment; within the tolerance it stands still rather than go back.

        Raises ClockSetBack when the machine's clock is further behind what was already told.
        """
        wall = datetime.now(UTC)
        if wall < self._latest:
            behind = self._latest - wall
            if behind > TOLERANCE:
                raise ClockSetBack(
                    f"the machine's clock is {behind.total_seconds():.0f} s behind a time that was already recorded",
                    seconds=round(behind.total_seconds()),
                )
            return self._latest
        self._latest = wall
        return wall

    def not_before(self, moment: datetime) -> None:
        """Remember a moment recorded earlier (by another process or before a restart)."""
        self._latest = max(self._latest, moment)


class MovableClock:
    """A clock for stories and replays: it stands still until it is moved, and only forwards."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move forwards; ClockSetBack when ``moment`` is earlier."""
        moment = moment.astimezone(UTC)
        if moment < self._now:
            behind = (self._now - moment).total_seconds()
            raise ClockSetBack(f"cannot move the clock {behind:.0f} s back", seconds=round(behind))
        self._now = moment

    def advance(self, span: timedelta) -> None:
        """Move forwards by a span."""
        self.move_to(self._now + span)
