"""Refusals are kept for a while, so that a person can ask why and whom to ask.

They are written after the refused transaction, in one of their own, from a bounded queue: a flood of refusals costs
memory for ``QUEUE`` of them and no more, and never a second connection while a first is held.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource
from yiwang.kit.ids import new_id

log = logging.getLogger(__name__)
q = Queries.load("yiwang.kernel.policy")

#: How long and how many are kept.
KEEP = timedelta(days=90)
KEEP_ROWS = 200_000
#: Waiting to be written; beyond it they are counted and dropped.
QUEUE = 2_000
#: The same question by the same actor within this many seconds is one refusal.
REPEAT_S = 60.0


@dataclass(frozen=True)
class Asked:
    """A question as it was put, in a form that can be stored and asked again."""

    actor: Actor
    action: str
    resource: Resource
    purpose: str | None

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        who, what = self.actor, self.resource
        return {
            "actor": {
                "kind": who.kind, "id": str(who.id) if who.id else None, "name": who.name, "post": who.post,
                "posts": list(who.posts), "orgs": list(who.orgs), "areas": list(who.areas), "roles": sorted(who.roles),
            },
            "resource": {
                "type": what.type, "id": None if what.id is None else str(what.id), "org": what.org,
                "parties": list(what.parties), "area": what.area, "owner": str(what.owner) if what.owner else None,
                "attrs": {name: _plain(value) for name, value in what.attrs.items()},
            },
            "purpose": self.purpose,
        }  # fmt: skip

    @classmethod
    def load(cls, action: str, stored: dict[str, Any]) -> Asked:
        """From JSON."""
        who, what = dict(stored["actor"]), dict(stored["resource"])
        who["id"] = UUID(who["id"]) if who["id"] else None
        for name in ("posts", "orgs", "areas"):
            who[name] = tuple(who[name])
        who["roles"] = frozenset(who["roles"])
        what["owner"] = UUID(what["owner"]) if what["owner"] else None
        what["parties"] = tuple(what["parties"])
        return cls(Actor(**who), action, Resource(**what), stored["purpose"])

    def key(self) -> tuple[Any, ...]:
        """What makes two questions the same."""
        who, what = self.actor, self.resource
        return (who.kind, who.id, who.name, who.posts, self.action, what.type, str(what.id), what.org, self.purpose)


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple | list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, UUID) else value


class Refusals:
    """Takes refusals in and writes them behind."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._waiting: list[tuple[Any, ...]] = []
        self._recent: OrderedDict[tuple[Any, ...], tuple[float, UUID]] = OrderedDict()
        self._writing = asyncio.Lock()
        self.dropped = 0

    def note(self, asked: Asked, errors: tuple[str, ...], version: str, now: datetime) -> UUID:
        """Remember a refusal; its id, which is that of the first when the same was refused a moment ago."""
        key, tick = asked.key(), time.monotonic()
        seen = self._recent.get(key)
        if seen is not None and tick - seen[0] < REPEAT_S:
            return seen[1]
        identity = new_id()
        self._recent[key] = (tick, identity)
        if len(self._recent) > QUEUE:
            self._recent.popitem(last=False)
        if len(self._waiting) >= QUEUE:
            self.dropped += 1
            if self.dropped == 1 or self.dropped % 1000 == 0:
                log.warning("refusals are not stored: too many at once", extra={"dropped": self.dropped})
            return identity
        who, what = asked.actor, asked.resource
        self._waiting.append(
            (identity, now, who.id, who.kind, asked.action, what.type, None if what.id is None else str(what.id),
             what.org, what.area, asked.dump(), list(errors), version)
        )  # fmt: skip
        if len(self._waiting) == 1:
            self._rt.spawn(self.flush(), "policy.refusals")
        return identity

    async def flush(self) -> None:
        """Write what is waiting, in one transaction."""
        async with self._writing:
            batch, self._waiting = self._waiting, []
            if not batch:
                return
            try:
                async with self._rt.db.transaction("app") as db:
                    await as_system(db)
                    await db.executemany(q.insert_refusal, batch)
            except Exception:
                log.exception("refusals could not be stored", extra={"count": len(batch)})

    async def prune(self) -> int:
        """Delete what is older than ``KEEP`` or beyond ``KEEP_ROWS``; how many."""
        async with self._rt.act(Actor.system("policy"), "refusal.prune", Resource("refusal")) as act:
            gone = await act.db.execute(q.prune_refusals_by_age, act.now - KEEP)
            gone += await act.db.execute(q.prune_refusals_by_number, KEEP_ROWS)
            if gone:
                act.record(count=gone, note="old refusals")
            else:
                act.nothing_changed()
        return int(gone)


async def as_system(db: Any) -> None:
    """Row-level settings of the system, for the kernel's own statements."""
    await db.execute(
        "select set_config('yw.orgs', '{}', true), set_config('yw.areas', '{}', true), "
        "set_config('yw.account', '', true), set_config('yw.all', 'on', true)"
    )
