"""What a running city is made of, and what each room brings to it.

A room registers everything through one ``Room`` value in its ``room.py``; the composition root collects them. Lower
parts find what higher ones brought in the registry, so nobody imports upward.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from yiwang.kernel.clock import Clock, SystemClock
from yiwang.kernel.db import Conn, Database, Migrations
from yiwang.kernel.settings import Settings
from yiwang.kernel.strings import Strings
from yiwang.messages.base import Event

if TYPE_CHECKING:
    import click
    from fastapi import APIRouter

T = TypeVar("T")


@dataclass(frozen=True)
class Reaction:
    """A handler of events: called once per event (at least once delivered, exactly once applied), in its own action."""

    name: str
    events: tuple[type[Event], ...]
    handle: Callable[[Any, Event], Awaitable[None]]  # (act, event)
    action: str = "event.react"


@dataclass(frozen=True)
class Capability:
    """What a service task of a process may call by name: ``handle(act, inputs, context) -> result``."""

    name: str
    handle: Callable[[Any, dict[str, Any], Any], Awaitable[dict[str, Any]]]
    inputs: Mapping[str, Any] = field(default_factory=dict)  # JSON Schema properties
    required: tuple[str, ...] = ()
    doc: str = ""


@dataclass(frozen=True)
class SectionHandler:
    """What installs one folder of a scenario package; see kernel.scenarios for the protocol of ``handler``."""

    folder: str
    suffixes: tuple[str, ...]
    handler: Any


@dataclass(frozen=True)
class StoryStep:
    """A verb of stories: ``run(story, arguments)``."""

    verb: str
    run: Callable[[Any, Any], Awaitable[None]]
    doc: str = ""


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the desk's rail: string key, address, icon, the net it belongs to, the action it needs."""

    key: str
    href: str
    net: str
    icon: str = ""
    needs: str | None = None
    order: int = 50


@dataclass(frozen=True)
class Loop:
    """Background work: ``run(rt)`` every ``every_s`` seconds, or as soon as ``wake`` is notified in the database.

    Work of the city runs in workers; ``everywhere`` is for caches that each process, web or worker, keeps for itself.
    """

    name: str
    every_s: float
    run: Callable[[Runtime], Awaitable[Any]]
    wake: str | None = None
    everywhere: bool = False


@dataclass(frozen=True)
class TimelineSource:
    """Adds entries to a subject's timeline: ``entries(conn, subject_type, subject_id) -> list``."""

    subject_type: str
    entries: Callable[[Conn, str, Any], Awaitable[list[Any]]]


@dataclass(frozen=True)
class SearchSource:
    """Answers the command palette and the search page: ``find(conn, text, limit) -> list``."""

    name: str
    find: Callable[[Conn, str, int], Awaitable[list[Any]]]


@dataclass(frozen=True)
class MeasureSource:
    """What indicators may be computed over, as SQL written by the net, so that a package holds none.

    ``relation`` is a FROM item; ``time`` the timestamptz that periods select by; dimensions are expressions to group
    by; measures are aggregates (``count(*) filter (where ...)``) in which what is not recorded is not counted. ``$now``
    in an expression stands for the moment of computing.
    """

    name: str
    relation: str
    dimensions: Mapping[str, str]
    measures: Mapping[str, str]
    time: str = ""
    labels: Callable[[Any, str, list[Any], str], Awaitable[dict[Any, str]]] | None = None


@dataclass(frozen=True)
class Prepare:
    """Once per start of the whole system, after the migrations: load the city, install bundled packages, ...

    ``run(rt, say)`` does nothing quickly when it was done before; ``say(text)`` shows progress. ``demo`` ones run only
    with the demo.
    """

    title: str
    run: Callable[[Runtime, Callable[[str], None]], Awaitable[None]]
    demo: bool = False
    order: int = 50


@dataclass(frozen=True)
class Room:
    """What one room brings. From its package folder, by convention: migrations, sql, policies, strings, templates."""

    name: str
    package: str
    routers: tuple[APIRouter, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    sections: tuple[SectionHandler, ...] = ()
    story_steps: tuple[StoryStep, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    loops: tuple[Loop, ...] = ()
    timeline: tuple[TimelineSource, ...] = ()
    search: tuple[SearchSource, ...] = ()
    measures: tuple[MeasureSource, ...] = ()
    commands: tuple[click.Command, ...] = ()
    on_start: tuple[Callable[[Runtime], Awaitable[None]], ...] = ()
    prepare: tuple[Prepare, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


class Registry:
    """Everything that the rooms brought, by kind."""

    def __init__(self, rooms: Iterable[Room]) -> None:
        self.rooms = tuple(rooms)

    def all(self, kind: str) -> list[Any]:
        """All items of one kind (a field name of Room), in the order of the rooms."""
        return [item for room in self.rooms for item in getattr(room, kind)]

    def capability(self, name: str) -> Capability | None:
        """The capability of that name."""
        return next((c for c in self.all("capabilities") if c.name == name), None)

    def packages(self) -> list[str]:
        """The Python packages of the rooms, for templates, strings and policies."""
        return [room.package for room in self.rooms]

    def migrations(self) -> Migrations:
        """All migrations, in the order of the rooms."""
        return Migrations.of_packages([("db", "yiwang.kernel.db"), *((r.name, r.package) for r in self.rooms)])

    def extra(self, name: str) -> list[Any]:
        """What rooms brought under a name of their own."""
        return [room.extra[name] for room in self.rooms if name in room.extra]


class Decider(Protocol):
    """Who decides; kernel.policy is the one that does."""

    async def decide(self, actor: Any, action: str, resource: Any, purpose: str | None, now: Any) -> Any:
        """A Decision."""
        ...


class Bus(Protocol):
    """Carries events between processes: NATS, or nothing where a test drains the outbox itself."""

    async def publish(self, messages: list[tuple[str, str, bytes]]) -> None:
        """Publish (event type, id, body) durably; raises Unavailable when not all were acknowledged."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class Runtime:
    """A running city: settings, clock, database, strings, registry, decider, bus, and one of each part."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        registry: Registry,
        *,
        clock: Clock | None = None,
        bus: Bus | None = None,
    ) -> None:
        self.settings = settings
        self.db = db
        self.registry = registry
        self.clock: Clock = clock or SystemClock()
        self.bus = bus
        self.strings = Strings.of_packages(registry.packages())
        self.decider: Decider | None = None
        self._parts: dict[type[Any], Any] = {}
        self._background: set[asyncio.Task[Any]] = set()

    def part(self, kind: type[T]) -> T:
        """The one ``kind(runtime)`` of this runtime: caches and services live here, not in module globals."""
        found = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = cast("Callable[[Runtime], T]", kind)(self)
        return cast("T", found)

    # The write path is kernel.write; these are doors to it, so that a room needs to know one object only.
    def act(
        self, actor: Any, action: str, resource: Any, *, purpose: str | None = None
    ) -> AbstractAsyncContextManager[Any]:
        """A unit of work; see kernel.write.act."""
        return cast("AbstractAsyncContextManager[Any]", _doors["act"](self, actor, action, resource, purpose=purpose))

    async def may(self, actor: Any, action: str, resource: Any, *, purpose: str | None = None) -> Any:
        """A decision about reading; see kernel.write.may."""
        return await _doors["may"](self, actor, action, resource, purpose=purpose)

    def unit(self, actor: Any) -> AbstractAsyncContextManager[Any]:
        """A transaction for several actions; see kernel.write.unit."""
        return cast("AbstractAsyncContextManager[Any]", _doors["unit"](self, actor))

    def system_unit(self, name: str) -> AbstractAsyncContextManager[Any]:
        """A unit in which the system itself works, by the name of the part."""
        return cast("AbstractAsyncContextManager[Any]", _doors["system_unit"](self, name))

    def read(self, actor: Any) -> AbstractAsyncContextManager[Conn]:
        """A read-only transaction in the scope of an actor; see kernel.write.read."""
        return cast("AbstractAsyncContextManager[Conn]", _doors["read"](self, actor))

    def read_as_system(self) -> AbstractAsyncContextManager[Conn]:
        """A read-only transaction that sees every row, for the system's own work."""
        return cast("AbstractAsyncContextManager[Conn]", _doors["read"](self, None))

    async def drain(self) -> int:
        """Apply every waiting event here and now (tests, stories, bulk work); tells how many deliveries were made."""
        return cast("int", await _doors["drain"](self))

    def spawn(self, work: Awaitable[Any], name: str) -> None:
        """Run in the background and keep a reference; failures are logged by the loop's exception handler."""
        task = asyncio.ensure_future(work)
        task.set_name(name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def start(self) -> None:
        """Run what the rooms want at start (caches, checks)."""
        for hook in [*self.registry.all("on_start"), *self.registry.extra("on_started")]:
            await hook(self)

    async def close(self) -> None:
        """Stop background work and let go of every connection."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self.bus is not None:
            await self.bus.close()
        await self.db.close()

    def state_path(self, *parts: str) -> Path:
        """A path below the state folder; parent folders are made."""
        path = self.settings.state_dir.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


class Launcher(Protocol):
    """What commands receive as ``click``'s object: runs a coroutine with a runtime, on servers started if need be."""

    settings: Settings

    @property
    def registry(self) -> Registry:
        """What the rooms bring, without starting anything: for commands that need no database."""
        ...

    def run(self, work: Callable[[Runtime], Awaitable[T]], *, city: str | None = None) -> T:
        """Build a runtime (for another city's database when ``city`` is given), run, close; returns the result."""
        ...


_doors: dict[str, Callable[..., Any]] = {}


def register_door(name: str, function: Callable[..., Any]) -> None:
    """Called by kernel.write and kernel.events when they are imported; see Runtime.act."""
    _doors[name] = function


Background = AsyncIterator[None]
