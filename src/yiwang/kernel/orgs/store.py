"""Reading the directory's tables into records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.orgs.model import Category, Delegation, Division, Org, Period, Post, Responsibility
from yiwang.kernel.orgs.places import Outline, Places
from yiwang.kernel.orgs.snapshot import Contents, People

q = Queries.load("yiwang.kernel.orgs")


async def read_versions(db: Conn) -> tuple[int, int]:
    """The numbers that every change bumps: of the structure, and of the people."""
    row = await db.fetchrow(q.version)
    return (row["structure"], row["people"]) if row else (0, 0)


async def read_structure(db: Conn) -> Contents:
    """Places, organisations, posts and responsibilities."""
    version, _ = await read_versions(db)
    cities = await db.fetch(q.cities)
    return Contents(
        version=version,
        prefix=cities[0]["prefix"] if cities else "",
        divisions=[_division(row) for row in await db.fetch(q.divisions)],
        categories=[
            Category(row["key"], row["parent"], row["name_zh"], row["name_en"], row["retired_at"])
            for row in await db.fetch(q.categories)
        ],
        orgs=[_org(row) for row in await db.fetch(q.organisations)],
        posts=[_post(row) for row in await db.fetch(q.posts)],
        responsibilities=[Responsibility(*row) for row in await db.fetch(q.responsibilities)],
        aliases={(row["kind"], row["value"]): row["target"] for row in await db.fetch(q.aliases)},
        places=Places(Outline(row["code"], row["shape"], row["generated"]) for row in await db.fetch(q.outlines)),
    )


async def read_people(db: Conn, now: datetime) -> People:
    """Appointments, delegations and duties, except those that ended before `now`."""
    _, version = await read_versions(db)
    return People(
        version,
        [_period(row) for row in await db.fetch(q.appointments, now)],
        [_delegation(row) for row in await db.fetch(q.delegations, now)],
        [_period(row) for row in await db.fetch(q.duties, now)],
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
