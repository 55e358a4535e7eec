"""The composition root: which rooms there are, and how a runtime and the web application are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yiwang.assess import room as assess
from yiwang.govern import room as govern
from yiwang.kernel.audit import room as audit
from yiwang.kernel.calendar import room as calendar
from yiwang.kernel.cel import room as cel
from yiwang.kernel.clock import Clock
from yiwang.kernel.db import Database
from yiwang.kernel.events import room as events
from yiwang.kernel.forms import room as forms
from yiwang.kernel.identity import room as identity
from yiwang.kernel.notices import room as notices
from yiwang.kernel.observe import room as observe
from yiwang.kernel.orgs import room as orgs
from yiwang.kernel.policy import room as policy
from yiwang.kernel.process import room as process
from yiwang.kernel.runtime import Bus, Registry, Room, Runtime
from yiwang.kernel.scenarios import room as scenarios
from yiwang.kernel.settings import Settings
from yiwang.sense import room as sense
from yiwang.serve import room as serve
from yiwang.share import room as share
from yiwang.web import room as web
from yiwang.work import room as work

if TYPE_CHECKING:
    from starlette.types import ASGIApp

#: Every room of the house, in the order of their migrations: what stands lower comes first.
ROOMS: tuple[Room, ...] = (
    audit.ROOM,
    events.ROOM,
    observe.ROOM,
    policy.ROOM,
    forms.ROOM,
    cel.ROOM,
    calendar.ROOM,
    orgs.ROOM,
    identity.ROOM,
    notices.ROOM,
    process.ROOM,
    scenarios.ROOM,
    web.ROOM,
    share.ROOM,
    sense.ROOM,
    serve.ROOM,
    govern.ROOM,
    work.ROOM,
    assess.ROOM,
)


def rooms() -> list[Room]:
    """Every room of the house."""
    return list(ROOMS)


def build_runtime(
    settings: Settings, database_url: str, *, clock: Clock | None = None, bus: Bus | None = None
) -> Runtime:
    """A runtime over a database that is (or will be) migrated."""
    rt = Runtime(settings, Database(database_url, size=settings.pool_size), Registry(rooms()), clock=clock, bus=bus)
    for wire in rt.registry.extra("wire"):
        wire(rt)
    return rt


def create_app(rt: Runtime) -> ASGIApp:
    """The web application over a runtime: every room's routes inside the shell, measured from outside."""
    from fastapi import FastAPI

    from yiwang import __version__
    from yiwang.kernel.observe import Observed
    from yiwang.web.app import install

    app = FastAPI(
        title="Yiwang 一网", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    install(app, rt)
    return Observed(app)
