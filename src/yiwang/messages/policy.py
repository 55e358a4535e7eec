"""What the policy part tells the other rooms."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from yiwang.messages.base import Event


class GrantGiven(Event):
    """Somebody may do something from now on (or from the grant's start)."""

    type: ClassVar[str] = "cn.yiwang.policy.grant.given.v1"
    grant: UUID
    subject_kind: str
    subject: str
    action: str


class GrantRevoked(Event):
    """A grant counts no more."""

    type: ClassVar[str] = "cn.yiwang.policy.grant.revoked.v1"
    grant: UUID
    reason: str
