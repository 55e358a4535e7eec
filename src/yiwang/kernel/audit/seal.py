"""The sealer: chains what was committed, in batches, within a second."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson

from yiwang.kernel.audit.entries import q
from yiwang.kernel.db import Conn
from yiwang.kernel.runtime import Runtime

_FIELDS = (
    "id", "at", "actor", "actor_kind", "actor_name", "post", "action", "resource_type", "resource_id", "org", "area",
    "purpose", "policies", "before", "after", "note", "count", "digest", "request_id",
)  # fmt: skip
_SEALER = 0x5EA1
GENESIS = hashlib.sha256(b"yiwang audit chain, version 1").digest()
BATCH = 2000


def link(previous: bytes, row: Any) -> bytes:
    """The next hash of the chain: SHA-256 over the previous one and the entry in canonical JSON (sorted keys, UTC)."""
    values = {name: row[name] for name in _FIELDS}
    text = orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
    return hashlib.sha256(previous + text).digest()


async def seal_entries(rt: Runtime) -> int:
    """Chain every waiting entry; tells how many. Of several workers one works and the others return 0."""
    total = 0
    while True:
        async with rt.db.transaction("owner") as db:
            if not await db.fetchval("select pg_try_advisory_xact_lock($1)", _SEALER):
                return total
            sealed = await _seal_batch(db, rt.clock.now())
        total += sealed
        if sealed < BATCH:
            return total


async def _seal_batch(db: Conn, now: datetime) -> int:
    ids = sorted(r["entry"] for r in await db.fetch(q.take_pending, BATCH))
    if not ids:
        return 0
    last = await db.fetchrow(q.last_seal)
    number, previous = (last["number"], last["hash"]) if last else (0, GENESIS)
    hashes: list[bytes] = []
    for row in await db.fetch(q.entries_by_id, ids):
        previous = link(previous, row)
        hashes.append(previous)
    await db.execute(q.add_seals, list(range(number + 1, number + 1 + len(ids))), ids, hashes, now)
    return len(ids)
