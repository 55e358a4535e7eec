"""Forgotten passwords and registration, with codes through the sandbox of the notices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.kernel.identity.identity_kit import HERE, PASSWORD, SYSTEM, Make
from yiwang.kernel.identity import (
    SignedIn,
    begin_registration,
    finish_registration,
    forgot_password,
    reset_forgotten,
    resolve_session,
    sign_in,
)
from yiwang.kernel.identity.errors import BadContact, CodeRefused, SignInRefused, Throttled, TicketOver, WeakPassword
from yiwang.kernel.notices import list_notices, send_due
from yiwang.kernel.runtime import Runtime

NEW = "three herons over the lake"
Code = Callable[[], Awaitable[str]]


async def test_a_forgotten_password_is_set_with_the_code_and_every_session_ends(
    rt: Runtime, make: Make, sent_code: Code
) -> None:
    await make(phone="13812345678")
    old = await sign_in(rt, "li.lei", PASSWORD, HERE)
    ticket = await forgot_password(rt, "13812345678", HERE)
    code = await sent_code()
    with pytest.raises(CodeRefused):
        await reset_forgotten(rt, ticket, "000000" if code != "000000" else "000001", NEW)
    with pytest.raises(WeakPassword):
        await reset_forgotten(rt, ticket, code, "12345678")
    await reset_forgotten(rt, ticket, code, NEW)
    assert isinstance(old, SignedIn) and await resolve_session(rt, old.token) is None
    with pytest.raises(SignInRefused):
        await sign_in(rt, "li.lei", PASSWORD, HERE)
    assert isinstance(await sign_in(rt, "li.lei", NEW, HERE), SignedIn)
    with pytest.raises(TicketOver):
        await reset_forgotten(rt, ticket, code, NEW + " again")


async def test_an_unknown_account_gets_a_ticket_and_nobody_a_message(rt: Runtime, make: Make) -> None:
    await make()  # without any contact
    for typed in ("nobody", "li.lei", "13900000000"):
        ticket = await forgot_password(rt, typed, HERE)
        with pytest.raises(CodeRefused):
            await reset_forgotten(rt, ticket, "123456", NEW)
    assert await list_notices(rt, SYSTEM) == []


async def test_a_code_expires_and_wears_out(rt: Runtime, make: Make, sent_code: Code) -> None:
    await make(phone="13812345678")
    ticket = await forgot_password(rt, "li.lei", HERE)
    code = await sent_code()
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(CodeRefused):
            await reset_forgotten(rt, ticket, wrong, NEW)
    with pytest.raises(TicketOver):
        await reset_forgotten(rt, ticket, code, NEW)
    late = await forgot_password(rt, "li.lei", HERE)
    code = await sent_code()
    rt.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    with pytest.raises(TicketOver):
        await reset_forgotten(rt, late, code, NEW)


async def test_nobodys_phone_is_flooded_with_codes(rt: Runtime, make: Make) -> None:
    await make(phone="13812345678")
    with pytest.raises(Throttled):
        for _ in range(4):
            await forgot_password(rt, "li.lei", HERE)
    await send_due(rt)
    assert len(await list_notices(rt, SYSTEM)) == 3


async def test_a_resident_registers_with_a_code_and_is_signed_in(rt: Runtime, sent_code: Code) -> None:
    ticket = await begin_registration(rt, "138 1234 5678", HERE)
    done = await finish_registration(
        rt, ticket, await sent_code(), name="王秀英", password="herons at dawn", origin=HERE
    )
    session = await resolve_session(rt, done.token)
    assert session and session.actor.kind == "resident" and session.actor.name == "王秀英"
    assert isinstance(await sign_in(rt, "13812345678", "herons at dawn", HERE), SignedIn)
    async with rt.db.transaction("owner") as db:
        row = await db.fetchrow("select masked, sealed, digest from identity.contact")
    assert row and row["masked"] == "138****5678"
    assert b"13812345678" not in row["sealed"] + row["digest"]


async def test_a_phone_that_is_registered_is_told_so_by_message_only(rt: Runtime, make: Make) -> None:
    await make("r1", kind="resident", phone="13812345678")
    ticket = await begin_registration(rt, "13812345678", HERE)
    await send_due(rt)
    newest = (await list_notices(rt, SYSTEM))[0]
    assert newest.template == "identity.already_registered" and newest.masked == "138****5678"
    with pytest.raises(CodeRefused):
        await finish_registration(rt, ticket, "123456", name="坏人", password="herons at dawn", origin=HERE)


async def test_what_is_no_contact_is_refused(rt: Runtime) -> None:
    for typed in ("", "110", "not a phone", "13812345678x", "a@b"):
        with pytest.raises(BadContact):
            await begin_registration(rt, typed, HERE)


async def test_a_reset_is_refused_for_a_stopped_account(rt: Runtime, make: Make) -> None:
    from yiwang.kernel.identity import disable_account

    account = await make(phone="13812345678")
    await disable_account(rt, SYSTEM, account)
    await forgot_password(rt, "li.lei", HERE)
    assert await list_notices(rt, SYSTEM) == []
