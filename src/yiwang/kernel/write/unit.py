"""One unit of work: a transaction in an actor's scope, in which every action is decided, done and recorded.

    async with rt.act(actor, "incident.accept", resource) as act:
        await act.db.execute(q.accept_incident, ...)
        act.record(before={...}, after={...})
        act.emit(IncidentAccepted(...))

Leaving the block writes the audit row and the events and commits. Leaving it without ``record`` raises SilentAction
and rolls everything back; so does any error. Nothing here can be used by halves: the connection lives only inside, and
only the unit commits.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from yiwang.kernel.audit import Entry, as_rows, write_entries
from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.errors import Refused, SilentAction
from yiwang.kernel.events import Outgoing, as_columns, write_outbox
from yiwang.kernel.runtime import Runtime, register_door
from yiwang.kernel.write.actor import Actor, Resource
from yiwang.kernel.write.decision import Decision
from yiwang.messages.base import Event

q = Queries.load("yiwang.kernel.write")
_PLAIN = re.compile(r"[0-9A-Za-z{},-]*")


def scope_statement(actor: Actor) -> str:
    """The row-level settings of an actor as one statement without parameters, which travels with the transaction's
    beginning. Values hold nothing that would have to be quoted; anything else raises."""
    values = actor.scope()
    if not all(_PLAIN.fullmatch(value) for value in values):
        raise ValueError(f"the scope of {actor.kind} {actor.id} is not made of plain codes: {values}")
    names = ("orgs", "areas", "account", "all")
    return "select " + ", ".join(
        f"set_config('yw.{name}', '{value}', true)" for name, value in zip(names, values, strict=True)
    )


class Unit:
    """One transaction of one actor; ``also`` runs an action inside it."""

    def __init__(self, rt: Runtime, db: Conn, actor: Actor, now: datetime) -> None:
        self.rt = rt
        self.db = db
        self.actor = actor
        self.now = now
        self._entries: list[Entry] = []
        self._events: list[Outgoing] = []
        self._bookkeeping = False

    def nothing_changed(self) -> None:
        """Say that this unit found nothing to do."""
        self._bookkeeping = True

    def bookkeeping(self) -> None:
        """Say that what changed beyond the recorded actions is the kernel's own ledger (deliveries, timers)."""
        self._bookkeeping = True

    @asynccontextmanager
    async def also(
        self, action: str, resource: Resource, *, purpose: str | None = None, actor: Actor | None = None
    ) -> AsyncIterator[Act]:
        """A further action in this transaction, with its own decision and audit row (``actor``: on whose behalf)."""
        who = actor or self.actor
        decision = await decide(self.rt, who, action, resource, purpose, self.now)
        act_ = Act(self, who, action, resource, purpose, decision)
        yield act_
        act_.close()

    async def _flush(self) -> None:
        if self._entries and self._events:
            await self.db.fetchval(q.close_unit, as_rows(self._entries), *as_columns(self._events))
            return
        if self._entries:
            await write_entries(self.db, self._entries)
        elif not self._bookkeeping and await self.db.fetchval("select pg_current_xact_id_if_assigned() is not null"):
            raise SilentAction(f"{self.actor.name or self.actor.kind} changed rows outside of any action")
        if self._events:
            await write_outbox(self.db, self._events)


class Act:
    """One decided action inside a unit: change through ``db``, then ``record`` once, and ``emit`` what happened."""

    def __init__(
        self, unit_: Unit, actor: Actor, action: str, resource: Resource, purpose: str | None, decision: Decision
    ) -> None:
        self.unit = unit_
        self.rt = unit_.rt
        self.db = unit_.db
        self.now = unit_.now
        self.actor = actor
        self.action = action
        self.resource = resource
        self.purpose = purpose
        self.decision = decision
        self._recorded = False
        self._waived = False

    def record(
        self,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        note: str = "",
        count: int | None = None,
        digest: str | None = None,
        resource: Resource | None = None,
    ) -> None:
        """The audit row of this action, exactly once. ``count`` and ``digest`` are for bulk work: one action, one row.

        ``resource`` replaces the one decided on where the action has just given it its key.
        """
        if self._recorded:
            raise SilentAction(f"{self.action} was recorded twice: each action has one audit row")
        self._recorded = True
        on = resource or self.resource
        who = self.actor
        self.unit._entries.append(
            Entry(
                at=self.now, actor=who.id, actor_kind=who.kind, actor_name=who.name, post=who.post, action=self.action,
                resource_type=on.type, resource_id=None if on.id is None else str(on.id), org=on.org, area=on.area,
                purpose=self.purpose, policies=self.decision.ids, before=before, after=after, note=note, count=count,
                digest=digest, request_id=who.request_id,
            )
        )  # fmt: skip

    def emit(self, event: Event) -> None:
        """Put an event into the outbox of this transaction."""
        self.unit._events.append(Outgoing.of(event, city=self.rt.settings.city, at=self.now, actor=self.actor.kind))

    @asynccontextmanager
    async def also(
        self, action: str, resource: Resource, *, purpose: str | None = None, actor: Actor | None = None
    ) -> AsyncIterator[Act]:
        """A nested action in the same transaction; see Unit.also."""
        async with self.unit.also(action, resource, purpose=purpose, actor=actor or self.actor) as inner:
            yield inner

    def nothing_changed(self) -> None:
        """Say that this action found nothing to do (an idempotent repeat): no audit row is owed."""
        self._waived = True

    def close(self) -> None:
        """Called when the block ends well."""
        if not self._recorded and not self._waived:
            raise SilentAction(f"{self.action} on {self.resource.type} {self.resource.id} ended without its audit row")


async def decide(
    rt: Runtime, actor: Actor, action: str, resource: Resource, purpose: str | None, now: datetime
) -> Decision:
    """Ask the policy; raises Refused (with the stored refusal) unless it allows. No decider means no."""
    if rt.decider is None:
        raise Refused(f"{action}: no policy is loaded", action=action)
    decision: Decision = await rt.decider.decide(actor, action, resource, purpose, now)
    if not decision.allowed:
        raise Refused(
            f"{actor.kind} {actor.name} may not {action} on {resource.type} {resource.id}",
            decision=decision, action=action, refusal=str(decision.refusal_id or ""),
        )  # fmt: skip
    return decision


@asynccontextmanager
async def unit(rt: Runtime, actor: Actor) -> AsyncIterator[Unit]:
    """A transaction in the scope of an actor, for several actions that belong together (a message, a request)."""
    now = rt.clock.now()
    async with rt.db.transaction("app", opening=scope_statement(actor)) as db:
        work = Unit(rt, db, actor, now)
        yield work
        await work._flush()


@asynccontextmanager
async def act(
    rt: Runtime, actor: Actor, action: str, resource: Resource, *, purpose: str | None = None
) -> AsyncIterator[Act]:
    """Decide, then one action in one transaction; see the module's text. Raises Refused before anything is opened."""
    now = rt.clock.now()
    decision = await decide(rt, actor, action, resource, purpose, now)
    async with rt.db.transaction("app", opening=scope_statement(actor)) as db:
        work = Unit(rt, db, actor, now)
        doing = Act(work, actor, action, resource, purpose, decision)
        yield doing
        doing.close()
        if work._entries or work._events or not doing._waived:
            await work._flush()


@asynccontextmanager
async def read(rt: Runtime, actor: Actor | None) -> AsyncIterator[Conn]:
    """A read-only transaction in the scope of an actor (None: of the system, which sees every row)."""
    scope = scope_statement(actor or Actor.system("read"))
    async with rt.db.transaction("app", readonly=True, opening=scope) as db:
        yield db


async def may(rt: Runtime, actor: Actor, action: str, resource: Resource, *, purpose: str | None = None) -> Decision:
    """Decide about a reading action that needs no audit row of its own; raises Refused. Keep to its obligations."""
    return await decide(rt, actor, action, resource, purpose, rt.clock.now())


register_door("may", may)
register_door("act", act)
register_door("unit", unit)
register_door("system_unit", lambda rt, name: unit(rt, Actor.system(name)))
register_door("read", read)
