"""The process behind an incident: started with it, told what its reporter wants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.govern.entries import Entry
from yiwang.govern.model import Incident
from yiwang.govern.store import q
from yiwang.kernel.db import Conn
from yiwang.kernel.process.attachments import attach_to_subject
from yiwang.kernel.process.files import StoredFile
from yiwang.kernel.process.instances import deliver_message, start_process
from yiwang.kernel.process.model import Subject
from yiwang.kernel.write import Act

WITHDRAWN = "incident.withdrawn"
REOPENED = "incident.reopened"


def subject_of(incident: Incident) -> Subject:
    """The incident as the subject of a process."""
    return Subject("incident", incident.id, incident.title, incident.number)


async def start(act: Act, entry: Entry, incident: UUID, number: str, row: dict[str, Any]) -> UUID:
    """Start the process of the entry, in the unit of work that opened the incident; the id of the instance."""
    data = {
        "incident": str(incident), "number": number, "category": row["category"], "title": row["title"],
        "description": row["description"], "area": row["area"], "address": row["address"],
        "contactable": row["contactable"], "anonymous": row["anonymous"], "channel": row["source"],
    }  # fmt: skip
    subject = Subject("incident", incident, row["title"], number)
    return await start_process(
        act, entry.process, subject, data, org=row["org"], parties=tuple(row["parties"]), area=row["area"]
    )  # fmt: skip


async def tell(act: Act, message: str, incident: Incident, payload: dict[str, Any]) -> bool:
    """Deliver a message to whoever waits for it; whether somebody did."""
    return bool(await deliver_message(act, message, "incident", incident.id, payload))


async def attach_photo(act: Act, incident: UUID, photo: StoredFile, row: dict[str, Any], instance: UUID | None) -> None:
    """Attach a stored photo to a report that is being opened."""
    subject = Subject("incident", incident, row["title"])
    await attach_to_subject(act, subject, photo, org=row["org"], area=row["area"], instance=instance)


async def awaits(db: Conn, message: str, incident: UUID) -> bool:
    """Whether a process of the incident waits for a message now."""
    return bool(await db.fetchval(q.awaits, message, incident))
