"""Verification: walk the chain from its beginning and say the first thing that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from yiwang.kernel.audit.entries import q
from yiwang.kernel.audit.seal import GENESIS, link
from yiwang.kernel.runtime import Runtime

PAGE = 5000


@dataclass
class Verdict:
    """How many rows are sealed and fit, how many wait for the sealer, and what is wrong (empty: nothing)."""

    sealed: int = 0
    waiting: int = 0
    head: str = GENESIS.hex()
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return not self.problems


async def verify_chain(rt: Runtime, on_progress: Callable[[int], None] | None = None) -> Verdict:
    """Recompute every hash; a changed, removed or smuggled-in row is named by its number."""
    verdict = Verdict()
    previous = GENESIS
    async with rt.db.transaction("owner", readonly=True) as db:
        await db.execute("set transaction isolation level repeatable read")
        while True:
            rows = await db.fetch(q.chain_page, verdict.sealed, PAGE)
            for row in rows:
                if row["number"] != verdict.sealed + 1:
                    verdict.problems.append(f"seal {verdict.sealed + 1} is missing from the chain")
                    return verdict
                if row["id"] is None:
                    verdict.problems.append(f"entry {row['entry']} was removed (seal {row['number']})")
                    return verdict
                previous = link(previous, row)
                if previous != row["hash"]:
                    verdict.problems.append(
                        f"entry {row['entry']} was changed after it was sealed (seal {row['number']})"
                    )
                    return verdict
                verdict.sealed = row["number"]
            if on_progress:
                on_progress(verdict.sealed)
            if len(rows) < PAGE:
                break
        verdict.head = previous.hex()
        verdict.waiting = await db.fetchval(q.count_unsealed)
        verdict.problems += [
            f"entry {r['id']} is neither sealed nor waiting: it was added outside the write path"
            for r in await db.fetch(q.entries_without_seal)
        ]
    return verdict
