"""Consistent copies of the directory in memory, its structure and its people: every lookup is a dictionary away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from yiwang.kernel.orgs.model import Category, Delegation, Division, Org, Period, Post, Responsibility
from yiwang.kernel.orgs.places import Places

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Contents:
    """Places, organisations and posts of one version, as the store read them."""

    version: int = 0
    prefix: str = ""
    divisions: Sequence[Division] = ()
    categories: Sequence[Category] = ()
    orgs: Sequence[Org] = ()
    posts: Sequence[Post] = ()
    responsibilities: Sequence[Responsibility] = ()
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: Places(()))


class Snapshot:
    """Indexes over one version of the structure."""

    def __init__(self, contents: Contents) -> None:
        self.version = contents.version
        self.prefix = contents.prefix
        self.places = contents.places
        self.aliases = contents.aliases
        self.divisions = {one.code: one for one in contents.divisions}
        self.divisions_below: dict[str | None, list[Division]] = _grouped(
            (one.parent, one) for one in contents.divisions
        )
        self.categories = {one.key: one for one in contents.categories}
        self.orgs = {one.id: one for one in contents.orgs}
        self.orgs_by_code = {one.code: one for one in contents.orgs}
        self.orgs_below: dict[int | None, list[Org]] = _grouped((one.parent, one) for one in contents.orgs)
        self.orgs_at: dict[str, list[Org]] = _grouped((one.division, one) for one in contents.orgs)
        self.posts = {one.id: one for one in contents.posts}
        self.posts_in: dict[int, list[Post]] = _grouped((one.org, one) for one in contents.posts)
        self.responsibilities: dict[str, list[Responsibility]] = _grouped(
            (one.category, one) for one in contents.responsibilities
        )

    def chain(self, code: str) -> list[Division]:
        """The division and those above it, finest first; empty for an unknown code."""
        found: list[Division] = []
        one = self.divisions.get(code)
        while one is not None:
            found.append(one)
            one = self.divisions.get(one.parent) if one.parent else None
        return found


class People:
    """Who holds which post, by account and by post."""

    def __init__(
        self,
        version: int = 0,
        appointments: Sequence[Period] = (),
        delegations: Sequence[Delegation] = (),
        duties: Sequence[Period] = (),
    ) -> None:
        self.version = version
        self.appointments_of: dict[UUID, list[Period]] = _grouped((one.account, one) for one in appointments)
        self.appointments_to: dict[int, list[Period]] = _grouped((one.post, one) for one in appointments)
        self.delegations_to: dict[UUID, list[Delegation]] = _grouped((one.account, one) for one in delegations)
        self.delegations_of: dict[int, list[Delegation]] = _grouped((one.post, one) for one in delegations)
        self.duties_of: dict[int, list[Period]] = _grouped((one.post, one) for one in duties)

    def holds(self, account: UUID, post: int, at: datetime) -> bool:
        """Whether the account is appointed to the post at that moment (delegations aside)."""
        return any(one.post == post and one.covers(at) for one in self.appointments_of.get(account, ()))


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)
