"""What share brings: the catalogue."""

from __future__ import annotations

from yiwang.kernel.runtime import MenuEntry, Room, SectionHandler
from yiwang.share.actions import DatasetsSection
from yiwang.share.api import api
from yiwang.share.pages import pages
from yiwang.share.reactions import REACTIONS

ROOM = Room(
    name="share",
    package="yiwang.share",
    routers=(pages, api),
    reactions=REACTIONS,
    sections=(SectionHandler("datasets", (".toml",), DatasetsSection()),),
    menu=(MenuEntry("share.menu", "/datasets", "share", icon="database", needs="dataset.list"),),
)
