"""What the shell brings: its pages, its strings, its few menu entries."""

from __future__ import annotations

from yiwang.kernel.runtime import MenuEntry, Room
from yiwang.web.pages import ROUTERS

ROOM = Room(
    "web",
    "yiwang.web",
    routers=ROUTERS,
    menu=(
        MenuEntry("web.menu.orgs", "/orgs", "system", "network", order=10),
        MenuEntry("web.menu.accounts", "/accounts", "system", "user-cog", needs="account.read", order=15),
        MenuEntry("web.menu.grants", "/grants", "system", "key-round", needs="grant.read", order=17),
        MenuEntry("web.menu.scenarios", "/scenarios", "system", "package-open", needs="scenario.read", order=20),
        MenuEntry("web.menu.notices", "/notices", "system", "bell", needs="notice.read", order=30),
        MenuEntry("web.menu.messages", "/messages/dead", "system", "triangle-alert", needs="event.read", order=40),
        MenuEntry("web.menu.audit", "/audit", "system", "scroll-text", needs="audit.read", order=50),
        MenuEntry("web.menu.status", "/status", "system", "activity", order=90),
        MenuEntry("web.menu.styleguide", "/styleguide", "system", "layers", needs="admin", order=99),
    ),
)
