"""Founding, changing and closing organisations and their posts by hand; a city's files bring the usual ones.

What was touched by hand is no longer the files': loading the city again neither changes nor closes it.
"""

from __future__ import annotations

import re
from typing import Any

from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs.actions.common import check_names, lock_open_post, org_resource, post_resource, renew
from yiwang.kernel.orgs.directory import Directory
from yiwang.kernel.orgs.errors import CodeTaken, PostClosed, StillInUse
from yiwang.kernel.orgs.model import ORG_KINDS, ROLES
from yiwang.kernel.orgs.store import q
from yiwang.kernel.orgs.uscc import valid_uscc
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource
from yiwang.kit.chinese import pinyin_key
from yiwang.messages.orgs import AppointmentEnded, OrganisationChanged, PostChanged

_CODE = re.compile(r"[a-z0-9]{1,15}(/[a-z0-9-]{1,40})?")


async def create_org(
    rt: Runtime,
    actor: Actor,
    *,
    code: str,
    parent: int,
    kind: str,
    name_zh: str,
    name_en: str,
    division: str | None = None,
    uscc: str | None = None,
) -> int:
    """Found an organisation below another one (at its place unless `division` says otherwise); returns its id.

    CodeTaken, Invalid for a bad code, kind, name or uscc, DivisionRetired, UnknownDivision, UnknownOrg.
    """
    directory = await rt.part(Directory).fresh()
    above = directory.org(parent)
    place = directory.usable(division or above.division)
    if not _CODE.fullmatch(code) or kind not in ORG_KINDS:
        raise Invalid(f"code {code!r} or kind {kind!r} is not one of an organisation", key="orgs.org_invalid")
    _check_uscc(uscc)
    names = check_names(name_zh, name_en)
    async with rt.act(actor, "org.create", org_resource(directory, above)) as act:
        await _lock_open_org(act.db, parent)
        made = await act.db.fetchval(
            q.add_org, code, parent, kind, place.code, *names, pinyin_key(names[0]), uscc or None
        )
        if made is None:
            raise CodeTaken(f"there is an organisation {code!r} already", code=code)
        await act.db.execute(q.bump_structure)
        after = {"code": code, "kind": kind, "parent": above.code, "name_zh": names[0], "name_en": names[1]}
        act.record(after=after, resource=Resource("org", made, org=made, area=place.code))
        act.emit(OrganisationChanged(org=made, code=code, closed=False))
    await renew(rt)
    return int(made)


async def change_org(
    rt: Runtime, actor: Actor, org: int, *, name_zh: str, name_en: str, uscc: str | None = None
) -> None:
    """Rename an organisation or set its social credit code. Invalid, PostClosed (it is closed), UnknownOrg."""
    directory = await rt.part(Directory).fresh()
    names = check_names(name_zh, name_en)
    _check_uscc(uscc)
    async with rt.act(actor, "org.change", org_resource(directory, directory.org(org))) as act:
        row = await _lock_open_org(act.db, org)
        await act.db.execute(q.change_org, org, *names, pinyin_key(names[0]), uscc or None)
        await act.db.execute(q.bump_structure)
        before = {key: row[key] for key in ("name_zh", "name_en", "uscc")}
        act.record(before=before, after={"name_zh": names[0], "name_en": names[1], "uscc": uscc or None})
        act.emit(OrganisationChanged(org=org, code=row["code"], closed=False))
    await renew(rt)


async def close_org(rt: Runtime, actor: Actor, org: int) -> None:
    """Close an organisation that has no open posts and none below it (StillInUse otherwise); its history stays."""
    directory = await rt.part(Directory).fresh()
    async with rt.act(actor, "org.close", org_resource(directory, directory.org(org))) as act:
        row = await _lock_open_org(act.db, org)
        if await act.db.fetchval(q.count_open_below, org):
            raise StillInUse(f"organisation {row['code']} still has open posts or organisations below it", org=org)
        await act.db.execute(q.close_org, org, act.now)
        await act.db.execute(q.bump_structure)
        act.record(before={"code": row["code"]}, after={"closed_at": act.now.isoformat()})
        act.emit(OrganisationChanged(org=org, code=row["code"], closed=True))
    await renew(rt)


async def create_post(rt: Runtime, actor: Actor, org: int, role: str, *, title_zh: str, title_en: str) -> int:
    """Make a post in an organisation; a second one of a role gets the next number. Returns its id."""
    directory = await rt.part(Directory).fresh()
    if role not in ROLES:
        raise Invalid(f"role {role!r} is not one of {', '.join(ROLES)}", key="orgs.org_invalid")
    titles = check_names(title_zh, title_en)
    async with rt.act(actor, "post.create", org_resource(directory, directory.org(org))) as act:
        await _lock_open_org(act.db, org)
        made = await act.db.fetchrow(q.add_post, org, role, *titles)
        await act.db.execute(q.bump_structure)
        act.record(after={"post": made["id"], "role": role, "number": made["number"], "title_zh": titles[0]})
        act.emit(PostChanged(post=made["id"], org=org, role=role, closed=False))
    await renew(rt)
    return int(made["id"])


async def close_post(rt: Runtime, actor: Actor, post: int) -> None:
    """Close a post; whoever holds it ceases to. PostClosed when it is closed already."""
    resource = await post_resource(rt, post)
    async with rt.act(actor, "post.close", resource) as act:
        row = await lock_open_post(act, post)
        await act.db.execute(q.close_post, post, act.now)
        ended = await act.db.fetch(q.end_all_appointments, post, act.now)
        await act.db.execute(q.bump_structure)
        await act.db.execute(q.bump_people)
        act.record(before={"holders": [str(one["account"]) for one in ended]}, after={"closed_at": act.now.isoformat()})
        act.emit(PostChanged(post=post, org=row["org"], role=row["role"], closed=True))
        for one in ended:
            act.emit(AppointmentEnded(appointment=one["id"], post=post, account=one["account"], ends_at=act.now))
    await renew(rt)


def _check_uscc(uscc: str | None) -> None:
    if uscc and not valid_uscc(uscc):
        raise Invalid(f"{uscc!r} is no unified social credit code (GB 32100)", key="orgs.uscc_invalid")


async def _lock_open_org(db: Conn, org: int) -> Any:
    row = await db.fetchrow(q.lock_org, org)
    if row is None or row["closed_at"] is not None:
        raise PostClosed(f"organisation {org} is closed", org=org)
    return row
