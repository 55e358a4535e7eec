"""Naming a colleague in a form: by sign-in name, or by a name that only one of them has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.identity import list_accounts
from yiwang.web.context import Context

SUGGESTED = 200


class PersonUnknown(Invalid):
    """What was typed names nobody, or several people; choose one of the suggestions."""

    key = "web.people.unknown"


async def colleagues(ctx: Context) -> list[dict[str, Any]]:
    """The first staff accounts in use, for the suggestions under a field: login and name."""
    found = await list_accounts(ctx.rt, ctx.actor, limit=SUGGESTED)
    return [one for one in found if one["kind"] == "staff" and one["state"] == "active"]


async def find_person(ctx: Context, text: str, where: str = "person") -> UUID:
    """The account of a sign-in name or a unique name; PersonUnknown on the field `where`."""
    text = text.strip()[:80]
    rows = await list_accounts(ctx.rt, ctx.actor, text=text, limit=SUGGESTED) if text else []
    staff = [one for one in rows if one["kind"] == "staff" and one["state"] == "active"]
    by_login = [one for one in staff if one["login"] == text.casefold()]
    found = by_login or [one for one in staff if one["name"] == text]
    if len(found) != 1:
        key = "web.people.several" if found else "web.people.nobody" if text else "web.people.missing"
        raise PersonUnknown(f"{text!r} names {len(found)} people", problems=[Problem(where, key, {"name": text})])
    return UUID(str(found[0]["id"]))
