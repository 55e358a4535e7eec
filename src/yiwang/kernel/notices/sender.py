"""The loop that sends: claim, send, note the outcome. At least once, with an idempotency key for the provider.

A worker that dies in between leaves its messages claimed for LEASE; then another takes them over. What cannot be
sent is
tried again with growing pauses until the template's time is up, and then stands in the list as given up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.identity import Keys, contact_values, masked
from yiwang.kernel.notices.quiet import QuietHours
from yiwang.kernel.notices.stop import stop_address
from yiwang.kernel.notices.transports import Outgoing, Permanent, Transient, Transports
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, unit

log = logging.getLogger(__name__)
q = Queries.load("yiwang.kernel.notices")
#: So few that the last of a batch is tried before the lease of all of them ends, when every try takes its full time:
#: else another worker takes them over and they are sent twice.
BATCH = 24
AT_ONCE = 8
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
#: Nobody gets more than this many of one channel in an hour; what is over waits for the hour to pass.
PER_HOUR = 10
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=2)


@dataclass(frozen=True)
class _Outcome:
    """What became of a claimed message."""

    state: str
    reason: str = ""
    ref: str = ""
    next_at: datetime | None = None
    postponed: bool = False


class Quiet:
    """The city's quiet hours: `rt.part(Quiet).hours`."""

    def __init__(self, rt: Runtime) -> None:
        self.hours = QuietHours(work_calendar(rt).zone)


def pause_after(attempts: int) -> timedelta:
    """The pause before the next try: 20 s, 80 s, 320 s, ... at most two hours."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(2 * (attempts - 1), 16)))


async def send_due(rt: Runtime) -> int:
    """One round: everything that is due now; tells how many messages were worked on."""
    done = 0
    while True:
        now = rt.clock.now()
        async with unit(rt, Actor.system("notices")) as work:
            work.bookkeeping()
            rows = [dict(r) for r in await work.db.fetch(q.take_due, now, now + LEASE, BATCH)]
        if not rows:
            return done
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(_one(rt, row, gate) for row in rows))
        done += len(rows)


async def _one(rt: Runtime, row: Mapping[str, Any], gate: asyncio.Semaphore) -> None:
    async with gate:
        try:
            outcome = await _try(rt, row)
        except Exception:  # one bad row must not hold up the others; its lease runs out and it is tried again
            log.exception("a notice failed", extra={"notice": str(row["id"]), "template": row["template"]})
            outcome = _again(rt, row, "unexpected")
        async with unit(rt, Actor.system("notices")) as work:
            work.bookkeeping()
            if outcome.postponed:
                await work.db.execute(q.postpone, row["id"], outcome.reason, outcome.next_at)
                return
            final = outcome.state in {"sent", "sandboxed", "dropped", "gave_up"}
            at = rt.clock.now()
            await work.db.execute(
                q.finish, row["id"], outcome.state, outcome.reason, outcome.ref, at if final else None,
                outcome.next_at or at,
            )  # fmt: skip
        if outcome.state == "gave_up":
            log.warning("a notice was given up", extra={"notice": str(row["id"]), "reason": outcome.reason})


async def _try(rt: Runtime, row: Mapping[str, Any]) -> _Outcome:
    now = rt.clock.now()
    if row["give_up_at"] <= now:
        return _Outcome("gave_up", row["reason"] or "too_late")
    async with unit(rt, Actor.system("notices")) as work:
        work.bookkeeping()
        if row["optional"] and row["account"] and await _refused(work.db, row):
            return _Outcome("dropped", "refused")
        address = await _address(rt, work.db, row)
        if address is None:
            return _Outcome("dropped", "no_address")
        wait = await _wait(rt, work.db, row, address, now)
    if wait is not None:
        return _Outcome("queued", wait[0], next_at=wait[1], postponed=True)
    transport = rt.part(Transports).by_channel[row["channel"]]
    try:
        ref = await transport.deliver(_outgoing(rt, row, address))
    except Permanent as error:
        return _Outcome("gave_up", str(error)[:200])
    except Transient as error:
        return _again(rt, row, str(error)[:200])
    return _Outcome("sandboxed" if transport.sandbox else "sent", ref=ref)


def _again(rt: Runtime, row: Mapping[str, Any], reason: str) -> _Outcome:
    now = rt.clock.now()
    if row["attempts"] >= MAX_ATTEMPTS:
        return _Outcome("gave_up", reason)
    at = now + pause_after(row["attempts"])
    return _Outcome("queued", reason, next_at=at) if at < row["give_up_at"] else _Outcome("gave_up", reason)


async def _refused(db: Conn, row: Mapping[str, Any]) -> bool:
    return bool(await db.fetchval(q.refused, row["account"], row["template"], row["channel"]))


async def _address(rt: Runtime, db: Conn, row: Mapping[str, Any]) -> str | None:
    """Of the message itself, or of the account as it stands now."""
    box = rt.part(Keys).box
    if row["address"] is not None:
        return box.open("notice-to", row["address"], bound=row["id"].bytes).decode()
    if row["account"] is None:
        return None
    kind = "phone" if row["channel"] == "sms" else "email"
    value = (await contact_values(rt, db, row["account"])).get(kind)
    if value is not None:
        await db.execute(q.set_address, row["id"], box.digest("contact", value), masked(kind, value))
    return value


async def _wait(
    rt: Runtime, db: Conn, row: Mapping[str, Any], address: str, now: datetime
) -> tuple[str, datetime] | None:
    """Why and until when it has to wait, if it has to."""
    if row["urgent"]:
        return None
    quiet = rt.part(Quiet).hours.until(now) if row["channel"] == "sms" else None
    if quiet is not None:
        return "quiet_hours", quiet
    digest = rt.part(Keys).box.digest("contact", address)
    hour = timedelta(hours=1)
    recent = await db.fetch(q.recent_to, digest, row["channel"], now - hour, PER_HOUR)
    return ("limit", recent[-1]["done_at"] + hour) if len(recent) >= PER_HOUR else None


def _outgoing(rt: Runtime, row: Mapping[str, Any], address: str) -> Outgoing:
    subject, text = row["subject"], row["body"]
    if row["sealed"] is not None:
        subject, text = orjson.loads(rt.part(Keys).box.open("notice", row["sealed"], bound=row["id"].bytes))
    stop = ""
    if row["optional"] and row["account"]:
        stop = stop_address(rt, row["account"], row["template"], row["channel"])
    if stop and row["channel"] == "email":
        tail = rt.strings.t("notice.stop_line", row["locale"], address=stop)
        text = f"{text}\n\n{tail}"
    return Outgoing(row["id"], row["channel"], address, subject, text, stop)
