"""What CEL brings: its strings."""

from __future__ import annotations

from yiwang.kernel.runtime import Room

ROOM = Room(name="cel", package="yiwang.kernel.cel")
