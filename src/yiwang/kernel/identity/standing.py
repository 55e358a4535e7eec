"""What somebody's posts are at a moment, as an actor needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Resource


@dataclass(frozen=True)
class Standing:
    """One post held or delegated: its organisation, its role, and the division prefixes that it supervises."""

    post: int
    org: int
    role: str
    areas: tuple[str, ...]


async def standing_of(rt: Runtime, account: UUID, at: datetime) -> list[Standing]:
    """The posts of an account at a moment, own first, then delegated; at most a second old."""
    directory = await rt.part(Directory).fresh()
    held = directory.posts_of(account, at)
    return [Standing(one.post.id, one.org.id, one.post.role, directory.areas_of(one.post)) for one in held]


def account_resource(rt: Runtime, account: UUID, kind: str, org: int | None, *, owner: UUID | None = None) -> Resource:
    """An account as the policy sees it: its organisation, and whose administrators look after it.

    An account without an organisation is the city's.
    """
    directory = rt.part(Directory)
    found = directory.find_org(org) if org is not None else None
    if found is None and directory.divisions_below(None):
        found = next(iter(directory.orgs_at(directory.city.code)), None)
    attrs: dict[str, Any] = {"kind": kind}
    if found is not None:
        attrs["administrators"] = directory.administrators(found.id)
    return Resource("account", account, org=org, owner=owner, attrs=attrs)
