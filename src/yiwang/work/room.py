"""What work brings to a city: the inbox, and the addresses of tasks."""

from __future__ import annotations

from yiwang.kernel.runtime import MenuEntry, Room
from yiwang.work.api import api
from yiwang.work.pages import ROUTERS

ROOM = Room(
    name="work",
    package="yiwang.work",
    routers=(api, *ROUTERS),
    menu=(MenuEntry("work.menu.inbox", "/work/inbox", "work", "inbox", order=10),),
    extra={"task_desk": "/work/tasks", "desk_start": "/work/inbox"},
)
