"""What the directory knows: places, organisations, posts, and who holds them when.  Pure records, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

#: The five levels of the tree of places.
CITY, DISTRICT, STREET, COMMUNITY, GRID = 1, 2, 3, 4, 5
LEVEL_NAMES = {CITY: "city", DISTRICT: "district", STREET: "street", COMMUNITY: "community", GRID: "grid"}
#: What a post may be for.
ROLES = (
    "intake",
    "dispatcher",
    "handler",
    "verifier",
    "callback",
    "supervisor",
    "steward",
    "auditor",
    "admin",
    "leader",
)
ORG_KINDS = (
    "government",
    "command",
    "department",
    "agency",
    "utility",
    "street",
    "community",
    "grid",
    "board",
    "council",
)
#: Posts of a command centre that see everything in its area.
SUPERVISING = ("supervisor", "leader")


class _Named:
    """Has a Chinese and an English name."""

    __slots__ = ()
    name_zh: str
    name_en: str

    def name(self, locale: str = "zh") -> str:
        """The name in a locale."""
        return self.name_en if locale == "en" else self.name_zh


@dataclass(frozen=True, slots=True)
class Division(_Named):
    """A place of one of the five levels; its code begins with `prefix` of the one above."""

    code: str
    parent: str | None
    level: int
    kind: str
    name_zh: str
    name_en: str
    sort_key: str
    generated: bool = False
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Category(_Named):
    """What a request can be about; keys are dotted, `road.light` lies below `road`."""

    key: str
    parent: str | None
    name_zh: str
    name_en: str
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Org(_Named):
    """An organisation: a government, a department, a command centre, a street office, a community, a grid."""

    id: int
    code: str
    parent: int | None
    kind: str
    division: str
    name_zh: str
    name_en: str
    sort_key: str
    uscc: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A role in one organisation (岗位), which tasks are addressed to."""

    id: int
    org: int
    role: str
    number: int
    title_zh: str
    title_en: str
    closed_at: datetime | None = None

    def title(self, locale: str = "zh") -> str:
        """The title in a locale."""
        return self.title_en if locale == "en" else self.title_zh


@dataclass(frozen=True, slots=True)
class Period:
    """A post in somebody's hands for a time: half open, `ends_at` None means until further notice."""

    id: UUID
    post: int
    account: UUID
    starts_at: datetime
    ends_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether the moment lies in the period."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Delegation(Period):
    """A post that its holder `from_account` lets `account` act from as well."""

    from_account: UUID


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post that an account may act from, and how it came by it; `until` is the end when one is set."""

    post: Post
    org: Org
    via: Literal["appointment", "delegation"]
    until: datetime | None
    on_behalf_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One row of the responsibility table: which organisation (a pattern over the place's chain) and which role."""

    category: str
    place: str
    org: str
    role: str
