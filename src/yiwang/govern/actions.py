"""What people do with incidents: report, classify, withdraw, reopen, rate, see a contact.

Beside the capabilities of processes these are the only writers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.govern import flow, model, store
from yiwang.govern.changing import about, apply, line, resource_of
from yiwang.govern.contacts import Contact, open_contact, sealed
from yiwang.govern.entries import Entries, Entry
from yiwang.govern.errors import CannotRate, CannotWithdraw, NoIntake, NoSuchCode, TooLateToReopen
from yiwang.govern.model import Incident
from yiwang.govern.places import place_of
from yiwang.govern.report import Report
from yiwang.govern.tracking import code_of_form, digest_of_code, new_form_key
from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.files import FileStore, StoredFile
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource
from yiwang.kit.ids import new_id
from yiwang.messages.govern import IncidentOpened

#: What an incident is called that no package has a process for.
PLAIN_TYPE = "incident"


@dataclass(frozen=True, slots=True)
class Opened:
    """A report that was taken in. ``fresh`` is False when the same form had been sent before."""

    id: UUID
    number: str
    code: str
    fresh: bool


async def open_incident(
    rt: Runtime, actor: Actor, report: Report, *, form_key: str | None = None, photos: tuple[StoredFile, ...] = ()
) -> Opened:
    """Take a report in, and start the process of its entry in the same transaction.

    ``form_key`` makes it happen once: the same key gives the same incident and the same tracking code. Raises
    OutsideCity, DivisionRetired, NoIntake, Refused.
    """
    if report.anonymous and actor.kind == "resident":
        # Promised on the form: neither name nor account is recorded, not even who did it.
        actor = Actor.anonymous(actor.locale, actor.request_id)
    directory = await rt.part(Directory).fresh()
    entry = await rt.part(Entries).named(report.item)
    key = form_key or new_form_key()
    code = code_of_form(rt, key)
    row = _row(actor, report, entry, directory)
    on = Resource(
        "incident", row["id"], org=row["org"], area=row["area"], owner=row["reporter"],
        attrs={
            "package": entry.package if entry else "", "state": "opened", "category": row["category"], "held": False,
        },
    )  # fmt: skip
    contact = sealed(rt, row["id"], report.contact) if report.contact else None
    async with rt.act(actor, "incident.open", on) as act:
        row["opened_at"], row["opened_on"] = act.now, work_calendar(rt).local(act.now).date()
        first = line(act, "opened", public=True, source=report.source)
        kept = await store.open_row(act.db, row, tracking=digest_of_code(rt, code), contact=contact, log=[first])
        if not kept.fresh:
            act.nothing_changed()
            return Opened(kept.id, kept.number, code, False)
        act.record(after={name: row[name] for name in _AUDITED} | {"number": kept.number, "photos": len(photos)})
        act.emit(IncidentOpened(**_about(row, kept.number), source=report.source, process=row["process"]))
        instance = None
        if entry is not None:
            instance = await flow.start(act, entry, kept.id, kept.number, row)
        # With the instance, so that whoever takes part in it later sees them too.
        for photo in photos:
            await flow.attach_photo(act, kept.id, photo, row, instance)
    return Opened(kept.id, kept.number, code, True)


_AUDITED = ("type", "category", "title", "source", "anonymous", "area", "address", "process")


def _about(row: dict[str, Any], number: str) -> dict[str, Any]:
    return {"incident": row["id"], "number": number, **{name: row[name] for name in ("category", "area", "org")}}


def _row(actor: Actor, report: Report, entry: Entry | None, directory: Directory) -> dict[str, Any]:
    place = place_of(directory, lon=report.lon, lat=report.lat, area=report.area)
    intake = directory.post_near("intake", directory.city.code)
    if intake is None:
        raise NoIntake("no organisation of the city has a post of the role intake")
    category = report.category if directory.category(report.category) else ""
    own = actor.kind == "resident" and not report.anonymous
    return {
        "id": new_id(), "type": entry.item if entry else PLAIN_TYPE, "category": category, "title": report.headline,
        "description": report.description, "source": report.source, "reporter": actor.id if own else None,
        "anonymous": report.anonymous, "contactable": own or bool(report.contact.phone), "lon": report.lon,
        "lat": report.lat, "address": report.address, "area": place.area, "district": place.district,
        "street": place.street, "community": place.community, "state": "opened", "urgency": "normal",
        "org": intake.org, "parties": [], "process": entry.process if entry else None,
    }  # fmt: skip


async def find_tracked(rt: Runtime, code: str) -> Incident:
    """The incident of a tracking code as a person typed it; BadCode for a typing error, NoSuchCode."""
    digest = digest_of_code(rt, code)
    async with rt.read(Actor.anonymous()) as db:
        found = await store.read_tracked(db, digest)
    if found is None:
        raise NoSuchCode("no report has this code")
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """How a person comes to a report: its tracking code was shown (``by_code``), or it lies under their account."""

    incident: UUID
    by_code: bool


async def hold(rt: Runtime, code: str) -> Held:
    """The hold of a tracking code on its report; BadCode, NoSuchCode."""
    return Held((await find_tracked(rt, code)).id, True)


async def _own(rt: Runtime, actor: Actor, held: Held) -> Incident:
    """The incident before anything is decided: read whole where a code was shown, else in the actor's scope."""
    async with rt.read(None if held.by_code else actor) as db:
        return await store.read(db, held.incident)


async def withdraw(rt: Runtime, actor: Actor, held: Held, reason: str) -> None:
    """Its reporter takes it back; CannotWithdraw once it is done. The process ends itself on the message."""
    seen = await _own(rt, actor, held)
    async with rt.act(actor, "incident.withdraw", resource_of(rt, seen, held=held.by_code)) as act:
        if not seen.live:
            raise CannotWithdraw(f"incident {seen.number} is {seen.state}", number=seen.number)
        act.record(after={"reason": reason})
        # The process is told before the row is locked: it locks itself first and then its subject, as every step does.
        await flow.tell(act, flow.WITHDRAWN, seen, {"reason": reason})
        incident = await store.lock(act.db, held.incident, trusted=True)
        if incident.live:  # no process, or one that does not listen any more
            async with act.also("incident.set_state", resource_of(rt, incident), actor=_system(actor)) as inner:
                changes = model.move(incident, "withdrawn")
                await apply(inner, incident, changes, kind="state.withdrawn", public=True, by=actor, reason=reason)


async def reopen(rt: Runtime, actor: Actor, held: Held, reason: str) -> None:
    """Its reporter is not content. Possible as long as its process waits for that; TooLateToReopen afterwards."""
    seen = await _own(rt, actor, held)
    async with rt.act(actor, "incident.reopen", resource_of(rt, seen, held=held.by_code)) as act:
        if seen.state != "closed":
            raise TooLateToReopen(f"incident {seen.number} is {seen.state}", number=seen.number)
        act.record(after={"reason": reason})
        if not await flow.tell(act, flow.REOPENED, seen, {"reason": reason}):
            raise TooLateToReopen(f"no process of incident {seen.number} waits any more", number=seen.number)


async def rate(rt: Runtime, actor: Actor, held: Held, satisfied: str, comment: str = "") -> None:
    """Its reporter says how content they are (yes, partly, no), once, after it is closed; CannotRate otherwise."""
    seen = await _own(rt, actor, held)
    async with rt.act(actor, "incident.rate", resource_of(rt, seen, held=held.by_code)) as act:
        incident = await store.lock(act.db, held.incident, trusted=True)
        if incident.state != "closed" or incident.rated_at is not None or satisfied not in ("yes", "partly", "no"):
            raise CannotRate(f"incident {incident.number} is {incident.state}", number=incident.number)
        changes = {"satisfied": satisfied, "rated_at": act.now, "comment": comment.strip()[:500] or incident.comment}
        await apply(act, incident, changes, kind="rated", public=True, satisfied=satisfied)


async def classify(rt: Runtime, actor: Actor, incident_id: UUID, category: str) -> Incident:
    """Staff put it into another category; NotInThisState once it is done, Invalid for an unknown category."""
    directory = await rt.part(Directory).fresh()
    if directory.category(category) is None:
        raise Invalid(f"there is no category {category!r}", field="category")
    async with rt.read(actor) as db:
        seen = await store.read(db, incident_id)
    async with rt.act(actor, "incident.classify", resource_of(rt, seen)) as act:
        incident = await store.lock(act.db, incident_id)
        return await apply(act, incident, {"category": category}, kind="classified", public=False, category=category)


async def reveal_contact(rt: Runtime, actor: Actor, incident_id: UUID, purpose: str) -> Contact:
    """Name and phone of the reporter, for a stated purpose; who looked is in the audit log."""
    async with rt.read(actor) as db:
        seen = await store.read(db, incident_id)
    async with rt.act(actor, "incident.reveal", resource_of(rt, seen), purpose=purpose[:200] or None) as act:
        contact = await open_contact(rt, act.db, incident_id)
        act.record(note=purpose[:200], after={"name": bool(contact.name), "phone": bool(contact.phone)})
        return contact


async def keep_photos(rt: Runtime, files: list[tuple[str, bytes]]) -> tuple[StoredFile, ...]:
    """Check and store the photos of a report; FileRefused or FileTooLarge. Where they were taken is removed."""
    store_ = rt.part(FileStore)
    return tuple([await store_.keep(name, content) for name, content in files])


def _system(actor: Actor) -> Actor:
    return Actor("system", name="govern", locale=actor.locale, request_id=actor.request_id)


__all__ = [
    "Held",
    "Opened",
    "about",
    "classify",
    "find_tracked",
    "hold",
    "keep_photos",
    "open_incident",
    "rate",
    "reopen",
    "reveal_contact",
    "withdraw",
]
