"""What assess brings: indicators and boards of packages, their pages and their API."""

from __future__ import annotations

from yiwang.assess.actions import ViewsSection
from yiwang.assess.api import api
from yiwang.assess.pages import pages
from yiwang.assess.stories import STEPS
from yiwang.kernel.runtime import MenuEntry, Room, SectionHandler

ROOM = Room(
    name="assess",
    package="yiwang.assess",
    routers=(pages, api),
    sections=(SectionHandler("views", (".toml",), ViewsSection()),),
    story_steps=STEPS,
    menu=(MenuEntry("assess.menu", "/assess", "assess", icon="chart-no-axes-column", needs="indicator.read"),),
)
