"""What serving says: service items that appear, change and go, and the cases of applicants."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from yiwang.messages.base import Event


class ItemsPublished(Event):
    """The items of one source (a package, an imported list) were replaced: how many there are now."""

    type: ClassVar[str] = "cn.yiwang.serve.items.published.v1"
    source: str
    items: int
    removed: int


class CaseOpened(Event):
    """An applicant handed in an application for an item."""

    type: ClassVar[str] = "cn.yiwang.serve.case.opened.v1"
    case: UUID
    number: str
    item: str
    org: int


class CaseClosed(Event):
    """A case ended: granted, refused or withdrawn."""

    type: ClassVar[str] = "cn.yiwang.serve.case.closed.v1"
    case: UUID
    number: str
    item: str
    org: int
    outcome: str
