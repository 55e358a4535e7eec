"""From an account to an actor: who they are, and what their posts let them be at this moment."""

from __future__ import annotations

from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import NotFound
from yiwang.kernel.identity.errors import NotYourPost
from yiwang.kernel.identity.standing import standing_of
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

q = Queries.load("yiwang.kernel.identity")


async def actor_for(rt: Runtime, account_id: UUID, post: int | None = None) -> Actor:
    """The actor of an account now: with the rights of all posts held or delegated, acting from `post`.

    Without `post` somebody with a single post acts from that one. NotFound for an unknown or disabled account,
    NotYourPost for a post not held now. A system (kind client) has no posts: its roles come with its token
    (`resolve_bearer`).
    """
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.find_account, account_id)
    if row is None or row["state"] != "active":
        raise NotFound(f"there is no active account {account_id}")
    if row["kind"] != "staff":
        return Actor(row["kind"], id=account_id, name=row["name"], locale=row["locale"])
    held = await standing_of(rt, account_id, rt.clock.now())
    posts = tuple(dict.fromkeys(one.post for one in held))
    if post is not None and post not in posts:
        raise NotYourPost(f"{row['login']} does not hold post {post} now", post=post)
    return Actor(
        "staff",
        id=account_id,
        name=row["name"],
        post=post if post is not None or len(posts) != 1 else posts[0],
        posts=posts,
        orgs=tuple(dict.fromkeys(one.org for one in held)),
        areas=tuple(dict.fromkeys(area for one in held for area in one.areas)),
        roles=frozenset(one.role for one in held),
        locale=row["locale"],
    )
