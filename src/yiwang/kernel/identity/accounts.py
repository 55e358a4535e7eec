"""Accounts as an administrator and their owner change them. Each call is one audited action."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.identity.contacts import masked, normal_login, normal_mail, normal_phone
from yiwang.kernel.identity.credentials import credential_of
from yiwang.kernel.identity.errors import BadContact, LoginTaken
from yiwang.kernel.identity.keys import Keys, Vault
from yiwang.kernel.identity.model import Account
from yiwang.kernel.identity.sessions import Sessions, account_of
from yiwang.kernel.identity.standing import account_resource
from yiwang.kernel.identity.tokens import new_password
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource
from yiwang.kit.ids import new_id
from yiwang.kit.text import one_line
from yiwang.messages.identity import AccountChanged, AccountCreated, AccountDisabled, AccountEnabled

q = Queries.load("yiwang.kernel.identity")


async def create_account(
    rt: Runtime,
    actor: Actor,
    *,
    kind: str,
    login: str,
    name: str,
    org: int | None = None,
    phone: str | None = None,
    email: str | None = None,
    password: str | None = None,
    must_change: bool = True,
    demo: bool = False,
    locale: str = "zh",
    elder: bool = False,
) -> UUID:
    """Make an account (kind staff, resident or client) and return its id.

    Contacts given by an administrator count as verified. LoginTaken when the name or a contact is in use; Invalid
    for a
    name that cannot be one; the password is taken as it is (generated ones come from here, typed ones are judged
    first).
    """
    login, name = normal_login(login), one_line(name)
    _check_names(login, name)
    hashed = await rt.part(Vault).hash(password) if password else None
    account = new_id()
    resource = account_resource(rt, account, kind, org)
    try:
        async with rt.act(actor, "account.create", resource) as act:
            await act.db.execute(q.add_account, account, kind, login, name, org, locale, elder, demo, act.now)
            await add_contacts(act.db, rt, account, act.now, phone=phone, email=email)
            if hashed:
                await act.db.execute(q.put_password, account, hashed, act.now, must_change)
            act.record(after={"kind": kind, "login": login, "name": name, "org": org, "demo": demo})
            act.emit(AccountCreated(account=account, kind=kind, org=org))
    except asyncpg.UniqueViolationError as taken:
        raise LoginTaken(login=login) from taken
    return account


def _check_names(login: str, name: str) -> None:
    problems = []
    if not 2 <= len(login) <= 64 or any(c.isspace() for c in login):
        problems.append(Problem("login", "identity.field.login_shape"))
    if not 1 <= len(name) <= 80:
        problems.append(Problem("name", "identity.field.name_shape"))
    if problems:
        raise Invalid("the account's names do not fit", problems=problems)


async def add_contacts(
    db: Conn, rt: Runtime, account: UUID, now: datetime, *, phone: str | None = None, email: str | None = None
) -> None:
    """Store a phone and a mail address, sealed. BadContact when one cannot be right."""
    box = rt.part(Keys).box
    for channel, text, normal in (("phone", phone, normal_phone), ("email", email, normal_mail)):
        if not text:
            continue
        value = normal(text)
        if value is None:
            raise BadContact(channel=channel)
        sealed = box.seal("contact", value.encode(), bound=account.bytes + channel.encode())
        await db.execute(
            q.add_contact, account, channel, box.digest("contact", value), sealed, masked(channel, value), now
        )


async def contact_values(rt: Runtime, db: Conn, account: UUID) -> dict[str, str]:
    """The phone and mail address in the clear, for sending; `db` must see them (the system or the person)."""
    box = rt.part(Keys).box
    rows = await db.fetch(q.contacts_of, account)
    return {
        r["channel"]: box.open("contact", r["sealed"], bound=account.bytes + r["channel"].encode()).decode()
        for r in rows
        if r["verified_at"] is not None
    }


async def masked_contacts(rt: Runtime, actor: Actor, account: UUID) -> dict[str, str]:
    """What the person's own page shows of their contacts."""
    async with rt.read(actor) as db:
        return {r["channel"]: r["masked"] for r in await db.fetch(q.contacts_of, account)}


async def find_account(rt: Runtime, login: str) -> Account | None:
    """The account of a sign-in name, whoever asks (for command lines and loaders)."""
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.find_account_by_login, normal_login(login))
    return account_of(dict(row)) if row else None


async def list_accounts(
    rt: Runtime, actor: Actor, *, text: str = "", limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Staff and systems whose name or sign-in name matches, as far as the actor may see them. No contacts."""
    async with rt.read(actor) as db:
        return [dict(r) for r in await db.fetch(q.list_accounts, text.strip(), min(limit, 200), offset)]


async def account_facts(rt: Runtime, actor: Actor, account: UUID) -> dict[str, Any]:
    """One account of staff or of a system, without contacts; NotFound when the actor may not see it."""
    async with rt.read(actor) as db:
        row = await db.fetchrow(q.find_account, account)
    if row is None or row["kind"] == "resident":
        raise NotFound(f"there is no account {account} of staff")
    return dict(row)


async def account_names(rt: Runtime, actor: Actor, ids: list[UUID]) -> dict[UUID, str]:
    """Display names, for lists of people; whoever the actor may not see is left out."""
    async with rt.read(actor) as db:
        return {r["id"]: r["name"] for r in await db.fetch(q.names_of, ids)}


async def _target(act: Act, account: UUID) -> dict[str, Any]:
    row = await act.db.fetchrow(q.find_account, account)
    if row is None:
        raise NotFound(f"there is no account {account}")
    return dict(row)


async def _resource(rt: Runtime, account: UUID) -> Resource:
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.find_account, account)
    if row is None:
        raise NotFound(f"there is no account {account}")
    return account_resource(rt, account, row["kind"], row["org"], owner=account)


async def disable_account(rt: Runtime, actor: Actor, account: UUID) -> None:
    """Stop an account: no sign-in, and every session and token of it ends now."""
    async with rt.act(actor, "account.disable", await _resource(rt, account)) as act:
        before = await _target(act, account)
        await act.db.execute(q.set_state, account, "disabled", act.now)
        ended = await act.db.fetchval(q.end_sessions, account, act.now, None)
        await act.db.fetchval(q.revoke_tokens, account, None, act.now)
        act.record(before={"state": before["state"]}, after={"state": "disabled", "sessions_ended": ended})
        act.emit(AccountDisabled(account=account))
    rt.part(Sessions).forget_account(account)


async def enable_account(rt: Runtime, actor: Actor, account: UUID) -> None:
    """Let a disabled account act again; it signs in anew."""
    async with rt.act(actor, "account.enable", await _resource(rt, account)) as act:
        before = await _target(act, account)
        await act.db.execute(q.set_state, account, "active", None)
        act.record(before={"state": before["state"]}, after={"state": "active"})
        act.emit(AccountEnabled(account=account))


async def reset_password(rt: Runtime, actor: Actor, account: UUID) -> str:
    """Give a new generated password, good for one sign-in; returns it once. Every session of the account ends."""
    fresh = new_password()
    hashed = await rt.part(Vault).hash(fresh)
    async with rt.act(actor, "account.reset_password", await _resource(rt, account)) as act:
        await _target(act, account)
        await act.db.execute(q.put_password, account, hashed, act.now, True)
        ended = await act.db.fetchval(q.end_sessions, account, act.now, None)
        await act.db.execute(q.bump_version, account)
        act.record(after={"sessions_ended": ended}, note="a generated password, to be changed at the next sign-in")
        act.emit(AccountChanged(account=account, what="password"))
    rt.part(Sessions).forget_account(account)
    return fresh


async def reset_totp(rt: Runtime, actor: Actor, account: UUID) -> None:
    """Drop the second factor of somebody who has lost it; they enrol again at the next sign-in."""
    async with rt.act(actor, "account.reset_totp", await _resource(rt, account)) as act:
        await _target(act, account)
        had = (await credential_of(act.db, account)).totp is not None
        await act.db.execute(q.drop_totp, account)
        await act.db.fetchval(q.end_sessions, account, act.now, None)
        await act.db.execute(q.bump_version, account)
        act.record(before={"enrolled": had}, after={"enrolled": False})
        act.emit(AccountChanged(account=account, what="totp"))
    rt.part(Sessions).forget_account(account)
