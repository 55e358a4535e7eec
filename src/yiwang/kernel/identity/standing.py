"""What somebody's posts are at a moment, as identity needs it of kernel.orgs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.kernel.runtime import Runtime


@dataclass(frozen=True)
class Standing:
    """One post held or delegated: its organisation, its role, and the division prefixes that it supervises."""

    post: int
    org: int
    role: str
    areas: tuple[str, ...]


async def standing_of(rt: Runtime, account: UUID, at: datetime) -> list[Standing]:
    """The posts of an account at a moment, own first, then delegated."""
    for find in rt.registry.extra("standing"):
        return [Standing(*row) for row in await find(rt, account, at)]
    return []
