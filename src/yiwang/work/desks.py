"""Whose tasks: one of the actor's posts, all of them, their organisations, or the area that they supervise."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Actor, Resource
from yiwang.work.errors import NotYourDesk


@dataclass(frozen=True, slots=True)
class Desk:
    """A set of posts, or of organisations, whose tasks are listed together."""

    key: str
    posts: tuple[int, ...] = ()
    orgs: tuple[int, ...] = ()
    area: str = ""

    @property
    def resource(self) -> Resource:
        """What the policy is asked about, once for the whole list."""
        if self.posts:
            return Resource("task", attrs={"post": self.posts[0]})
        if self.area:
            return Resource("task", area=self.area, attrs={"post": 0})
        return Resource("task", org=self.orgs[0] if self.orgs else None, attrs={"post": 0})


def desk_named(directory: Directory, actor: Actor, key: str) -> Desk:
    """The desk of a key of the address; NotYourDesk unless the actor holds that post or supervises an area.

    The empty key is the post acted from, or all posts of somebody who acts from all of them.
    """
    if key == "":
        key = str(actor.post) if actor.post in actor.posts else "posts"
    if key == "posts":
        return Desk(key, posts=actor.posts)
    if key == "orgs":
        return Desk(key, orgs=actor.orgs)
    if key == "area":
        if not actor.areas:
            raise NotYourDesk(f"{actor.name} supervises no area")
        return Desk(key, orgs=orgs_within(directory, actor.areas), area=actor.areas[0])
    if int(key) not in actor.posts:
        raise NotYourDesk(f"{actor.name} does not hold post {key}", post=key)
    return Desk(key, posts=(int(key),))


def orgs_within(directory: Directory, areas: tuple[str, ...]) -> tuple[int, ...]:
    """The open organisations of the divisions that begin with one of the prefixes."""
    return tuple(org.id for org in directory.orgs() if org.closed_at is None and org.division.startswith(areas))


def keys_of(actor: Actor) -> list[str]:
    """The desks that the actor may choose between, in the order in which they are offered."""
    keys = [str(post) for post in actor.posts]
    if len(actor.posts) > 1:
        keys.append("posts")
    keys.append("orgs")
    if actor.areas:
        keys.append("area")
    return keys
