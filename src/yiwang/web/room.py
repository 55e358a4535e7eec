"""What the shell brings: its pages, its strings, its few menu entries."""

from __future__ import annotations

from yiwang.kernel.runtime import MenuEntry, Room
from yiwang.web.pages import ROUTERS

ROOM = Room(
    "web",
    "yiwang.web",
    routers=ROUTERS,
    menu=(
        MenuEntry("web.menu.status", "/status", "system", "activity", order=90),
        MenuEntry("web.menu.styleguide", "/styleguide", "system", "layers", needs="admin", order=99),
    ),
)
