"""Tickets: proofs of something begun (a right password, a reset, a registration) that is finished within minutes."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.tokens import fingerprint, new_token
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, unit

q = Queries.load("yiwang.kernel.identity")
SECOND_FACTOR = "second-factor"
RESET = "reset"
REGISTER = "register"
OIDC = "oidc"
LIFE = {
    SECOND_FACTOR: timedelta(minutes=5),
    RESET: timedelta(minutes=10),
    REGISTER: timedelta(minutes=10),
    OIDC: timedelta(minutes=10),
}
TRIES = 5


@dataclass(frozen=True)
class Ticket:
    """A ticket that was tried: whose it is, what was sealed in it, whether the code was right."""

    account: UUID | None
    data: dict[str, Any]
    right: bool
    tries_left: int


async def put_ticket(
    db: Conn,
    rt: Runtime,
    purpose: str,
    now: datetime,
    *,
    account: UUID | None = None,
    code: str | None = None,
    data: dict[str, Any] | None = None,
) -> str:
    """Store a ticket in this transaction and return its token; `code` is what the person will have to type."""
    box = rt.part(Keys).box
    token = new_token()
    mark = fingerprint(token)
    digest = box.digest("ticket-code", f"{mark.hex()}:{code}") if code is not None else None
    sealed = box.seal("ticket", orjson.dumps(data), bound=mark) if data else None
    await db.execute(q.put_ticket, mark, purpose, account, digest, sealed, now, now + LIFE[purpose])
    return token


async def issue_ticket(
    rt: Runtime, purpose: str, *, account: UUID | None = None, data: dict[str, Any] | None = None
) -> str:
    """A ticket in a transaction of its own (nothing else changes, so there is nothing to audit yet)."""
    async with unit(rt, Actor.anonymous()) as work:
        work.bookkeeping()
        return await put_ticket(work.db, rt, purpose, work.now, account=account, data=data)


async def try_ticket(
    db: Conn, rt: Runtime, token: str, purpose: str, now: datetime, code: str | None = None
) -> Ticket | None:
    """Count a try and look. None when there is no such ticket now, it was used, has expired or is worn out.

    The caller's transaction must commit also when the code was wrong, or the try would not count.
    """
    box = rt.part(Keys).box
    mark = fingerprint(token)
    row = await db.fetchrow(q.try_ticket, mark, purpose, now, TRIES)
    if row is None:
        return None
    right = row["code"] is None
    if row["code"] is not None and code is not None:
        right = hmac.compare_digest(box.digest("ticket-code", f"{mark.hex()}:{code.strip()}"), row["code"])
    data = orjson.loads(box.open("ticket", row["sealed"], bound=mark)) if row["sealed"] else {}
    return Ticket(row["account"], data, right, TRIES - row["attempts"])


async def use_ticket(db: Conn, token: str, now: datetime) -> bool:
    """Use it up; False when somebody was faster."""
    return bool(await db.fetchval(q.use_ticket, fingerprint(token), now))
