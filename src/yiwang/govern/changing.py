"""How an incident changes inside an action: the row, its line of the timeline, its audit row, its messages, at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from yiwang.govern import store
from yiwang.govern.entries import Entries
from yiwang.govern.model import Changes, Incident, real_changes
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource
from yiwang.messages import govern as said
from yiwang.messages.base import Event

Json = dict[str, Any]


def resource_of(rt: Runtime, incident: Incident, *, held: bool = False) -> Resource:
    """The incident as the policy sees it; ``held``: whoever asks has shown its tracking code.

    It belongs to the package whose entry it came in by, so that the package's policies apply to it.
    """
    package = rt.part(Entries).package_of(incident.process)
    return Resource(
        "incident", incident.id, org=incident.org, parties=incident.parties, area=incident.area,
        owner=incident.reporter,
        attrs={"package": package, "state": incident.state, "category": incident.category, "held": held},
    )  # fmt: skip


def about(incident: Incident) -> Json:
    """What every message says about its incident."""
    return {
        "incident": incident.id, "number": incident.number, "category": incident.category, "area": incident.area,
        "org": incident.org,
    }  # fmt: skip


def line(act: Act, kind: str, *, public: bool, by: Actor | None = None, **detail: Any) -> Json:
    """One line of the timeline. Names of staff are for staff: the public page shows organisations only."""
    who = by or act.actor
    return {
        "at": act.now, "kind": kind, "public": public, "actor": who.id, "actor_name": who.shown_name, "post": who.post,
        "org": who.orgs[0] if who.kind == "staff" and who.orgs else None,
        "detail": {k: v for k, v in detail.items() if v not in (None, "")},
    }  # fmt: skip


async def apply(
    act: Act, incident: Incident, changes: Changes, *, kind: str, public: bool, by: Actor | None = None, **detail: Any
) -> Incident:
    """Write the changes and record them: the incident as it is afterwards.

    Nothing to change is no action: no audit row, no line, no message (a process may repeat a call).
    """
    changes = real_changes(incident, changes)
    if not changes:
        act.nothing_changed()
        return incident
    before = {name: getattr(incident, name) for name in changes}
    await store.save(act.db, incident, changes, [line(act, kind, public=public, by=by, **detail)])
    after = incident.changed(changes)
    act.record(before=before, after=changes, note=str(detail.get("reason") or ""), resource=resource_of(act.rt, after))
    for event in messages(incident, after, str(detail.get("reason") or "")):
        act.emit(event)
    return after


def messages(before: Incident, after: Incident, reason: str) -> list[Event]:
    """What a change says to other rooms."""
    told: list[Event] = []
    facts = about(after)
    if after.state != before.state:
        told.append(said.IncidentStateChanged(**facts, previous=before.state, state=after.state, reason=reason[:500]))
        if after.state == "accepted" and before.state == "opened":
            told.append(said.IncidentAccepted(**facts, urgency=after.urgency, due_at=after.due_at))
        if after.state == "closed" and after.closed_at is not None:
            told.append(
                said.IncidentClosed(
                    **facts, department=after.department, on_time=after.on_time, opened_at=after.opened_at,
                    closed_at=after.closed_at,
                )
            )  # fmt: skip
        if after.state == "withdrawn":
            told.append(said.IncidentWithdrawn(**facts))
    if after.category != before.category:
        told.append(said.IncidentClassified(**facts, previous=before.category))
    if after.post != before.post and after.post is not None and after.department is not None:
        told.append(said.IncidentRouted(**facts, post=after.post, department=after.department))
    if after.reopened > before.reopened:
        told.append(said.IncidentReopened(**facts, times=after.reopened))
    if after.supervised > before.supervised:
        told.append(said.IncidentSupervised(**facts, times=after.supervised, reason=reason[:500]))
    if after.rated_at is not None and after.rated_at != before.rated_at and after.satisfied:
        told.append(said.IncidentRated(**facts, satisfied=after.satisfied))
    return told


@asynccontextmanager
async def as_process(act: Act, action: str, incident_id: UUID) -> AsyncIterator[tuple[Act, Incident]]:
    """An action that a process takes on its subject: decided for the system, on behalf of whoever moved the process."""
    incident = await store.lock(act.db, incident_id, trusted=True)
    system = Actor("system", name="process", locale=act.actor.locale, request_id=act.actor.request_id)
    async with act.also(action, resource_of(act.rt, incident), actor=system) as inner:
        yield inner, incident
