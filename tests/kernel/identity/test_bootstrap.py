"""The first administrator, the demo accounts, who may administer whom."""

from __future__ import annotations

import stat

import pytest

from tests.kernel.identity.identity_kit import HERE, Make
from yiwang.kernel.calendar import city_folder
from yiwang.kernel.errors import Refused
from yiwang.kernel.identity import SignedIn, actor_for, disable_account, find_account, sign_in
from yiwang.kernel.identity.bootstrap import ensure_admin, load_demo_accounts
from yiwang.kernel.orgs import Directory, load_city
from yiwang.kernel.runtime import Runtime


async def test_the_first_administrator_is_made_once_and_has_to_set_things_up(rt: Runtime) -> None:
    made = await ensure_admin(rt)
    assert made
    assert await ensure_admin(rt) is None
    done = await sign_in(rt, *made, HERE)
    assert isinstance(done, SignedIn) and done.duty == "password"


async def test_demo_accounts_hold_one_post_per_role_and_come_once(rt: Runtime, make: Make) -> None:
    await load_city(rt, city_folder("320200"))
    path = await load_demo_accounts(rt)
    first = path.read_text("utf-8")
    assert (await load_demo_accounts(rt)).read_text("utf-8") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    roles = set()
    for login, password in (line.split()[:2] for line in first.splitlines()):
        done = await sign_in(rt, login, password, HERE)
        assert isinstance(done, SignedIn) and done.duty is None, login
        actor = await actor_for(rt, done.account.id)
        roles |= actor.roles
        assert len(actor.posts) == (0 if login == "resident" else 1), login
    wanted = "intake dispatcher handler verifier callback supervisor steward auditor admin leader"
    assert roles == set(wanted.split())
    path.unlink()

    # An administrator looks after accounts at and below their place; nobody else does, and no resident is among them.
    admin, handler = [await find_account(rt, login) for login in ("demo-admin", "handler")]
    assert admin and handler
    street = rt.part(Directory).posts_of(handler.id, rt.clock.now())[0].org.id
    colleague, resident = await make("colleague", org=street), await make("r1", kind="resident")
    with pytest.raises(Refused):
        await disable_account(rt, await actor_for(rt, handler.id), colleague)
    with pytest.raises(Refused):
        await disable_account(rt, await actor_for(rt, admin.id), resident)
    await disable_account(rt, await actor_for(rt, admin.id), colleague)
