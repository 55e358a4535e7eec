"""Forgotten passwords and new residents: a code sent to a phone or mail address proves that it is theirs."""

from __future__ import annotations

from typing import Any

import asyncpg

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.identity.accounts import add_contacts, contact_values
from yiwang.kernel.identity.contacts import normal_mail, normal_phone
from yiwang.kernel.identity.credentials import Credential, contact_digest, credential_of, find_credential
from yiwang.kernel.identity.errors import BadContact, CodeRefused, LoginTaken, TicketOver
from yiwang.kernel.identity.guard import code_marks, reserve
from yiwang.kernel.identity.keys import Keys, Vault
from yiwang.kernel.identity.model import Origin, SignedIn
from yiwang.kernel.identity.own import judge_password
from yiwang.kernel.identity.sessions import Sessions
from yiwang.kernel.identity.signin import open_session
from yiwang.kernel.identity.tickets import REGISTER, RESET, Ticket, put_ticket, try_ticket, use_ticket
from yiwang.kernel.identity.tokens import new_code
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource, unit
from yiwang.kit.ids import new_id
from yiwang.kit.text import one_line
from yiwang.messages.identity import AccountChanged, AccountCreated

q = Queries.load("yiwang.kernel.identity")
#: The capability of kernel.notices, which stands above identity and is therefore called by name.
SEND = "notice.send"


async def forgot_password(rt: Runtime, typed: str, origin: Origin, *, locale: str = "zh") -> str:
    """Send a code to the phone and mail address of the account that was named; returns the ticket for the next page.

    There is always a ticket and never a word about whether the account exists. Throttled per account and address.
    """
    async with rt.read_as_system() as db:
        who = await find_credential(db, rt.part(Keys).box, typed[:256])
        known = who is not None and who.active
        contacts = await contact_values(rt, db, who.id) if who is not None and known else {}
    to = str(who.id) if who is not None and known else typed.strip().casefold()[:256]
    await reserve(rt, code_marks(rt, to=to, address=origin.address))
    code = new_code()
    async with rt.act(Actor.system("identity"), "account.prove", Resource("session")) as act:
        account = who.id if who is not None and contacts else None
        ticket = await put_ticket(act.db, rt, RESET, act.now, account=account, code=code)
        for channel, value in contacts.items():
            await _send(act, "identity.reset_code", channel, value, code, who.locale if who else locale)
        act.record(
            after={"account": str(account) if account else None, "sent": sorted(contacts)}, note="password reset"
        )
    return ticket


async def reset_forgotten(rt: Runtime, ticket: str, code: str, new: str) -> None:
    """Set a new password with the code that was sent. CodeRefused, TicketOver, WeakPassword.

    Every session ends; a second factor stays, so a stolen phone alone does not open a staff account.
    """
    who = await _redeem_for(rt, ticket, code, new)
    hashed = await rt.part(Vault).hash(new)
    resource = Resource("account", who.id, owner=who.id, attrs={"kind": who.kind})
    async with rt.act(who.actor(), "account.change_password", resource) as act:
        if not await use_ticket(act.db, ticket, act.now):
            raise TicketOver
        await act.db.execute(q.put_password, who.id, hashed, act.now, False)
        ended = await act.db.fetchval(q.end_sessions, who.id, act.now, None)
        await act.db.execute(q.bump_version, who.id)
        act.record(after={"sessions_ended": ended}, note="with a code that was sent")
        act.emit(AccountChanged(account=who.id, what="password"))
    rt.part(Sessions).forget_account(who.id)


async def _redeem_for(rt: Runtime, ticket: str, code: str, new: str) -> Credential:
    tried = await _try(rt, ticket, RESET, code)
    if tried.account is None:
        raise CodeRefused(tries_left=tried.tries_left)
    async with rt.read_as_system() as db:
        who = await credential_of(db, tried.account)
    judge_password(new, kind=who.kind, context=(who.login, who.name))
    return who


async def _try(rt: Runtime, token: str, purpose: str, code: str) -> Ticket:
    """Count the try in a transaction of its own, so that it counts also when it was wrong."""
    async with unit(rt, Actor.anonymous()) as work:
        work.bookkeeping()
        tried = await try_ticket(work.db, rt, token, purpose, work.now, code)
    if tried is None:
        raise TicketOver
    if not tried.right:
        raise CodeRefused(tries_left=tried.tries_left)
    return tried


async def begin_registration(rt: Runtime, contact: str, origin: Origin, *, locale: str = "zh") -> str:
    """Send a code to a phone (or mail address) that wants an account; returns the ticket. BadContact, Throttled.

    Somebody who has an account already gets a message that says so, and the page says the same to everyone.
    """
    phone, mail = normal_phone(contact), normal_mail(contact)
    value = phone or mail
    if value is None:
        raise BadContact(channel="phone", problems=[Problem("contact", "identity.field.contact_shape")])
    channel = "phone" if phone else "email"
    await reserve(rt, code_marks(rt, to=value, address=origin.address))
    code = new_code()
    async with rt.act(Actor.system("identity"), "account.prove", Resource("session")) as act:
        taken = await act.db.fetchrow(q.credential, None, contact_digest(rt.part(Keys).box, value), None)
        data = {"channel": channel, "value": value}
        ticket = await put_ticket(
            act.db, rt, REGISTER, act.now, code=None if taken else code, data=None if taken else data
        )
        template = "identity.already_registered" if taken else "identity.register_code"
        await _send(act, template, channel, value, code, locale)
        act.record(after={"channel": channel, "new": taken is None}, note="registration")
    return ticket


async def finish_registration(
    rt: Runtime,
    ticket: str,
    code: str,
    *,
    name: str,
    password: str,
    origin: Origin,
    locale: str = "zh",
    elder: bool = False,
) -> SignedIn:
    """Make the resident's account and sign in. CodeRefused, TicketOver, Invalid for the name, WeakPassword."""
    name = one_line(name)
    if not 1 <= len(name) <= 80:
        raise Invalid("a name is needed", problems=[Problem("name", "identity.field.name_shape")])
    judge_password(password, kind="resident", context=(name,))
    tried = await _try(rt, ticket, REGISTER, code)
    if not tried.data:
        raise CodeRefused(tries_left=tried.tries_left)
    account = new_id()
    hashed = await rt.part(Vault).hash(password)
    actor = Actor("resident", id=account, name=name, locale=locale)
    resource = Resource("account", account, owner=account, attrs={"kind": "resident"})
    try:
        async with rt.act(actor, "account.register", resource) as act:
            if not await use_ticket(act.db, ticket, act.now):
                raise TicketOver
            login = f"r-{account.hex}"
            await act.db.execute(q.add_account, account, "resident", login, name, None, locale, elder, False, act.now)
            await add_contacts(act.db, rt, account, act.now, **{tried.data["channel"]: tried.data["value"]})
            await act.db.execute(q.put_password, account, hashed, act.now, False)
            act.record(after={"channel": tried.data["channel"]})
            act.emit(AccountCreated(account=account, kind="resident", org=None))
    except asyncpg.UniqueViolationError as taken:
        raise LoginTaken from taken
    async with rt.read_as_system() as db:
        who = await credential_of(db, account)
    return await open_session(rt, who, "password", origin)


async def _send(act: Act, template: str, channel: str, value: str, code: str, locale: str) -> None:
    """Through the notices, in the same transaction: no ticket without its message, no message without its ticket."""
    capability = act.rt.registry.capability(SEND)
    if capability is None:
        raise RuntimeError("no room brings the capability notice.send")
    inputs: dict[str, Any] = {
        "template": template,
        "to": {channel: value},
        "channel": "sms" if channel == "phone" else "email",
        "params": {"code": code} if template != "identity.already_registered" else {},
        "locale": locale,
    }
    await capability.handle(act, inputs, None)
