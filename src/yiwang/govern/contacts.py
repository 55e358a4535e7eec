"""Who reported, and where to call back: sealed in the table, masked in lists, opened only by an audited action."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.identity.contacts import masked
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.policy.masks import mask_name
from yiwang.kernel.runtime import Runtime

q = Queries.load("yiwang.govern")
_PURPOSE = "govern.contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """A name and a phone number (E.164); either may be empty."""

    name: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.name or self.phone)


def sealed(rt: Runtime, incident: UUID, contact: Contact) -> dict[str, str | None]:
    """What the table keeps of a contact, as ``govern.open_incident`` takes it."""
    box = rt.part(Keys).box

    def seal(value: str, field: str) -> str | None:
        return box.seal(_PURPOSE, value.encode(), bound=incident.bytes + field.encode()).hex() if value else None

    return {
        "name_masked": mask_name(contact.name) if contact.name else "",
        "phone_masked": masked("phone", contact.phone) if contact.phone else "",
        "name": seal(contact.name, "name"),
        "phone": seal(contact.phone, "phone"),
        "digest": box.digest(_PURPOSE, contact.phone).hex() if contact.phone else None,
    }


async def masked_contact(db: Conn, incident: UUID) -> Contact:
    """Name and phone as a page may show them to staff: 张*明, 138****5678."""
    row = await db.fetchrow(q.masked_contact, incident)
    return Contact(row["name_masked"], row["phone_masked"]) if row else Contact()


async def open_contact(rt: Runtime, db: Conn, incident: UUID, *, trusted: bool = False) -> Contact:
    """The contact itself. Only for an action that was decided and leaves its audit row.

    ``trusted``: for a message to the reporter, whoever moved the process.
    """
    row = await db.fetchrow(q.contact_for_notice if trusted else q.sealed_contact, incident)
    if row is None:
        return Contact()
    box = rt.part(Keys).box

    def unseal(value: bytes | None, field: str) -> str:
        return box.open(_PURPOSE, value, bound=incident.bytes + field.encode()).decode() if value else ""

    return Contact(unseal(row["name_sealed"], "name"), unseal(row["phone_sealed"], "phone"))
