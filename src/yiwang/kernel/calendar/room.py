"""What the calendar brings: its strings."""

from __future__ import annotations

from yiwang.kernel.runtime import Room

ROOM = Room(name="calendar", package="yiwang.kernel.calendar")
