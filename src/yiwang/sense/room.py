"""What sense brings."""

from __future__ import annotations

from yiwang.kernel.runtime import Room

ROOM = Room(name="sense", package="yiwang.sense")
