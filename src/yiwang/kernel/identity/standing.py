"""What somebody's posts are at a moment, as an actor needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import Runtime


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


def area_of(rt: Runtime, org: int | None) -> str:
    """The place of an organisation, for policies about areas; empty when there is none."""
    found = rt.part(Directory).find_org(org) if org is not None else None
    return found.division if found else ""
