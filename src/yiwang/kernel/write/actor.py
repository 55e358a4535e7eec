"""Who acts, and on what: the two nouns of every decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

Kind = Literal["staff", "resident", "client", "anonymous", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or some part of the system) who wants something.

    ``posts`` are the posts held or delegated now, ``post`` the one acted from; ``orgs`` the organisations of those
    posts; ``areas`` the division prefixes that they supervise; ``roles`` what the posts are for.
    """

    kind: Kind
    id: UUID | None = None
    name: str = ""
    post: int | None = None
    posts: tuple[int, ...] = ()
    orgs: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    locale: str = "zh"
    request_id: str = ""

    @staticmethod
    def system(name: str) -> Actor:
        """The system itself, by the name of the part that works."""
        return Actor("system", name=name)

    @staticmethod
    def anonymous(locale: str = "zh", request_id: str = "") -> Actor:
        """A visitor whom nobody knows."""
        return Actor("anonymous", locale=locale, request_id=request_id)

    @property
    def shown_name(self) -> str:
        """The name for what colleagues read (timelines, files, notes): empty for a resident, whose name is masked there
        like a contact. The audit row has the name itself."""
        return "" if self.kind == "resident" else self.name

    def acting_from(self, post: int) -> Actor:
        """The same person acting from another of their posts."""
        return replace(self, post=post)

    def scope(self) -> tuple[str, str, str, str]:
        """The row-level settings (orgs, areas, account, all) as PostgreSQL text."""
        areas = ",".join(a for a in self.areas if a.isdigit() or a.replace("-", "").isalnum())
        orgs = "{" + ",".join(map(str, self.orgs)) + "}"
        return orgs, "{" + areas + "}", str(self.id or ""), "on" if self.kind == "system" else "off"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is acted on: its type, key, and the facts about it that policies may ask for.

    ``owner`` is the account that it belongs to (a resident's own report); ``attrs`` holds what the type's policies
    name beyond that (strings, numbers, booleans, lists of those).
    """

    type: str
    id: Any = None
    org: int | None = None
    parties: tuple[int, ...] = ()
    area: str = ""
    owner: UUID | None = None
    attrs: Mapping[str, Any] = field(default_factory=dict)
