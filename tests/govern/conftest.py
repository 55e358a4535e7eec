"""A city with people: the real Wuxi loaded, actors that hold its posts."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest_asyncio

from tests.conftest import create_database, drop_database
from yiwang.kernel.calendar import cities_root
from yiwang.kernel.orgs import Directory, load_city
from yiwang.kernel.write import Actor
from yiwang.kit.ids import new_id

HEHUI = "320211001003"  # a community of Helie Subdistrict, Binhu District


@pytest_asyncio.fixture
async def fresh_database(server, request, wuxi_template, package_template):
    """A copy of Wuxi, with the package in it where the test's module installs that."""
    template = package_template if hasattr(request.module, "with_package") else wuxi_template
    name = f"test_{uuid4().hex[:12]}"
    await create_database(server, name, template)
    yield name
    await drop_database(server, name)


@pytest_asyncio.fixture
async def wuxi(rt):
    """The directory of Wuxi."""
    await load_city(rt, cities_root() / "320200")
    return rt.part(Directory)


def staff(directory: Directory, org: str, role: str, account: UUID | None = None, name: str = "张明") -> Actor:
    """Somebody who holds the post of a role in an organisation, as identity would make the actor."""
    post = directory.post_for(org, role)
    assert post is not None, f"{org} has no {role}"
    return Actor(
        "staff",
        account or new_id(),
        name,
        post.id,
        (post.id,),
        (post.org,),
        directory.areas_of(post),
        frozenset({role}),
    )


def resident(name: str = "李华") -> Actor:
    return Actor("resident", new_id(), name)
