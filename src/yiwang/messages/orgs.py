"""What the organisations say: a city was loaded, an organisation changed, a post changed hands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiwang.messages.base import Event


class CityLoaded(Event):
    """A city's files were loaded, for the first time or again."""

    type = "cn.yiwang.org.city.loaded.v1"
    city: str
    divisions: int
    organisations: int
    posts: int


class DivisionsRetired(Event):
    """Codes that the national list has dropped; nothing new is filed under them."""

    type = "cn.yiwang.org.divisions.retired.v1"
    city: str
    codes: tuple[str, ...]


class OrganisationChanged(Event):
    """An organisation was founded, changed or closed."""

    type = "cn.yiwang.org.organisation.changed.v1"
    org: int
    code: str
    closed: bool


class PostChanged(Event):
    """A post was made or closed."""

    type = "cn.yiwang.org.post.changed.v1"
    post: int
    org: int
    role: str
    closed: bool


class AppointmentMade(Event):
    """Somebody was appointed to a post; `handed_over_from` is who held it before, when it was handed over."""

    type = "cn.yiwang.org.appointment.made.v1"
    appointment: UUID
    post: int
    account: UUID
    starts_at: datetime
    handed_over_from: UUID | None


class AppointmentEnded(Event):
    """Somebody ceases to hold a post."""

    type = "cn.yiwang.org.appointment.ended.v1"
    appointment: UUID
    post: int
    account: UUID
    ends_at: datetime


class PostDelegated(Event):
    """The holder of a post lets somebody else act from it for a while."""

    type = "cn.yiwang.org.post.delegated.v1"
    delegation: UUID
    post: int
    from_account: UUID
    to_account: UUID
    starts_at: datetime
    ends_at: datetime


class DelegationRevoked(Event):
    """A delegation was taken back before its end."""

    type = "cn.yiwang.org.delegation.revoked.v1"
    delegation: UUID
    post: int
    to_account: UUID


class DutySet(Event):
    """Somebody stands watch on a post for a while, or (`cancelled`) no longer does."""

    type = "cn.yiwang.org.duty.set.v1"
    duty: UUID
    post: int
    account: UUID
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
