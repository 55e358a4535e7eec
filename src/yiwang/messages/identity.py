"""What identity tells the other rooms. No secret, no contact and no name is ever in an event."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from yiwang.messages.base import Event


class AccountCreated(Event):
    """An account was made; it can sign in from now on."""

    type: ClassVar[str] = "cn.yiwang.identity.account.created.v1"
    account: UUID
    kind: Literal["staff", "resident", "client"]
    org: int | None


class AccountChanged(Event):
    """A name, a preference, an organisation or a way to prove oneself changed: caches drop what they hold."""

    type: ClassVar[str] = "cn.yiwang.identity.account.changed.v1"
    account: UUID
    what: Literal["profile", "password", "totp", "link", "scopes"]


class AccountDisabled(Event):
    """An account may act no more, and its sessions and tokens are over."""

    type: ClassVar[str] = "cn.yiwang.identity.account.disabled.v1"
    account: UUID


class AccountEnabled(Event):
    """A disabled account may act again."""

    type: ClassVar[str] = "cn.yiwang.identity.account.enabled.v1"
    account: UUID
