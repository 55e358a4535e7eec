"""What processes bring to a city."""

from __future__ import annotations

from yiwang.kernel.runtime import Room

ROOM = Room(name="process", package="yiwang.kernel.process")
