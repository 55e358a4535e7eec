"""A form typed by somebody whose session had ended: kept sealed for half an hour, given back to the same person only.

The text comes back into the form; it is never submitted by itself.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import orjson

from yiwang.kernel.db import Queries
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.tokens import fingerprint, looks_like_token, new_token
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, read, unit

q = Queries.load("yiwang.kernel.identity")
KEPT_FOR = timedelta(minutes=30)
LIMIT_BYTES = 256 * 1024
Fields = list[tuple[str, str]]
#: Never kept: what proves a person, and what belongs to the old session.
LEFT_OUT = frozenset({"_csrf", "password", "new_password", "repeat", "code", "ticket"})


async def keep_form(rt: Runtime, path: str, fields: Fields, *, owner: UUID | None) -> str | None:
    """Keep what was typed for `path`; returns the token for the cookie, or None when it is too large to keep.

    `owner` is whose session it was (`ended_session_owner`); None gives it to whoever has the cookie.
    """
    body = orjson.dumps([(name, value) for name, value in fields if name not in LEFT_OUT])
    if len(body) > LIMIT_BYTES:
        return None
    token = new_token()
    mark = fingerprint(token)
    sealed = rt.part(Keys).box.seal("kept-form", body, bound=mark)
    async with unit(rt, Actor.anonymous()) as work:
        work.bookkeeping()
        await work.db.execute(q.keep_form, mark, owner, path[:500], sealed, work.now + KEPT_FOR)
    return token


async def take_form(rt: Runtime, actor: Actor, token: str | None, path: str) -> Fields | None:
    """What this person had typed for `path`, once; None when there is nothing, it is another's, or too old."""
    if not looks_like_token(token) or token is None:
        return None
    mark = fingerprint(token)
    async with read(rt, actor) as db:
        row = await db.fetchrow(q.kept_form_of, mark, rt.clock.now())
    if row is None or row["path"] != path:
        return None
    async with unit(rt, actor) as work:
        work.bookkeeping()
        await work.db.execute(q.drop_kept_form, mark)
    body = orjson.loads(rt.part(Keys).box.open("kept-form", row["sealed"], bound=mark))
    return [(str(name), str(value)) for name, value in body]
