"""Names shared by the tests of identity."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from yiwang.kernel.identity import Origin
from yiwang.kernel.write import Actor

PASSWORD = "a calm river at dawn"
SYSTEM = Actor.system("test")
HERE = Origin("10.1.2.3", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
ELSEWHERE = Origin("203.0.113.9", "curl/8")

Make = Callable[..., Awaitable[UUID]]
