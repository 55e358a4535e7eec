"""The demo city is what it says: incidents in every state, everybody signed in."""

from __future__ import annotations

EXPECTED = {
    "late": "handling", "opened": "opened", "unplaced": "opened", "mine-opened": "opened", "handling": "handling",
    "mine-verifying": "verifying", "calling-back": "calling-back", "mine-closed": "closed", "closed": "closed",
    "rejected": "rejected", "withdrawn": "withdrawn",
}  # fmt: skip


async def test_the_incidents_are_in_the_states_that_their_names_say(demo):
    async with demo.rt.read_as_system() as db:
        states = {r["id"]: r["state"] for r in await db.fetch("select id, state from govern.incident")}
    assert {name: states[key] for name, key in demo.plan.incidents.items()} == EXPECTED


async def test_everybody_of_the_demo_is_signed_in(demo_shared):
    for login in demo_shared.plan.tokens:
        async with demo_shared.browser(login) as at:
            answer = await at.get("/account")
            assert answer.status_code == 200, login
            assert demo_shared.plan.accounts[login]
            assert "/signin" not in str(answer.url)


async def test_a_copy_is_of_its_own(demo, demo_shared):
    assert await demo.owner("select current_database()") != await demo_shared.owner("select current_database()")
