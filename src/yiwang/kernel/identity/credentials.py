"""What is known about how a person proves themself; read one person at a time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.identity.contacts import normal_login, normal_mail, normal_phone
from yiwang.kernel.identity.model import Duty
from yiwang.kernel.identity.secretbox import SecretBox
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

q = Queries.load("yiwang.kernel.identity")


@dataclass(frozen=True)
class Credential:
    """One account with its password hash and sealed TOTP seed; lives for one request and is never logged."""

    id: UUID
    kind: str
    login: str
    name: str
    state: str
    demo: bool
    version: int
    locale: str
    password: str | None
    must_change: bool
    totp: bytes | None
    totp_last: int
    totp_pending: bytes | None

    def __repr__(self) -> str:
        return f"Credential({self.login})"

    @property
    def active(self) -> bool:
        """May it sign in at all?"""
        return self.state == "active"

    def actor(self, request_id: str = "") -> Actor:
        """The person without any post: enough to act on what is theirs."""
        kind = "staff" if self.kind == "staff" else "resident"
        return Actor(kind, id=self.id, name=self.name, locale=self.locale, request_id=request_id)  # type: ignore[arg-type]


def contact_digest(box: SecretBox, text: str) -> bytes | None:
    """The blind index of a phone or mail address; None when it is neither."""
    value = normal_phone(text) or normal_mail(text)
    return box.digest("contact", value) if value else None


async def find_credential(db: Conn, box: SecretBox, typed: str) -> Credential | None:
    """By sign-in name, phone or mail address, whichever was typed."""
    row = await db.fetchrow(q.credential, normal_login(typed), contact_digest(box, typed), None)
    return Credential(**dict(row)) if row else None


async def credential_of(db: Conn, account: UUID) -> Credential:
    """Of a known account; KeyError when it is gone."""
    row = await db.fetchrow(q.credential, None, None, account)
    if row is None:
        raise KeyError(account)
    return Credential(**dict(row))


def duty_of(rt: Runtime, who: Credential, *, federated: bool = False) -> Duty | None:
    """What has to be done before the session counts. A provider we trust brings its own second factor."""
    if federated:
        return None
    if who.must_change:
        return "password"
    spared = who.demo and rt.settings.demo_mode_totp_optional
    if who.kind == "staff" and who.totp is None and not spared:
        return "totp"
    return None
