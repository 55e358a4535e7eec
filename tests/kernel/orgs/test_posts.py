"""Who holds a post: appointments, handover, delegation, rosters, and who may change them."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from asyncpg import InsufficientPrivilegeError, PostgresError

from yiwang.kernel.errors import Invalid, Refused
from yiwang.kernel.orgs import AlreadyHolder, NotHolder, PeriodInvalid, PostClosed, StillInUse, UnknownPost, actions
from yiwang.kernel.orgs.directory import standing
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")


def staff(directory, account, post):
    found = directory.post(post)
    areas = directory.areas_of(found)
    return Actor("staff", id=account, posts=(post,), orgs=(found.org,), areas=areas, roles=frozenset({found.role}))


async def test_an_appointment_makes_a_holder_until_it_ends(rt, town):
    post, account = town.post_for("999901/chengguan", "handler"), uuid4()
    await actions.appoint(rt, SYSTEM, post.id, account)
    now = rt.clock.now()
    assert town.holders(post.id, now) == [account]
    assert [held.via for held in town.posts_of(account, now)] == ["appointment"]
    assert town.holders(post.id, now - timedelta(seconds=1)) == []
    with pytest.raises(AlreadyHolder):
        await actions.appoint(rt, SYSTEM, post.id, account)
    rt.clock.advance(timedelta(hours=1))
    await actions.end_appointment(rt, SYSTEM, post.id, account)
    assert town.holders(post.id, rt.clock.now()) == []
    with pytest.raises(NotHolder):
        await actions.end_appointment(rt, SYSTEM, post.id, account)


async def test_an_appointment_may_begin_later(rt, town):
    post, account = town.post_for("999901/chengguan", "handler").id, uuid4()
    begins = rt.clock.now() + timedelta(days=1)
    await actions.appoint(rt, SYSTEM, post, account, starts_at=begins, ends_at=begins + timedelta(days=2))
    assert town.holders(post, rt.clock.now()) == []
    assert town.holders(post, begins) == [account]
    assert town.holders(post, begins + timedelta(days=2)) == []
    with pytest.raises(PeriodInvalid):
        await actions.appoint(rt, SYSTEM, post, uuid4(), starts_at=begins, ends_at=begins)


async def test_a_handover_is_one_moment_and_one_new_row(rt, town):
    post, old, new = town.post_for("999901/chengguan", "handler").id, uuid4(), uuid4()
    first = await actions.appoint(rt, SYSTEM, post, old)
    rt.clock.advance(timedelta(days=30))
    second = await actions.hand_over(rt, SYSTEM, post, old, new, note="轮岗")
    now = rt.clock.now()
    assert town.holders(post, now) == [new]
    async with rt.read_as_system() as db:
        rows = {row["id"]: row for row in await db.fetch("select * from org.appointment where post = $1", post)}
    assert set(rows) == {first, second}
    assert rows[first]["ends_at"] == rows[second]["starts_at"] == now
    assert rows[second]["handed_over_from"] == first
    with pytest.raises(NotHolder):
        await actions.hand_over(rt, SYSTEM, post, old, uuid4())


async def test_a_delegation_lends_the_post_for_its_period_and_no_longer(rt, town):
    post, holder, deputy = town.post_for("999901/chengguan", "handler").id, uuid4(), uuid4()
    await actions.appoint(rt, SYSTEM, post, holder)
    actor = staff(town, holder, post)
    end = rt.clock.now() + timedelta(days=3)
    await actions.delegate_post(rt, actor, post, deputy, ends_at=end)
    held = town.posts_of(deputy, rt.clock.now())
    assert [(one.post.id, one.via, one.until, one.on_behalf_of) for one in held] == [(post, "delegation", end, holder)]
    assert town.delegates(post, rt.clock.now()) == [deputy]
    assert town.holders(post, rt.clock.now()) == [holder]
    assert town.posts_of(deputy, end) == []
    with pytest.raises(NotHolder):  # what was lent cannot be lent on
        await actions.delegate_post(rt, staff(town, deputy, post), post, uuid4(), ends_at=end)
    with pytest.raises(Invalid):
        await actions.delegate_post(rt, actor, post, holder, ends_at=end)


async def test_a_delegation_can_be_taken_back_and_lapses_with_the_givers_post(rt, town):
    post, holder, deputy, other = town.post_for("999901/chengguan", "handler").id, uuid4(), uuid4(), uuid4()
    await actions.appoint(rt, SYSTEM, post, holder)
    actor, end = staff(town, holder, post), rt.clock.now() + timedelta(days=3)
    first = await actions.delegate_post(rt, actor, post, deputy, ends_at=end)
    await actions.revoke_delegation(rt, actor, first)
    await actions.revoke_delegation(rt, actor, first)
    assert town.posts_of(deputy, rt.clock.now()) == []
    await actions.delegate_post(rt, actor, post, other, ends_at=end)
    assert town.posts_of(other, rt.clock.now())
    rt.clock.advance(timedelta(minutes=1))
    await actions.hand_over(rt, SYSTEM, post, holder, uuid4())
    assert town.posts_of(other, rt.clock.now()) == []


async def test_the_roster_says_who_is_on_duty_and_without_one_everybody_is(rt, town):
    post, day, night = town.post_for("999900/12345", "intake").id, uuid4(), uuid4()
    for account in (day, night):
        await actions.appoint(rt, SYSTEM, post, account)
    now = rt.clock.now()
    assert town.who_on_duty(post, now) == [day, night]
    duty = await actions.set_duty(rt, SYSTEM, post, night, starts_at=now, ends_at=now + timedelta(hours=12))
    assert town.who_on_duty(post, now) == [night]
    assert town.who_on_duty(post, now + timedelta(hours=12)) == [day, night]
    await actions.cancel_duty(rt, SYSTEM, duty)
    assert town.who_on_duty(post, now) == [day, night]
    with pytest.raises(NotHolder):
        await actions.set_duty(rt, SYSTEM, post, uuid4(), starts_at=now, ends_at=now + timedelta(hours=1))


async def test_standing_tells_identity_the_posts_roles_and_areas(rt, town):
    account = uuid4()
    city, district = town.post_for("999900/12345", "supervisor").id, town.post_for("999901/zhihui", "supervisor").id
    handler = town.post_for("999902/chengguan", "handler").id
    for post in (city, district, handler):
        await actions.appoint(rt, SYSTEM, post, account)
    rows = {row[0]: row for row in await standing(rt, account, rt.clock.now())}
    assert rows[city][2:] == ("supervisor", ("9999",))
    assert rows[district][2:] == ("supervisor", ("999901",))
    assert rows[handler][1:] == (town.org("999902/chengguan").id, "handler", ())


async def test_a_change_by_another_process_is_seen_after_a_refresh(rt, town):
    post, account = town.post_for("999901/chengguan", "handler").id, uuid4()
    async with rt.db.raw("owner") as raw:
        await raw.execute(
            "insert into org.appointment (id, post, account, starts_at) values ($1, $2, $3, $4)",
            uuid4(), post, account, rt.clock.now(),
        )  # fmt: skip
        await raw.execute("update org.version set people = people + 1")
    assert town.holders(post, rt.clock.now()) == []
    assert await town.refresh()
    assert town.holders(post, rt.clock.now()) == [account]
    assert not await town.refresh()


async def test_an_administrator_manages_at_and_below_their_place_only(rt, town):
    admin_post = town.post_for("999900/12345", "admin").id
    admin = staff(town, uuid4(), admin_post)
    post = town.post_for("999901/chengguan", "handler").id
    assert await actions.appoint(rt, admin, post, uuid4())
    local = await actions.create_post(
        rt, SYSTEM, town.org("999901/zhihui").id, "admin", title_zh="管理岗", title_en="Admin"
    )
    district_admin = staff(town, uuid4(), local)
    assert await actions.appoint(rt, district_admin, post, uuid4())
    elsewhere = town.post_for("999902/chengguan", "handler").id
    with pytest.raises(Refused):
        await actions.appoint(rt, district_admin, elsewhere, uuid4())
    with pytest.raises(Refused):
        await actions.appoint(rt, staff(town, uuid4(), post), post, uuid4())


async def test_a_head_sets_rosters_and_handovers_of_the_own_organisation(rt, town):
    head = staff(town, uuid4(), town.post_for("999901/chengguan", "leader").id)
    post, old, new = town.post_for("999901/chengguan", "handler").id, uuid4(), uuid4()
    await actions.appoint(rt, SYSTEM, post, old)
    assert await actions.hand_over(rt, head, post, old, new)
    with pytest.raises(Refused):
        await actions.appoint(rt, head, post, uuid4())
    other = town.post_for("999902/chengguan", "handler").id
    now = rt.clock.now()
    with pytest.raises(Refused):
        await actions.set_duty(rt, head, other, new, starts_at=now, ends_at=now + timedelta(hours=1))


async def test_rows_are_out_of_reach_without_a_unit_of_work(rt, town):
    post = town.post_for("999901/chengguan", "handler").id
    insert = "insert into org.appointment (id, post, account, starts_at) values ($1, $2, $3, $4)"
    with pytest.raises(PostgresError):
        async with rt.db.transaction("app") as db:
            await db.execute(insert, uuid4(), post, uuid4(), rt.clock.now())
    with pytest.raises(InsufficientPrivilegeError):
        async with rt.unit(SYSTEM) as unit:
            await unit.db.execute("delete from org.appointment")
    async with rt.read(Actor.anonymous()) as db:
        assert await db.fetchval("select count(*) from org.appointment") == 0


async def test_organisations_and_posts_are_made_changed_and_closed(rt, town, small_city):
    above = town.org("999901").id
    made = await actions.create_org(
        rt, SYSTEM, code="999901/parks", parent=above, kind="department", name_zh="东区园林局", name_en="East Parks"
    )
    post = await actions.create_post(rt, SYSTEM, made, "handler", title_zh="承办岗", title_en="Handling")
    second = await actions.create_post(rt, SYSTEM, made, "handler", title_zh="承办二岗", title_en="Handling two")
    assert town.post(second).number == 2
    assert town.post_for("999901/parks", "handler").id == post
    await actions.change_org(rt, SYSTEM, made, name_zh="东区园林绿化局", name_en="East Parks and Greenery")
    assert town.search_orgs("园林绿化")[0].id == made
    account = uuid4()
    await actions.appoint(rt, SYSTEM, post, account)
    with pytest.raises(StillInUse):
        await actions.close_org(rt, SYSTEM, made)
    for one in (post, second):
        await actions.close_post(rt, SYSTEM, one)
    assert town.posts_of(account, rt.clock.now()) == []
    with pytest.raises(PostClosed):
        await actions.appoint(rt, SYSTEM, post, uuid4())
    await actions.close_org(rt, SYSTEM, made)
    assert town.org(made).closed_at == rt.clock.now()
    with pytest.raises(UnknownPost):
        await actions.appoint(rt, SYSTEM, 10**9, uuid4())


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "999901/Parks"},
        {"code": "999901/" + "x" * 50},
        {"kind": "ministry"},
        {"name_en": " "},
        {"name_zh": "园" * 201},
        {"uscc": "91350100M000100Y44"},
    ],
)
async def test_a_bad_organisation_is_refused(rt, town, wrong):
    good = {"code": "999901/parks", "kind": "department", "name_zh": "东区园林局", "name_en": "East Parks"}
    with pytest.raises(Invalid):
        await actions.create_org(rt, SYSTEM, parent=town.org("999901").id, **{**good, **wrong})
    assert town.find_org("999901/parks") is None


async def test_what_was_made_by_hand_survives_loading_again(rt, town, small_city):
    from yiwang.kernel.orgs import load_city

    made = await actions.create_org(
        rt,
        SYSTEM,
        code="999901/parks",
        parent=town.org("999901").id,
        kind="department",
        name_zh="东区园林局",
        name_en="Parks",
    )
    small_city.change("categories.csv", "water,,供水,Water", "water,,供水服务,Water supply")
    assert (await load_city(rt, small_city.folder)).changed
    assert town.org(made).closed_at is None
    assert town.category("water").name_en == "Water supply"


async def test_two_handovers_at_once_leave_one_holder(rt, town):
    post, old, one, other = town.post_for("999901/chengguan", "handler").id, uuid4(), uuid4(), uuid4()
    await actions.appoint(rt, SYSTEM, post, old)
    rt.clock.advance(timedelta(minutes=1))
    results = await asyncio.gather(
        actions.hand_over(rt, SYSTEM, post, old, one),
        actions.hand_over(rt, SYSTEM, post, old, other),
        return_exceptions=True,
    )
    assert sorted(isinstance(result, NotHolder) for result in results) == [False, True]
    assert len(town.holders(post, rt.clock.now())) == 1
