"""What seeing brings: the addresses for supervisors and monitoring."""

from __future__ import annotations

from yiwang.kernel.observe.api import router
from yiwang.kernel.runtime import Room

ROOM = Room(name="observe", package="yiwang.kernel.observe", routers=(router,))
