"""Sessions: how long they last, who sees them, what the application's role can read."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from tests.kernel.identity.identity_kit import ELSEWHERE, HERE, PASSWORD, SYSTEM, Make
from yiwang.kernel.errors import NotFound
from yiwang.kernel.identity import (
    SignedIn,
    actor_for,
    disable_account,
    end_other_sessions,
    end_own_session,
    ended_session_owner,
    keep_form,
    own_sessions,
    resolve_session,
    sign_in,
    take_form,
    update_profile,
)
from yiwang.kernel.identity.errors import NotYourPost
from yiwang.kernel.identity.sessions import Sessions
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor


async def enter(rt: Runtime, login: str = "li.lei") -> SignedIn:
    done = await sign_in(rt, login, PASSWORD, HERE)
    assert isinstance(done, SignedIn)
    return done


async def test_use_extends_a_session_and_idleness_ends_it(rt: Runtime, make: Make) -> None:
    await make()
    done = await enter(rt)
    for _ in range(5):
        rt.clock.advance(timedelta(minutes=110))  # type: ignore[attr-defined]
        assert await resolve_session(rt, done.token)
        await rt.part(Sessions).flush()
        rt.part(Sessions).forget_all()
    rt.clock.advance(timedelta(minutes=121))  # type: ignore[attr-defined]
    assert await resolve_session(rt, done.token) is None


async def test_no_use_extends_it_past_its_absolute_end(rt: Runtime, make: Make) -> None:
    await make()
    done = await enter(rt)
    for _ in range(11):
        rt.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
        assert await resolve_session(rt, done.token)
    rt.clock.advance(timedelta(hours=1, seconds=1))  # type: ignore[attr-defined]
    assert await resolve_session(rt, done.token) is None


async def test_nonsense_is_no_session(rt: Runtime) -> None:
    for token in (None, "", "x", "a" * 43, "字" * 43, "a" * 10_000, "a\x00" * 20):
        assert await resolve_session(rt, token) is None


async def test_only_the_fingerprint_is_stored(rt: Runtime, make: Make) -> None:
    await make()
    done = await enter(rt)
    async with rt.db.transaction("owner") as db:
        text = await db.fetchval("select string_agg(s::text, ' ') from identity.session s")
    assert done.token not in text


async def test_people_list_and_end_their_own_sessions_and_no_others(rt: Runtime, make: Make) -> None:
    await make()
    await make("han.meimei", name="韩梅梅")
    here, phone, other = await enter(rt), await enter(rt), await enter(rt, "han.meimei")
    session, stranger = await resolve_session(rt, here.token), await resolve_session(rt, other.token)
    assert session and stranger
    listed = await own_sessions(rt, session)
    assert [s.current for s in listed].count(True) == 1 and len(listed) == 2
    with pytest.raises(NotFound):
        await end_own_session(rt, session, stranger.id)
    assert await resolve_session(rt, other.token)
    assert await end_other_sessions(rt, session) == 1
    assert await resolve_session(rt, phone.token) is None and await resolve_session(rt, here.token)


async def test_a_disabled_account_is_out_at_once(rt: Runtime, make: Make) -> None:
    account = await make()
    done = await enter(rt)
    assert await resolve_session(rt, done.token)
    await disable_account(rt, SYSTEM, account)
    assert await resolve_session(rt, done.token) is None
    with pytest.raises(NotFound):
        await actor_for(rt, account)


async def test_a_change_of_the_profile_shows_at_once(rt: Runtime, make: Make) -> None:
    await make("r1", kind="resident", name="王秀英")
    done = await enter(rt, "r1")
    session = await resolve_session(rt, done.token)
    assert session
    await update_profile(rt, session, name="王阿姨", locale="en", theme="dark", elder=True)
    session = await resolve_session(rt, done.token)
    assert session and (session.account.name, session.account.locale, session.account.elder) == ("王阿姨", "en", True)


async def test_nobody_acts_from_a_post_they_do_not_hold(rt: Runtime, make: Make) -> None:
    account = await make()
    assert (await actor_for(rt, account)).posts == ()
    with pytest.raises(NotYourPost):
        await actor_for(rt, account, 1)


async def test_the_application_role_cannot_read_secrets_or_other_peoples_contacts(rt: Runtime, make: Make) -> None:
    account = await make(phone="13812345678")
    other = await make("han.meimei", name="韩梅梅", phone="13912345678")
    async with rt.read(Actor("staff", id=account, orgs=(1,))) as db:
        seen = await db.fetch("select account from identity.contact")
        assert {r["account"] for r in seen} == {account}
        assert {r["id"] for r in await db.fetch("select id from identity.account")} == {account, other}
    for table, column in (
        ("secret", "password"),
        ("recovery", "digest"),
        ("ticket", "code"),
        ("throttle", "key"),
        ("kept_form", "sealed"),
        ("session", "fingerprint"),
        ("client_secret", "fingerprint"),
        ("access_token", "fingerprint"),
    ):
        for actor in (Actor("staff", id=account, orgs=(1,)), SYSTEM):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with rt.read(actor) as db:
                    await db.fetch(f"select {column} from identity.{table}")


async def test_strangers_and_residents_see_no_accounts(rt: Runtime, make: Make) -> None:
    await make()
    resident = await make("r1", kind="resident", name="王秀英")
    async with rt.read(Actor.anonymous()) as db:
        assert await db.fetch("select id from identity.account") == []
    async with rt.read(Actor("resident", id=resident)) as db:
        assert [r["id"] for r in await db.fetch("select id from identity.account")] == [resident]


async def test_a_stranger_cannot_set_a_password_through_the_functions(rt: Runtime, make: Make) -> None:
    account = await make()
    resident = await make("r1", kind="resident", name="王秀英")
    from yiwang.kernel.write import unit

    for actor, victim in ((Actor.anonymous(), account), (Actor("resident", id=resident), account),
                          (Actor("staff", id=account, orgs=(1,)), resident)):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with unit(rt, actor) as work:
                await work.db.execute("select identity.put_password($1, 'x', $2, false)", victim, work.now)


async def test_a_kept_form_comes_back_once_to_the_same_person_only(rt: Runtime, make: Make) -> None:
    account = await make()
    await make("han.meimei", name="韩梅梅")
    done = await enter(rt)
    rt.clock.advance(timedelta(hours=3))  # type: ignore[attr-defined]
    assert await resolve_session(rt, done.token) is None
    owner = await ended_session_owner(rt, done.token)
    assert owner == account
    typed = [("title", "路灯不亮"), ("text", "在三号桥下"), ("_csrf", "x"), ("password", "secret")]
    token = await keep_form(rt, "/report", typed, owner=owner)
    other = await resolve_session(rt, (await enter(rt, "han.meimei")).token)
    mine = await resolve_session(rt, (await enter(rt)).token)
    assert other and mine
    assert await take_form(rt, other.actor, token, "/report") is None
    assert await take_form(rt, mine.actor, token, "/elsewhere") is None
    assert await take_form(rt, mine.actor, token, "/report") == typed[:2]
    assert await take_form(rt, mine.actor, token, "/report") is None


async def test_a_kept_form_is_sealed_and_forgotten_after_half_an_hour(rt: Runtime, make: Make) -> None:
    account = await make()
    token = await keep_form(rt, "/report", [("text", "not for other eyes")], owner=account)
    async with rt.db.transaction("owner") as db:
        raw = await db.fetchval("select sealed from identity.kept_form")
    assert b"other eyes" not in raw
    rt.clock.advance(timedelta(minutes=31))  # type: ignore[attr-defined]
    assert await take_form(rt, await actor_for(rt, account), token, "/report") is None
    assert await keep_form(rt, "/report", [("text", "x" * 300_000)], owner=None) is None


async def test_a_session_from_elsewhere_tells_where(rt: Runtime, make: Make) -> None:
    await make()
    done = await sign_in(rt, "li.lei", PASSWORD, ELSEWHERE)
    assert isinstance(done, SignedIn)
    session = await resolve_session(rt, done.token)
    assert session and (await own_sessions(rt, session))[0].address == "203.0.113.9"
