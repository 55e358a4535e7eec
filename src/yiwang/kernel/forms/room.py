"""What the forms bring: their sentences."""

from __future__ import annotations

from yiwang.kernel.runtime import Room

ROOM = Room(name="form", package="yiwang.kernel.forms")
