"""Reconciliation: deliveries made = applied + waiting + dead, for every reaction, always."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.events.outbox import q
from yiwang.kernel.runtime import Runtime


@dataclass(frozen=True)
class Counts:
    """The books of one reaction."""

    reaction: str
    made: int
    applied: int
    waiting: int
    dead: int

    @property
    def balanced(self) -> bool:
        """Whether nothing was dropped and nothing was applied twice."""
        return self.made == self.applied + self.waiting + self.dead


async def reconcile(rt: Runtime) -> list[Counts]:
    """The books of every reaction, in one snapshot."""
    async with rt.db.transaction("owner", readonly=True) as db:
        return [Counts(**dict(r)) for r in await db.fetch(q.reconcile)]
