"""What the actions share: resources for the policy, checks of periods and texts, the end of an action."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs.directory import Directory
from yiwang.kernel.orgs.errors import PeriodInvalid, PostClosed, UnknownPost
from yiwang.kernel.orgs.model import Org
from yiwang.kernel.orgs.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Resource

MAX_NOTE = 500
MAX_NAME = 200


def org_resource(directory: Directory, org: Org) -> Resource:
    """An organisation as the policy sees it: with those whose administrators look after it."""
    attrs = {"administrators": directory.administrators(org.id)}
    return Resource("org", org.id, org=org.id, area=directory.prefix(org.division), attrs=attrs)


async def post_resource(rt: Runtime, post: int) -> Resource:
    """A post as the policy sees it; UnknownPost."""
    directory = await rt.part(Directory).fresh()
    try:
        found = directory.post(post)
    except UnknownPost:  # made a moment ago by another process
        await directory.refresh()
        found = directory.post(post)
    org = directory.org(found.org)
    attrs = {"post": post, "administrators": directory.administrators(org.id)}
    return Resource("post", post, org=org.id, area=directory.prefix(org.division), attrs=attrs)


async def lock_open_post(act: Act, post: int) -> Any:
    """The row of an open post, locked until the end of the action; PostClosed, UnknownPost."""
    row = await act.db.fetchrow(q.lock_post, post)
    if row is None:
        raise UnknownPost(f"there is no post {post}", post=post)
    if row["closed_at"] is not None or row["org_closed_at"] is not None:
        raise PostClosed(f"post {post} of {row['org_code']} is closed", post=post)
    return row


def check_period(now: datetime, starts_at: datetime, ends_at: datetime | None) -> None:
    """PeriodInvalid unless the period ends after it begins, and not in the past; ValueError without a time zone."""
    for moment in (starts_at, ends_at):
        if moment is not None and moment.tzinfo is None:
            raise ValueError("a period needs moments with a time zone")
    if ends_at is not None and (ends_at <= starts_at or ends_at <= now):
        raise PeriodInvalid(f"a period from {starts_at} to {ends_at} is not one that still lies ahead at {now}")


def check_note(note: str) -> str:
    """The note without blanks around it; Invalid when it is longer than 500 characters."""
    note = note.strip()
    if len(note) > MAX_NOTE:
        raise Invalid(f"the note has {len(note)} characters; at most {MAX_NOTE} are kept", key="orgs.note_too_long")
    return note


def check_names(name_zh: str, name_en: str) -> tuple[str, str]:
    """Both names without blanks around them; Invalid when one is empty or too long."""
    names = name_zh.strip(), name_en.strip()
    if not all(0 < len(name) <= MAX_NAME for name in names):
        raise Invalid(
            f"a Chinese and an English name of 1 to {MAX_NAME} characters are needed", key="orgs.name_invalid"
        )
    return names


async def renew(rt: Runtime) -> None:
    """This process's copy of the directory, after the action has committed."""
    await rt.part(Directory).refresh()
