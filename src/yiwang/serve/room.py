"""What serving brings to a city."""

from __future__ import annotations

from yiwang.kernel.runtime import Room, SearchSource, SectionHandler
from yiwang.serve.api import api
from yiwang.serve.pages import pages
from yiwang.serve.popular import popular_items
from yiwang.serve.search import search_items
from yiwang.serve.sections import ServicesSection

ROOM = Room(
    "serve",
    "yiwang.serve",
    routers=(pages, api),
    sections=(SectionHandler("services", (".toml",), ServicesSection()),),
    search=(SearchSource("serve.search", search_items),),
    extra={
        "popular_services": popular_items,
        "portal_tiles": (("clipboard-list", "serve.tile.title", "serve.tile.text", "/services", 30),),
    },
)
