"""Counting failed tries in the database, so that every process of the city slows the same guesser.

A try is counted before it is checked and forgiven when it was right: two hundred parallel guesses cannot all slip
past an
unread counter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.identity.errors import Throttled
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.throttle import PER_ACCOUNT, PER_ADDRESS, PER_CODE, Allowance, failures_now, may_try_at
from yiwang.kernel.identity.tokens import new_token
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, unit

q = Queries.load("yiwang.kernel.identity")


@dataclass(frozen=True)
class Mark:
    """One counter: a keyed digest (no names or addresses in the table) and its rule."""

    key: bytes
    rule: Allowance


def sign_in_marks(rt: Runtime, *, login: str, account: UUID | None, address: str, device: str) -> list[Mark]:
    """What a sign-in is counted against: the address, and the account or, on a device the owner has used, that
    device.

    So a stranger who keeps failing slows strangers down, not the owner (OWASP: device cookies).
    """
    box = rt.part(Keys).box
    known = device_of(rt, device, account)
    name = f"device:{known}" if known else f"account:{account}" if account else f"login:{login}"
    marks = [Mark(box.digest("throttle", name), PER_ACCOUNT)]
    if address:
        marks.append(Mark(box.digest("throttle", f"address:{address}"), PER_ADDRESS))
    return marks


def code_marks(rt: Runtime, *, to: str, address: str) -> list[Mark]:
    """What sending a code is counted against:

    the receiver (nobody likes a flood of texts) and the sender's address.
    """
    box = rt.part(Keys).box
    marks = [Mark(box.digest("throttle", f"code:{to}"), PER_CODE)]
    if address:
        marks.append(Mark(box.digest("throttle", f"code-from:{address}"), PER_ADDRESS))
    return marks


async def reserve(rt: Runtime, marks: list[Mark]) -> None:
    """Count one try against each mark; raises Throttled, counting nothing, when one of them has to wait."""
    now = rt.clock.now()
    async with unit(rt, Actor.anonymous()) as work:
        for mark in sorted(marks, key=lambda m: m.key):
            row = await work.db.fetchrow(q.lock_throttle, mark.key, now)
            failures, last_at = (row["failures"], row["last_at"]) if row else (0, now)
            failures = failures_now(failures, last_at, now, mark.rule)
            opens_at = may_try_at(failures, last_at, mark.rule)
            if failures and opens_at > now:
                raise Throttled(_wait(opens_at, now))
            await work.db.execute(q.set_throttle, mark.key, failures + 1, now)
        work.bookkeeping()


def _wait(opens_at: datetime, now: datetime) -> timedelta:
    return opens_at - now


async def forgive(db: Conn, marks: list[Mark], now: datetime) -> None:
    """The try was right:

    forget the failures of the account or device. An address keeps its own but loses this one.
    """
    for mark in sorted(marks, key=lambda m: m.key):
        row = await db.fetchrow(q.lock_throttle, mark.key, now)
        if row is None:
            continue
        left = 0 if mark.rule is PER_ACCOUNT else max(0, row["failures"] - 1)
        await db.execute(q.set_throttle, mark.key, left, row["last_at"])


def new_device(rt: Runtime, account: UUID) -> str:
    """A device token for a browser in which this account has signed in."""
    nonce = new_token()[:22]
    body = f"{account.hex}.{nonce}"
    return f"{body}.{rt.part(Keys).box.sign('device', body)}"


def device_of(rt: Runtime, device: str, account: UUID | None) -> str | None:
    """The device's nonce when the token is ours and belongs to this account."""
    body, _, signature = device.rpartition(".")
    if (
        account is None
        or not body.startswith(account.hex + ".")
        or not rt.part(Keys).box.signed("device", body, signature)
    ):
        return None
    return body.partition(".")[2]
