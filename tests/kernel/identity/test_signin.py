"""Signing in against the real database, policy and audit."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest

from tests.kernel.identity.identity_kit import ELSEWHERE, HERE, PASSWORD, SYSTEM, Make
from yiwang.kernel.errors import TooMany
from yiwang.kernel.identity import (
    SecondFactorNeeded,
    SignedIn,
    begin_totp,
    change_password,
    confirm_totp,
    disable_account,
    reset_password,
    reset_totp,
    resolve_session,
    sign_in,
    sign_in_with_code,
    sign_out,
)
from yiwang.kernel.identity.errors import CodeRefused, SignInRefused, Throttled, TicketOver, WeakPassword
from yiwang.kernel.runtime import Runtime


async def enter(rt: Runtime, login: str = "li.lei", password: str = PASSWORD, **more: str) -> SignedIn:
    done = await sign_in(rt, login, password, HERE, **more)
    assert isinstance(done, SignedIn)
    return done


async def enrol(rt: Runtime, done: SignedIn) -> tuple[pyotp.TOTP, str, list[str]]:
    session = await resolve_session(rt, done.token)
    assert session
    enrolment = await begin_totp(rt, session, issuer="Yiwang")
    generator = pyotp.TOTP(enrolment.secret)
    token, codes = await confirm_totp(rt, session, done.token, generator.at(rt.clock.now()))
    return generator, token, codes


async def test_name_phone_and_mail_all_lead_to_the_account(rt: Runtime, make: Make) -> None:
    account = await make("Li.Lei", phone="13812345678", email="Li@Example.com")
    for typed in ("li.lei", " LI.LEI ", "138 1234 5678", "li@example.com"):
        assert (await enter(rt, typed)).account.id == account


async def test_every_refusal_looks_the_same_and_is_audited_without_the_name(rt: Runtime, make: Make) -> None:
    stopped = await make("han.meimei")
    await make()
    await disable_account(rt, SYSTEM, stopped)
    said = set()
    for login, password in (("li.lei", "wrong"), ("nobody", PASSWORD), ("han.meimei", PASSWORD), ("", "")):
        with pytest.raises(SignInRefused) as refused:
            await sign_in(rt, login, password, HERE)
        said.add((str(refused.value), refused.value.key, str(refused.value.params)))
    assert len(said) == 1
    async with rt.read_as_system() as db:
        rows = await db.fetch("select after::text as after from audit.entry where action = 'session.refuse'")
    assert len(rows) == 4 and not any("li.lei" in r["after"] or "nobody" in r["after"] for r in rows)


async def test_guessing_is_slowed_down_and_the_owner_on_a_known_device_is_not(rt: Runtime, make: Make) -> None:
    await make()
    own = await enter(rt)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await sign_in(rt, "li.lei", "guess", ELSEWHERE)
    with pytest.raises(Throttled) as wait:
        await sign_in(rt, "li.lei", PASSWORD, ELSEWHERE)
    assert wait.value.retry_after >= 1
    assert isinstance(await sign_in(rt, "li.lei", PASSWORD, HERE, device=own.device), SignedIn)
    rt.clock.advance(timedelta(minutes=15))  # type: ignore[attr-defined]
    assert isinstance(await sign_in(rt, "li.lei", PASSWORD, ELSEWHERE), SignedIn)


async def test_a_device_of_somebody_else_gives_no_pass(rt: Runtime, make: Make) -> None:
    await make()
    await make("han.meimei", name="韩梅梅")
    other = await enter(rt, "han.meimei")
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await sign_in(rt, "li.lei", "guess", ELSEWHERE, device=other.device)
    with pytest.raises(Throttled):
        await sign_in(rt, "li.lei", "guess", ELSEWHERE, device=other.device)


async def test_parallel_guesses_do_not_slip_past_the_counter(rt: Runtime, make: Make) -> None:
    await make()
    answers = await asyncio.gather(
        *(sign_in(rt, "li.lei", f"guess {n}", ELSEWHERE) for n in range(30)), return_exceptions=True
    )
    assert sum(isinstance(a, SignInRefused) for a in answers) == 5
    assert sum(isinstance(a, Throttled) for a in answers) == 25


async def test_a_flood_of_sign_ins_does_not_hold_the_event_loop(rt: Runtime, make: Make) -> None:
    await make()
    flood = asyncio.gather(*(sign_in(rt, f"nobody{n}", "guess", HERE) for n in range(40)), return_exceptions=True)
    late = 0.0
    loop = asyncio.get_running_loop()
    while not flood.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        late = max(late, loop.time() - before - 0.005)
    await flood
    assert late < 1.0


async def test_staff_with_a_second_factor_need_it_and_a_code_works_once(rt: Runtime, make: Make) -> None:
    await make()
    generator, token, codes = await enrol(rt, await enter(rt))
    assert len(codes) == 10 and await resolve_session(rt, token)
    half = await sign_in(rt, "li.lei", PASSWORD, HERE)
    assert isinstance(half, SecondFactorNeeded)
    used = generator.at(rt.clock.now())
    with pytest.raises(CodeRefused):
        await sign_in_with_code(rt, half.ticket, used, HERE)
    rt.clock.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
    fresh = generator.at(rt.clock.now())
    done = await sign_in_with_code(rt, half.ticket, fresh, HERE)
    assert await resolve_session(rt, done.token)
    with pytest.raises(TicketOver):
        await sign_in_with_code(rt, half.ticket, fresh, HERE)
    again = await sign_in(rt, "li.lei", PASSWORD, HERE)
    assert isinstance(again, SecondFactorNeeded)
    with pytest.raises(CodeRefused):
        await sign_in_with_code(rt, again.ticket, fresh, HERE)
    assert await sign_in_with_code(rt, again.ticket, codes[3].upper(), HERE)


async def test_two_with_the_same_code_at_once_let_one_in(rt: Runtime, make: Make) -> None:
    await make()
    generator, _, _ = await enrol(rt, await enter(rt))
    rt.clock.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
    tickets = [await sign_in(rt, "li.lei", PASSWORD, HERE) for _ in range(3)]
    code = generator.at(rt.clock.now())
    answers = await asyncio.gather(
        *(sign_in_with_code(rt, t.ticket, code, HERE) for t in tickets),  # type: ignore[union-attr]
        return_exceptions=True,
    )
    assert sorted(type(a).__name__ for a in answers) == ["CodeRefused", "CodeRefused", "SignedIn"]


async def test_five_wrong_codes_end_the_ticket_and_a_known_password_does_not_reset_the_count(
    rt: Runtime, make: Make
) -> None:
    await make()
    await enrol(rt, await enter(rt))
    half = await sign_in(rt, "li.lei", PASSWORD, ELSEWHERE)
    assert isinstance(half, SecondFactorNeeded)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            await sign_in_with_code(rt, half.ticket, "000000", ELSEWHERE)
    with pytest.raises(TicketOver):
        await sign_in_with_code(rt, half.ticket, "000000", ELSEWHERE)
    with pytest.raises(TooMany):
        for _ in range(10):
            await sign_in(rt, "li.lei", PASSWORD, ELSEWHERE)


async def test_staff_outside_the_demo_are_nobody_until_password_and_second_factor_are_set(
    rt: Runtime, make: Make
) -> None:
    await make(must_change=True, demo=False)
    done = await enter(rt)
    session = await resolve_session(rt, done.token)
    assert done.duty == "password" and session and session.actor.kind == "anonymous" and session.actor.id is None
    with pytest.raises(WeakPassword):
        await change_password(rt, session, done.token, PASSWORD, "li.lei 1234")
    token = await change_password(rt, session, done.token, PASSWORD, "three herons over the lake")
    assert await resolve_session(rt, done.token) is None
    session = await resolve_session(rt, token)
    assert session and session.duty == "totp" and session.actor.kind == "anonymous"
    enrolment = await begin_totp(rt, session, issuer="Yiwang")
    token, _ = await confirm_totp(rt, session, token, pyotp.TOTP(enrolment.secret).at(rt.clock.now()))
    session = await resolve_session(rt, token)
    assert session and session.duty is None and session.actor.kind == "staff"


async def test_signing_out_and_in_again_never_reuses_a_token(rt: Runtime, make: Make) -> None:
    await make()
    first = await enter(rt)
    second = await enter(rt, old_token=first.token)
    assert first.token != second.token and await resolve_session(rt, first.token) is None
    await sign_out(rt, second.token)
    assert await resolve_session(rt, second.token) is None
    await sign_out(rt, second.token)


async def test_an_administrators_reset_ends_sessions_and_asks_for_a_new_password(rt: Runtime, make: Make) -> None:
    account = await make()
    done = await enter(rt)
    fresh = await reset_password(rt, SYSTEM, account)
    assert await resolve_session(rt, done.token) is None
    with pytest.raises(SignInRefused):
        await enter(rt)
    assert (await enter(rt, password=fresh)).duty == "password"


async def test_a_reset_second_factor_is_gone(rt: Runtime, make: Make) -> None:
    account = await make()
    await enrol(rt, await enter(rt))
    await reset_totp(rt, SYSTEM, account)
    assert isinstance(await sign_in(rt, "li.lei", PASSWORD, HERE), SignedIn)
