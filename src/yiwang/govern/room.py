"""What governing brings to a city."""

from __future__ import annotations

from yiwang.govern.api import api
from yiwang.govern.capabilities import CAPABILITIES
from yiwang.govern.demo import load_demo
from yiwang.govern.entries import EntrySection, know_entries
from yiwang.govern.measures import SOURCE
from yiwang.govern.pages import ROUTERS
from yiwang.govern.replay.command import replay
from yiwang.govern.replay.notes import notes
from yiwang.govern.search import find_incidents, timeline_entries
from yiwang.govern.stories import STEPS
from yiwang.govern.throttle import prune_rates
from yiwang.kernel.runtime import Loop, MenuEntry, Prepare, Room, SearchSource, SectionHandler, TimelineSource

ROOM = Room(
    "govern",
    "yiwang.govern",
    routers=(api, *ROUTERS),
    on_start=(know_entries,),
    menu=(MenuEntry("govern.menu.incidents", "/incidents", "govern", "map-pin", order=10),),
    loops=(Loop("govern.rates", 600, prune_rates),),
    capabilities=CAPABILITIES,
    sections=(SectionHandler("services", (".toml",), EntrySection()),),
    timeline=(TimelineSource("incident", timeline_entries),),
    search=(SearchSource("govern.search", find_incidents),),
    measures=(SOURCE,),
    prepare=(Prepare("Demo requests", load_demo, demo=True, order=70),),
    commands=(replay,),
    story_steps=STEPS,
    extra={
        "measure_notes": {"govern.incident": notes},
        "subject_pages": {"incident": "/incidents/{id}"},
        "service_entries": {"report": lambda item, path: f"{path}?item={item}"},
        "portal_tiles": (
            ("megaphone", "govern.tile.report", "govern.tile.report_text", "/report", 10),
            ("search", "govern.tile.track", "govern.tile.track_text", "/track", 20),
        ),
    },
)
