"""What a process may do with its incident, by name: the service tasks of packages.

Each is one audited action on the subject, and repeating it changes nothing (a process may be replayed after a fault).
The subject is ``inputs["incident"]``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.govern import model
from yiwang.govern.changing import apply, as_process
from yiwang.govern.errors import NoSuchIncident
from yiwang.govern.telling import notify
from yiwang.kernel.calendar import Span, work_calendar
from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs import Directory, Post
from yiwang.kernel.runtime import Capability
from yiwang.kernel.write import Act

Json = dict[str, Any]


def _subject(inputs: Json) -> UUID:
    try:
        return UUID(str(inputs["incident"]))
    except (KeyError, ValueError) as error:
        raise NoSuchIncident(f"{inputs.get('incident')!r} is no key of an incident", incident="") from error


def _text(inputs: Json, name: str, longest: int = 2000) -> str:
    return str(inputs.get(name) or "").strip()[:longest]


def _choice(inputs: Json, name: str, among: tuple[str, ...], default: str) -> str:
    value = _text(inputs, name) or default
    if value not in among:
        raise Invalid(f"{name} {value!r} is none of {', '.join(among)}", field=name)
    return value


def _number(value: Any) -> int | None:
    return None if value in (None, "", 0) else int(value)


async def accept(act: Act, inputs: Json, _context: Any) -> Json:
    """Take it on: category, urgency, and the working time from now in which it is to be done."""
    urgency = _choice(inputs, "urgency", model.URGENCIES, "normal")
    due = _text(inputs, "due", 20)
    async with as_process(act, "incident.accept", _subject(inputs)) as (inner, incident):
        if incident.state == "accepted" and incident.due_at is not None:
            inner.nothing_changed()
            return {"due_at": incident.due_at.isoformat(), "state": incident.state}
        due_at = work_calendar(act.rt).add(act.now, Span.parse(due)) if due else None
        changes = model.accepted(
            incident, category=_text(inputs, "category", 60), urgency=urgency, due_at=due_at, now=act.now,
            title=_text(inputs, "title", 60),
        )  # fmt: skip
        after = await apply(inner, incident, changes, kind="accepted", public=True, by=act.actor, due_at=due_at)
    return {"due_at": after.due_at.isoformat() if after.due_at else "", "state": after.state}


async def route(act: Act, inputs: Json, _context: Any) -> Json:
    """Who answers for this category at this place, and who could look on the spot. ``set_state`` then hands over."""
    directory = await act.rt.part(Directory).fresh()
    async with as_process(act, "incident.route", _subject(inputs)) as (inner, incident):
        category = _text(inputs, "category", 60) or incident.category
        area = _text(inputs, "area", 15) or incident.area
        found = directory.responsible_post(category, area) if area and category else None
        if found is None and category and not area:
            # Said without a place: whoever answers for it in the whole city, if it is one body.
            found = directory.responsible_post(category, directory.city.code)
        verifier = _verifier(directory, area) if area else None
        verify_org = verifier.org if verifier else None
        detail = {"category": category, "area": area, "found": found is not None}
        changes: Json = {"verify_org": verify_org} if verify_org is not None else {}
        if verify_org is not None and verify_org not in (incident.org, *incident.parties):
            changes["parties"] = [*incident.parties, verify_org]
        await apply(inner, incident, changes, kind="routed", public=False, by=act.actor, **detail)
    return {
        "post": found.id if found else None, "org": found.org if found else None, "verify_org": verify_org,
        "co_posts": [],
    }  # fmt: skip


def _verifier(directory: Directory, area: str) -> Post | None:
    """Who can look on the spot: the nearest at or above the place, else (its grid unknown) the first just below."""
    found = directory.post_near("verifier", area)
    below = (directory.post_near("verifier", one.code) for one in directory.divisions_below(area))
    return found or next((post for post in below if post is not None), None)


async def set_state(act: Act, inputs: Json, _context: Any) -> Json:
    """Move it to a state, with the post that has it now; the organisations of that post and its helpers join in.

    The state ``reopened`` is the way back of a closed incident: it is accepted again, with as much working time as
    before (or ``due``).
    """
    state = _choice(inputs, "state", (*model.STATES, "reopened"), "")
    reason = _text(inputs, "reason", 500)
    post = _number(inputs.get("post"))
    directory = await act.rt.part(Directory).fresh()
    helpers = [directory.post(int(p)).org for p in inputs.get("co_posts") or () if p]
    async with as_process(act, "incident.set_state", _subject(inputs)) as (inner, incident):
        if state == "reopened":
            return await _reopen(act, inner, incident, _text(inputs, "due", 20), reason)
        changes = model.move(incident, state)
        org = directory.post(post).org if post is not None else None
        changes = model.real_changes(incident, changes | model.handed_to(incident, post=post, org=org, co_orgs=helpers))
        # A change of hands inside of an organisation is no news for the public.
        public = "state" in changes or "department" in changes
        if changes and model.came_back(incident, state):
            changes["returned"] = incident.returned + 1
        after = await apply(
            inner, incident, changes, kind=f"state.{state}", public=public, by=act.actor, reason=reason,
            department=changes.get("department", incident.department),
        )  # fmt: skip
    return {"state": after.state}


async def _reopen(act: Act, inner: Act, incident: model.Incident, due: str, reason: str) -> Json:
    if incident.live and incident.reopened:
        inner.nothing_changed()
        return {"state": incident.state}
    calendar = work_calendar(act.rt)
    due_at = calendar.add(act.now, Span.parse(due)) if due else None
    if due_at is None and incident.due_at is not None and incident.accepted_at is not None:
        minutes = calendar.minutes_between(incident.accepted_at, incident.due_at)
        due_at = calendar.add(act.now, Span.parse(f"{max(minutes, 1)}wm"))
    changes = model.reopened(incident, due_at)
    after = await apply(
        inner, incident, changes, kind="reopened", public=True, by=act.actor, reason=reason, due_at=due_at
    )
    return {"state": after.state}


async def record_result(act: Act, inputs: Json, _context: Any) -> Json:
    """Keep what was done, found on the spot, and said on the phone; only what is given changes."""
    changes: Json = {}
    if inputs.get("result") is not None:
        changes["result"] = _text(inputs, "result")
    if inputs.get("outcome") is not None:
        changes["outcome"] = _text(inputs, "outcome", 40)
    if inputs.get("verified") is not None:
        verified = inputs["verified"]
        changes["verified"] = {True: "yes", False: "no"}.get(verified, str(verified))[:40]
    if inputs.get("satisfied") is not None:
        changes["satisfied"] = _choice(inputs, "satisfied", model.SATISFIED, "") or None
    if inputs.get("comment") is not None:
        changes["comment"] = _text(inputs, "comment")
    async with as_process(act, "incident.record_result", _subject(inputs)) as (inner, incident):
        public = "result" in changes
        detail = {k: v for k, v in changes.items() if k != "comment"}
        await apply(inner, incident, changes, kind="result", public=public, by=act.actor, **detail)
    return {}


async def close(act: Act, inputs: Json, _context: Any) -> Json:
    """Done: the moment is kept, and whether it was in time."""
    async with as_process(act, "incident.close", _subject(inputs)) as (inner, incident):
        changes = model.closed(incident, act.now)
        note = _text(inputs, "note", 500)
        after = await apply(inner, incident, changes, kind="closed", public=True, by=act.actor, note=note)
    return {"closed_at": after.closed_at.isoformat() if after.closed_at else "", "on_time": after.on_time}


async def supervise(act: Act, inputs: Json, _context: Any) -> Json:
    """Somebody watches it from now on; ``supervised`` counts how often."""
    reason = _text(inputs, "reason", 500)
    async with as_process(act, "incident.supervise", _subject(inputs)) as (inner, incident):
        changes = {"supervised": incident.supervised + 1} if incident.live else {}
        after = await apply(inner, incident, changes, kind="supervised", public=False, by=act.actor, reason=reason)
    return {"supervised": after.supervised}


_INCIDENT = {"type": "string", "title": "key of the incident"}
_TEXT = {"type": ["string", "null"]}
_POST = {"type": ["integer", "null"]}

CAPABILITIES = (
    Capability(
        "incident.accept", accept,
        {"incident": _INCIDENT, "category": _TEXT, "urgency": _TEXT, "due": _TEXT, "title": _TEXT}, ("incident",),
        "Takes an incident on: category, urgency, due date in working time. Gives due_at, state.",
    ),
    Capability(
        "incident.route", route, {"incident": _INCIDENT, "category": _TEXT, "area": _TEXT}, ("incident",),
        "Finds who answers for the category at the place. Gives post, org, verify_org, co_posts.",
    ),
    Capability(
        "incident.set_state", set_state,
        {"incident": _INCIDENT, "state": {"type": "string"}, "post": _POST, "co_posts": {}, "reason": _TEXT,
         "due": _TEXT},
        ("incident", "state"),
        "Moves an incident to a state and to the post that has it now. Gives state.",
    ),
    Capability(
        "incident.record_result", record_result,
        {"incident": _INCIDENT, "result": _TEXT, "outcome": _TEXT, "verified": {}, "satisfied": _TEXT,
         "comment": _TEXT},
        ("incident",),
        "Keeps what was done, found on the spot and said on the phone.",
    ),
    Capability(
        "incident.close", close, {"incident": _INCIDENT, "note": _TEXT}, ("incident",),
        "Closes an incident. Gives closed_at, on_time.",
    ),
    Capability(
        "incident.supervise", supervise, {"incident": _INCIDENT, "reason": _TEXT}, ("incident",),
        "Counts a supervision of an incident. Gives supervised.",
    ),
    Capability(
        "incident.notify", notify, {"incident": _INCIDENT, "template": {"type": "string"}, "reason": _TEXT},
        ("incident", "template"),
        "Tells the reporter by a template: incident.accepted, .rejected, .closed, .withdrawn. Gives queued.",
    ),
)  # fmt: skip
