"""Reading the directory's tables into records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.orgs.model import Category, Delegation, Division, Duty, Org, Period, Post
from yiwang.kernel.orgs.places import Outline, Places
from yiwang.kernel.orgs.snapshot import Contents

q = Queries.load("yiwang.kernel.orgs")


async def read_version(db: Conn) -> int:
    """The number that every change of the directory bumps."""
    return int(await db.fetchval(q.version))


async def read_contents(db: Conn, now: datetime) -> Contents:
    """Everything, except appointments, delegations and duties that ended before `now`."""
    cities = await db.fetch(q.cities)
    return Contents(
        version=await read_version(db),
        prefix=cities[0]["prefix"] if len(cities) == 1 else "",
        divisions=[_division(row) for row in await db.fetch(q.divisions)],
        categories=[
            Category(row["key"], row["parent"], row["name_zh"], row["name_en"], row["retired_at"])
            for row in await db.fetch(q.categories)
        ],
        orgs=[_org(row) for row in await db.fetch(q.organisations)],
        posts=[_post(row) for row in await db.fetch(q.posts)],
        responsibilities=[Duty(*row) for row in await db.fetch(q.responsibilities)],
        aliases={(row["kind"], row["value"]): row["target"] for row in await db.fetch(q.aliases)},
        appointments=[_period(row) for row in await db.fetch(q.appointments, now)],
        delegations=[_delegation(row) for row in await db.fetch(q.delegations, now)],
        duties=[_period(row) for row in await db.fetch(q.duties, now)],
        places=Places(Outline(row["code"], row["shape"], row["generated"]) for row in await db.fetch(q.outlines)),
    )


def _division(row: Any) -> Division:
    return Division(
        row["code"],
        row["parent"],
        row["level"],
        row["kind"],
        row["name_zh"],
        row["name_en"],
        row["sort_key"],
        row["generated"],
        row["retired_at"],
    )


def _org(row: Any) -> Org:
    return Org(
        row["id"],
        row["code"],
        row["parent"],
        row["kind"],
        row["division"],
        row["name_zh"],
        row["name_en"],
        row["sort_key"],
        row["uscc"],
        row["closed_at"],
    )


def _post(row: Any) -> Post:
    return Post(row["id"], row["org"], row["role"], row["number"], row["title_zh"], row["title_en"], row["closed_at"])


def _period(row: Any) -> Period:
    return Period(row["id"], row["post"], row["account"], row["starts_at"], row["ends_at"])


def _delegation(row: Any) -> Delegation:
    return Delegation(row["id"], row["post"], row["to_account"], row["starts_at"], row["ends_at"], row["from_account"])
