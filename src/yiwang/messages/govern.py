"""What governing says: incidents and what becomes of them. No message carries a reporter's name or contact."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from yiwang.messages.base import Event


class _About(Event):
    """Which incident: its id, number, category, place and the organisation that owns it."""

    incident: UUID
    number: str
    category: str
    area: str
    org: int

    def about(self) -> str:
        """The incident."""
        return f"incident/{self.incident}"


class IncidentOpened(_About):
    """Somebody reported something. ``source`` is the way it came in (web, phone, ...)."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.opened.v1"
    source: str
    process: str | None = None


class IncidentAccepted(_About):
    """Intake took it on, with a category, an urgency and a date by which it is to be done."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.accepted.v1"
    urgency: str
    due_at: datetime | None = None


class IncidentClassified(_About):
    """Its category changed."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.classified.v1"
    previous: str


class IncidentRouted(_About):
    """It was given to a post; ``department`` is the organisation that answers for it now."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.routed.v1"
    post: int
    department: int


class IncidentStateChanged(_About):
    """It moved from one state to another; closing, withdrawing and accepting have messages of their own besides."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.state-changed.v1"
    previous: str
    state: str
    reason: str = ""


class IncidentClosed(_About):
    """It was closed. ``on_time`` is None when it had no date."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.closed.v1"
    department: int | None
    on_time: bool | None
    opened_at: datetime
    closed_at: datetime


class IncidentReopened(_About):
    """Its reporter was not content; ``times`` counts how often."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.reopened.v1"
    times: int


class IncidentWithdrawn(_About):
    """Its reporter took it back."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.withdrawn.v1"


class IncidentRated(_About):
    """Its reporter said how content they are: yes, partly or no."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.rated.v1"
    satisfied: str


class IncidentSupervised(_About):
    """A supervisor watches it now; ``times`` counts how often that was asked for."""

    type: ClassVar[str] = "cn.yiwang.govern.incident.supervised.v1"
    times: int
    reason: str = ""


class HistoryImported(Event):
    """Many closed incidents of another system came in at once: one message for all of them."""

    type: ClassVar[str] = "cn.yiwang.govern.history.imported.v1"
    batch: UUID
    source: str
    rows: int
    quarantined: int
    digest: str
