"""The composition root: which rooms there are, and how a runtime and the web application are put together."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from yiwang.kernel.clock import Clock
from yiwang.kernel.db import Database
from yiwang.kernel.runtime import Bus, Registry, Room, Runtime
from yiwang.kernel.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

#: In the order of their migrations: what stands lower comes first.
ROOM_MODULES = (
    "yiwang.kernel.audit.room",
    "yiwang.kernel.events.room",
    "yiwang.kernel.observe.room",
    "yiwang.kernel.policy.room",
    "yiwang.kernel.forms.room",
    "yiwang.kernel.cel.room",
    "yiwang.kernel.calendar.room",
    "yiwang.kernel.orgs.room",
    "yiwang.kernel.identity.room",
    "yiwang.kernel.notices.room",
    "yiwang.kernel.process.room",
    "yiwang.kernel.scenarios.room",
    "yiwang.web.room",
    "yiwang.share.room",
    "yiwang.sense.room",
    "yiwang.serve.room",
    "yiwang.govern.room",
    "yiwang.work.room",
    "yiwang.assess.room",
)


def rooms() -> list[Room]:
    """Every room of the house."""
    found = []
    for name in ROOM_MODULES:
        try:
            spec = find_spec(name)
        except ModuleNotFoundError:
            spec = None
        if spec is not None:
            try:
                found.append(import_module(name).ROOM)
            except ImportError as error:  # BUILD-OUT ONLY: a room that is being written right now
                import warnings

                warnings.warn(f"{name}: {error}", stacklevel=2)
    return found


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
