"""Telling reporters: to their account, or to the phone they left; nobody is told about an anonymous report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.govern import store
from yiwang.govern.contacts import open_contact
from yiwang.govern.errors import NoSuchIncident
from yiwang.govern.model import Incident
from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.db import Conn
from yiwang.kernel.notices import TemplateBook, To, send
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act


async def notify(act: Act, inputs: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Capability ``incident.notify`` {incident, template, reason?}: queued is False when nobody can be reached.

    Once for each template and round of the incident: a repeated call queues nothing more.
    """
    try:
        key = UUID(str(inputs.get("incident")))
    except ValueError as error:
        raise NoSuchIncident(f"{inputs.get('incident')!r} is no key of an incident") from error
    incident = await store.lock(act.db, key, trusted=True)
    to = await _reporter(act.rt, act.db, incident)
    if to is None:
        return {"queued": False}
    template = str(inputs["template"])
    params = _facts(act.rt, incident, str(inputs.get("reason") or ""))
    wanted = act.rt.part(TemplateBook).get(template).params
    dedupe = f"{template}:{incident.id}:{incident.reopened}"
    told = {name: params[name] for name in wanted}
    queued = await send(act, template, to, told, locale="zh", href=f"/my/reports/{incident.id}", dedupe=dedupe)
    return {"queued": queued > 0}


async def _reporter(rt: Runtime, db: Conn, incident: Incident) -> To | None:
    if incident.reporter is not None:
        return To(account=incident.reporter)
    if incident.anonymous or not incident.contactable:
        return None
    phone = (await open_contact(rt, db, incident.id, trusted=True)).phone
    return To(phone=phone) if phone else None


def _facts(rt: Runtime, incident: Incident, reason: str) -> dict[str, str]:
    due = "—"
    if incident.due_at is not None:
        local = work_calendar(rt).local(incident.due_at)
        due = f"{local.month}月{local.day}日"
    return {"number": incident.number, "title": incident.title, "due": due, "reason": reason or incident.comment or "—"}
