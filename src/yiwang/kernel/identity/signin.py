"""Signing in with a password and, for staff, a second factor; signing out."""

from __future__ import annotations

from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.identity.credentials import Credential, credential_of, duty_of, find_credential
from yiwang.kernel.identity.errors import CodeRefused, SignInBusy, SignInRefused, TicketOver
from yiwang.kernel.identity.guard import Mark, forgive, new_device, reserve, sign_in_marks
from yiwang.kernel.identity.keys import Keys, Vault
from yiwang.kernel.identity.model import IDLE, LIFE, Method, Origin, SecondFactorNeeded, SignedIn
from yiwang.kernel.identity.passwords import HasherBusy
from yiwang.kernel.identity.sessions import Sessions, account_of, resolve_session
from yiwang.kernel.identity.tickets import SECOND_FACTOR, issue_ticket
from yiwang.kernel.identity.tokens import fingerprint, new_token
from yiwang.kernel.identity.totp import matched_step, recovery_digest
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource, read, unit
from yiwang.kit.ids import new_id

q = Queries.load("yiwang.kernel.identity")
CODE_TRIES = 5


async def sign_in(
    rt: Runtime, login: str, password: str, origin: Origin, *, device: str = "", old_token: str | None = None
) -> SignedIn | SecondFactorNeeded:
    """Check a name (or phone, or mail address) and a password.

    Returns the session's token, or a ticket when a code is still needed. Raises SignInRefused (the same for every
    cause), Throttled, SignInBusy. `old_token` is the session this browser had: it ends, so that none is carried over.
    """
    box = rt.part(Keys).box
    login, password = login[:256], password[:1024]
    async with read(rt, Actor.anonymous()) as db:
        who = await find_credential(db, box, login)
    marks = sign_in_marks(rt, login=login, account=who.id if who else None, address=origin.address, device=device)
    await reserve(rt, marks)
    try:
        right = await rt.part(Vault).verify(who.password if who else None, password)
    except HasherBusy as busy:
        raise SignInBusy from busy
    if who is None or not right or not who.active:
        await _refuse(rt, who, origin, "password")
        raise SignInRefused
    if who.totp is not None:
        # The failures are forgiven only after the second factor, or a thief of the password could try codes for ever.
        return SecondFactorNeeded(await issue_ticket(rt, SECOND_FACTOR, account=who.id))
    await _rehash(rt, who, password)
    return await open_session(rt, who, "password", origin, marks=marks, old_token=old_token)


async def sign_in_with_code(
    rt: Runtime, ticket: str, code: str, origin: Origin, *, old_token: str | None = None
) -> SignedIn:
    """The second factor:

    a code of the app, or a recovery code. Raises CodeRefused, or TicketOver after five tries.
    """
    now = rt.clock.now()
    mark = fingerprint(ticket)
    async with unit(rt, Actor.anonymous()) as work:
        work.bookkeeping()
        row = await work.db.fetchrow(q.try_ticket, mark, SECOND_FACTOR, now, CODE_TRIES)
        method = None
        if row is not None:
            who = await credential_of(work.db, row["account"])
            if who.active:
                method = await _prove(rt, work.db, who, code)
            if method is not None:
                await work.db.execute(q.use_ticket, mark, now)
    if row is None:
        raise TicketOver
    if method is None:
        await _refuse(rt, who, origin, "code")
        raise CodeRefused(tries_left=CODE_TRIES - row["attempts"])
    marks = sign_in_marks(rt, login=who.login, account=who.id, address=origin.address, device="")
    return await open_session(rt, who, method, origin, marks=marks, old_token=old_token)


async def _prove(rt: Runtime, db: object, who: Credential, code: str) -> Method | None:
    """Is it a code of theirs, unused? Using it up is part of the answer."""
    if who.totp is None:
        return None
    now = rt.clock.now()
    seed = rt.part(Keys).box.open("totp", who.totp, bound=who.id.bytes).decode()
    step = matched_step(seed, code[:64], now, last_step=who.totp_last)
    if step is not None:
        return "totp" if await db.fetchval(q.use_totp, who.id, step) else None  # type: ignore[attr-defined]
    used = await db.fetchval(q.use_recovery, who.id, recovery_digest(code[:64]), now)  # type: ignore[attr-defined]
    return "recovery" if used else None


async def open_session(
    rt: Runtime,
    who: Credential,
    method: Method,
    origin: Origin,
    *,
    marks: list[Mark] | None = None,
    old_token: str | None = None,
) -> SignedIn:
    """Make the session of somebody who has proved who they are: a new token always, never one that existed before."""
    token, session_id = new_token(), new_id()
    duty = duty_of(rt, who, federated=method == "oidc")
    actor = who.actor()
    async with rt.act(actor, "session.open", Resource("session", session_id, owner=who.id)) as act:
        ends_at = act.now + LIFE[who.kind]
        expires_at = min(act.now + IDLE[who.kind], ends_at)
        await act.db.execute(
            q.add_session, session_id, fingerprint(token), who.id, new_token(), method, duty, None,
            origin.address[:64], origin.short_agent, act.now, expires_at, ends_at,
        )  # fmt: skip
        await forgive(act.db, marks or [], act.now)
        await _end_old(act, old_token, who.id)
        act.record(after={"method": method, "address": origin.address, "duty": duty})
    return SignedIn(token, account_of(await _reread(rt, who.id)), expires_at, new_device(rt, who.id), duty)


async def _reread(rt: Runtime, account: UUID) -> dict[str, object]:
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.find_account, account)
    return dict(row or {})  # its session was made a moment ago


async def _end_old(act: Act, old_token: str | None, account: UUID) -> None:
    if not old_token:
        return
    old = await act.db.fetchrow(q.session_of, fingerprint(old_token), act.now)
    if old is not None and old["account"] == account:
        await act.db.execute(q.end_session, old["id"], act.now)
    act.rt.part(Sessions).forget(fingerprint(old_token))


async def sign_out(rt: Runtime, token: str) -> None:
    """End the session of this token; nothing happens when it is over already."""
    session = await resolve_session(rt, token)
    if session is None:
        return
    async with rt.act(session.person, "session.end", Resource("session", session.id, owner=session.account.id)) as act:
        await act.db.execute(q.end_session, session.id, act.now)
        act.record(note="signed out")
    rt.part(Sessions).forget(fingerprint(token))


async def _refuse(rt: Runtime, who: Credential | None, origin: Origin, what: str) -> None:
    """A failed try leaves a trace. What was typed as a name is not kept: people type passwords there."""
    resource = Resource("session", None, owner=None)
    async with rt.act(Actor.system("identity"), "session.refuse", resource) as act:
        act.record(after={"account": str(who.id) if who else None, "address": origin.address, "failed": what})


async def _rehash(rt: Runtime, who: Credential, password: str) -> None:
    vault = rt.part(Vault)
    if who.password is None or not vault.outdated(who.password):
        return
    hashed = await vault.hash(password)
    async with unit(rt, who.actor()) as work:
        await work.db.execute(q.put_password, who.id, hashed, work.now, who.must_change)
        work.bookkeeping()
