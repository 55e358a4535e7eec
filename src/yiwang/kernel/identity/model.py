"""The nouns of identity: an account, a session, where a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from yiwang.kernel.write import Actor

Method = Literal["password", "totp", "recovery", "oidc"]
Duty = Literal["password", "totp"]

# : Without use a session ends after `idle`, whatever happens after `life`. Staff per working day; a resident may stay
# on a phone.
IDLE = {"staff": timedelta(hours=2), "resident": timedelta(days=7)}
LIFE = {"staff": timedelta(hours=12), "resident": timedelta(days=30)}


@dataclass(frozen=True)
class Account:
    """Who may act: `kind` is staff, resident or client; `version` goes up with every change."""

    id: UUID
    kind: str
    login: str
    name: str
    locale: str
    theme: str
    elder: bool
    demo: bool
    version: int


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: the client's address (proxies resolved by the web layer) and its User-Agent."""

    address: str = ""
    agent: str = ""

    @property
    def short_agent(self) -> str:
        """What is stored of the User-Agent."""
        return self.agent[:200]


@dataclass(frozen=True)
class Session:
    """A signed-in person in one browser.

    `actor` is who acts; while a `duty` is left it is nobody yet. `person` is the owner without any post: what they do
    with their own account.
    """

    id: UUID
    actor: Actor
    person: Actor
    csrf: str
    expires_at: datetime
    ends_at: datetime
    account: Account
    method: str
    duty: Duty | None
    post: int | None


@dataclass(frozen=True)
class SignedIn:
    """The sign-in succeeded:

    the token for the cookie, and a device token that spares the owner the throttle of strangers.
    """

    token: str
    account: Account
    expires_at: datetime
    device: str
    duty: Duty | None


@dataclass(frozen=True)
class SecondFactorNeeded:
    """The password was right; now the code. The ticket lives five minutes and five tries."""

    ticket: str


@dataclass(frozen=True)
class SessionSummary:
    """One of a person's own sessions as their page lists it."""

    id: UUID
    method: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool
