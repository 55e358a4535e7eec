"""From a cookie to a person, in microseconds: a small cache over one database function.

An entry lives CACHE_S seconds, so a change made by another process (sign-out, a new appointment, a disabled
account) counts within
that time; changes made in this process count at once. Use extends a session in memory; the extensions are written
in batches.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import NotFound, Unauthenticated, YiwangError
from yiwang.kernel.identity.actors import actor_for
from yiwang.kernel.identity.errors import NotYourPost
from yiwang.kernel.identity.model import IDLE, Account, Duty, Session, SessionSummary
from yiwang.kernel.identity.tokens import fingerprint, looks_like_token, new_token
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource, read, unit

log = logging.getLogger(__name__)
q = Queries.load("yiwang.kernel.identity")
CACHE_S = 3.0
CACHE_SIZE = 20_000
FLUSH_S = 60.0
#: A session's end is moved when this part of its idle time has gone by.
SLIDE_AFTER = timedelta(minutes=2)


@dataclass
class _Entry:
    session: Session
    seen_at: datetime
    until: float


class Sessions:
    """The cache of one process: `rt.part(Sessions)`."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._entries: dict[bytes, _Entry] = {}
        self._moved: dict[UUID, tuple[datetime, datetime]] = {}

    def get(self, mark: bytes, now: datetime) -> Session | None:
        """A fresh, unexpired entry."""
        entry = self._entries.get(mark)
        if entry is None:
            return None
        if entry.until < time.monotonic() or entry.session.expires_at <= now:
            del self._entries[mark]
            return None
        return self._slide(entry, now)

    def put(self, mark: bytes, session: Session, seen_at: datetime, now: datetime) -> Session:
        """Remember what the database said."""
        if len(self._entries) >= CACHE_SIZE:
            for old in list(self._entries)[: CACHE_SIZE // 10]:
                del self._entries[old]
        entry = self._entries[mark] = _Entry(session, seen_at, time.monotonic() + CACHE_S)
        return self._slide(entry, now)

    def _slide(self, entry: _Entry, now: datetime) -> Session:
        pending = self._moved.get(entry.session.id)
        seen = max(entry.seen_at, pending[0]) if pending else entry.seen_at
        if now - seen >= SLIDE_AFTER:
            until = min(now + IDLE[entry.session.account.kind], entry.session.ends_at)
            self._moved[entry.session.id] = pending = (now, until)
            entry.seen_at = now
        if pending and pending[1] > entry.session.expires_at:
            entry.session = replace(entry.session, expires_at=pending[1])
        return entry.session

    def forget(self, mark: bytes) -> None:
        """Drop one token's entry."""
        self._entries.pop(mark, None)

    def forget_account(self, account: UUID) -> None:
        """Drop every entry of a person whose rights, secrets or sessions changed."""
        for mark in [m for m, e in self._entries.items() if e.session.account.id == account]:
            del self._entries[mark]

    def forget_all(self) -> None:
        """Drop everything (posts or organisations changed)."""
        self._entries.clear()

    async def flush(self) -> int:
        """Write the extensions of this process; tells how many."""
        moved, self._moved = self._moved, {}
        if not moved:
            return 0
        seen, until = zip(*moved.values(), strict=True)
        try:
            async with unit(self._rt, Actor.system("identity")) as work:
                work.bookkeeping()
                await work.db.execute(q.slide_sessions, list(moved), list(seen), list(until))
        except YiwangError:
            self._moved = {**moved, **self._moved}
            raise
        return len(moved)

    async def keep_flushing(self) -> None:
        """Flush every minute until cancelled; an unreachable database is tried again at the next."""
        while True:
            await asyncio.sleep(FLUSH_S)
            try:
                await self.flush()
            except YiwangError as error:
                log.warning("sessions were not extended", extra={"reason": str(error)})


async def resolve_session(rt: Runtime, token: str | None) -> Session | None:
    """The session of a cookie's token, or None when there is none that is still good."""
    if not looks_like_token(token) or token is None:
        return None
    now = rt.clock.now()
    mark = fingerprint(token)
    cache = rt.part(Sessions)
    found = cache.get(mark, now)
    if found is not None:
        return found
    async with read(rt, Actor.anonymous()) as db:
        row = await db.fetchrow(q.session_of, mark, now)
    if row is None or not row["alive"]:
        return None
    return cache.put(mark, await _session(rt, dict(row)), row["seen_at"], now)


async def ended_session_owner(rt: Runtime, token: str | None) -> UUID | None:
    """Whose session this was, also when it has expired; None for a token that was never ours."""
    if not looks_like_token(token) or token is None:
        return None
    async with read(rt, Actor.anonymous()) as db:
        row = await db.fetchrow(q.session_of, fingerprint(token), rt.clock.now())
    return row["account"] if row else None


async def _session(rt: Runtime, row: Mapping[str, Any]) -> Session:
    account = account_of({**row, "id": row["account"]})
    duty: Duty | None = row["duty"]
    kind = "staff" if account.kind == "staff" else "resident"
    person = Actor(kind, id=account.id, name=account.name, locale=account.locale)  # type: ignore[arg-type]
    if duty is not None:
        actor = Actor.anonymous(account.locale)
    else:
        try:
            actor = await actor_for(rt, account.id, row["post"])
        except NotYourPost:  # the post was handed over meanwhile
            actor = await actor_for(rt, account.id)
    return Session(
        row["id"],
        actor,
        person,
        row["csrf"],
        row["expires_at"],
        row["ends_at"],
        account,
        row["method"],
        duty,
        actor.post,
    )


def account_of(row: Mapping[str, Any]) -> Account:
    """An Account of a row that has its columns."""
    return Account(*(row[name] for name in Account.__dataclass_fields__))


async def own_sessions(rt: Runtime, session: Session) -> list[SessionSummary]:
    """Where this person is signed in now, latest use first."""
    async with rt.read(session.person) as db:
        rows = await db.fetch(q.own_sessions, session.account.id, rt.clock.now())
    return [SessionSummary(**dict(row), current=row["id"] == session.id) for row in rows]


async def end_own_session(rt: Runtime, session: Session, session_id: UUID) -> None:
    """Sign out another browser of the same person. NotFound when it is not theirs or over already."""
    resource = Resource("session", session_id, owner=session.account.id)
    async with rt.act(session.person, "session.end", resource) as act:
        if not await act.db.execute(q.end_session, session_id, act.now):
            raise NotFound("no such session of yours")
        act.record(note="ended from the account page")
    rt.part(Sessions).forget_account(session.account.id)


async def end_other_sessions(rt: Runtime, session: Session) -> int:
    """Sign out everywhere but here; tells how many ended."""
    resource = Resource("session", session.id, owner=session.account.id)
    async with rt.act(session.person, "session.end", resource) as act:
        ended = int(await act.db.fetchval(q.end_sessions, session.account.id, act.now, session.id))
        act.record(count=ended, note="all others ended")
    rt.part(Sessions).forget_account(session.account.id)
    return ended


async def choose_post(rt: Runtime, session: Session, token: str, post: int | None) -> str:
    """Act from one post only (None: from all). Returns the new token: rights changed, so the old one is worth
    nothing.

    NotYourPost when the person does not hold it now.
    """
    if session.duty is not None:
        raise Unauthenticated("finish what the sign-in still asks for first")
    await actor_for(rt, session.account.id, post)
    return await rotate(rt, session, token, post=post, duty=None)


async def rotate(rt: Runtime, session: Session, token: str, *, post: int | None, duty: Duty | None) -> str:
    """Give the session a new token; the cookie has to follow."""
    fresh = new_token()
    resource = Resource("session", session.id, owner=session.account.id)
    async with rt.act(session.person, "session.change", resource) as act:
        if not await act.db.execute(q.rotate_session, session.id, fingerprint(fresh), new_token(), duty, post):
            raise Unauthenticated("the session is over")
        act.record(before={"post": session.post, "duty": session.duty}, after={"post": post, "duty": duty})
    rt.part(Sessions).forget(fingerprint(token))
    return fresh
