"""What people do with their own account: password, second factor, profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.identity.credentials import Credential, credential_of, duty_of
from yiwang.kernel.identity.errors import CodeRefused, SignInRefused, WeakPassword
from yiwang.kernel.identity.guard import reserve, sign_in_marks
from yiwang.kernel.identity.keys import Keys, Vault
from yiwang.kernel.identity.model import Session
from yiwang.kernel.identity.passwords import MIN_LENGTH_RESIDENT, MIN_LENGTH_STAFF, weakness
from yiwang.kernel.identity.sessions import Sessions, rotate
from yiwang.kernel.identity.totp import (
    matched_step,
    new_recovery_codes,
    new_seed,
    provisioning_uri,
    qr_svg,
    recovery_digest,
)
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Resource
from yiwang.kit.text import one_line
from yiwang.messages.identity import AccountChanged

q = Queries.load("yiwang.kernel.identity")


def judge_password(password: str, *, kind: str, context: tuple[str, ...]) -> None:
    """Raises WeakPassword, with the reason as a problem on the field `password`, unless the policy is met."""
    minimum = MIN_LENGTH_STAFF if kind == "staff" else MIN_LENGTH_RESIDENT
    reason = weakness(password, minimum=minimum, context=context)
    if reason is not None:
        raise WeakPassword(reason, minimum)


async def _who(rt: Runtime, account: UUID) -> Credential:
    async with rt.read_as_system() as db:
        return await credential_of(db, account)


def _mine(session: Session) -> Resource:
    return Resource("account", session.account.id, owner=session.account.id, attrs={"kind": session.account.kind})


async def change_password(rt: Runtime, session: Session, token: str, old: str, new: str) -> str:
    """Change one's own password; returns the session's new token, all other sessions end.

    SignInRefused when the old one is wrong (throttled like a sign-in), WeakPassword for a bad new one. Somebody who
    must
    change a password handed out to them has typed it a moment ago, but types it again: the browser may be left open.
    """
    who = await _who(rt, session.account.id)
    judge_password(new, kind=who.kind, context=(who.login, who.name))
    if who.password is not None:
        await reserve(rt, sign_in_marks(rt, login=who.login, account=who.id, address="", device=""))
        if not await rt.part(Vault).verify(who.password, old[:1024]):
            raise SignInRefused(key="identity.error.old_password_wrong")
        if old == new:
            raise WeakPassword("same", 0)
    hashed = await rt.part(Vault).hash(new)
    async with rt.act(session.person, "account.change_password", _mine(session)) as act:
        await act.db.execute(q.put_password, who.id, hashed, act.now, False)
        ended = await act.db.fetchval(q.end_sessions, who.id, act.now, session.id)
        await act.db.execute(q.bump_version, who.id)
        act.record(after={"other_sessions_ended": ended})
        act.emit(AccountChanged(account=who.id, what="password"))
    return await _carry_on(rt, session, token)


async def _carry_on(rt: Runtime, session: Session, token: str) -> str:
    """A new token, with what the sign-in still asks for."""
    rt.part(Sessions).forget_account(session.account.id)
    duty = duty_of(rt, await _who(rt, session.account.id), federated=session.method == "oidc")
    return await rotate(rt, session, token, post=session.post, duty=duty)


@dataclass(frozen=True)
class Enrolment:
    """What the page shows to enrol: the secret to type, the address and its QR code as SVG."""

    secret: str
    uri: str
    qr: str


async def begin_totp(rt: Runtime, session: Session, *, issuer: str) -> Enrolment:
    """The enrolment under way, or a new one. Reading the page twice shows the same secret."""
    box = rt.part(Keys).box
    who = await _who(rt, session.account.id)
    if who.totp_pending is not None:
        seed = box.open("totp", who.totp_pending, bound=who.id.bytes).decode()
    else:
        seed = new_seed()
        async with rt.act(session.person, "account.set_totp", _mine(session)) as act:
            await act.db.execute(q.put_totp_pending, who.id, box.seal("totp", seed.encode(), bound=who.id.bytes))
            act.record(note="enrolment begun")
    uri = provisioning_uri(seed, login=who.login, issuer=issuer)
    return Enrolment(seed, uri, qr_svg(uri))


async def confirm_totp(rt: Runtime, session: Session, token: str, code: str) -> tuple[str, list[str]]:
    """Finish with a first code:

    (the session's new token, ten recovery codes shown once). CodeRefused for a wrong one.
    """
    box = rt.part(Keys).box
    who = await _who(rt, session.account.id)
    if who.totp_pending is None:
        raise CodeRefused
    await reserve(rt, sign_in_marks(rt, login=who.login, account=who.id, address="", device=""))
    seed = box.open("totp", who.totp_pending, bound=who.id.bytes).decode()
    step = matched_step(seed, code[:64], rt.clock.now(), last_step=0)
    if step is None:
        raise CodeRefused
    codes = new_recovery_codes()
    async with rt.act(session.person, "account.set_totp", _mine(session)) as act:
        if not await act.db.fetchval(q.confirm_totp, who.id, act.now, step, [recovery_digest(c) for c in codes]):
            raise CodeRefused
        await act.db.fetchval(q.end_sessions, who.id, act.now, session.id)
        await act.db.execute(q.bump_version, who.id)
        act.record(after={"enrolled": True})
        act.emit(AccountChanged(account=who.id, what="totp"))
    return await _carry_on(rt, session, token), codes


async def drop_totp(rt: Runtime, session: Session, token: str, password: str) -> str:
    """Give up one's own second factor, with the password. Staff who need one are asked to enrol again at once."""
    who = await _who(rt, session.account.id)
    await reserve(rt, sign_in_marks(rt, login=who.login, account=who.id, address="", device=""))
    if not await rt.part(Vault).verify(who.password, password[:1024]):
        raise SignInRefused(key="identity.error.old_password_wrong")
    async with rt.act(session.person, "account.set_totp", _mine(session)) as act:
        await act.db.execute(q.drop_totp, who.id)
        await act.db.execute(q.bump_version, who.id)
        act.record(before={"enrolled": True}, after={"enrolled": False})
        act.emit(AccountChanged(account=who.id, what="totp"))
    return await _carry_on(rt, session, token)


async def totp_state(rt: Runtime, session: Session) -> dict[str, Any]:
    """Is a second factor enrolled, and how many recovery codes are left?"""
    who = await _who(rt, session.account.id)
    async with rt.read(session.person) as db:
        left = await db.fetchval(q.recovery_left, who.id)
    return {"enrolled": who.totp is not None, "recovery_left": left or 0, "has_password": who.password is not None}


async def update_profile(rt: Runtime, session: Session, *, name: str, locale: str, theme: str, elder: bool) -> None:
    """Change one's name and how pages read. Staff names are kept by the administrator, so theirs stays."""
    mine = session.account
    name = one_line(name) if mine.kind == "resident" else mine.name
    problems = []
    if not 1 <= len(name) <= 80:
        problems.append(Problem("name", "identity.field.name_shape"))
    if locale not in ("zh", "en"):
        problems.append(Problem("locale", "identity.field.unknown_choice"))
    if theme not in ("auto", "light", "dark"):
        problems.append(Problem("theme", "identity.field.unknown_choice"))
    if problems:
        raise Invalid("the profile does not fit", problems=problems)
    async with rt.act(session.person, "account.update", _mine(session)) as act:
        await act.db.execute(q.update_profile, mine.id, name, locale, theme, elder)
        act.record(
            before={"locale": mine.locale, "theme": mine.theme, "elder": mine.elder},
            after={"locale": locale, "theme": theme, "elder": elder, "renamed": name != mine.name},
        )
        act.emit(AccountChanged(account=mine.id, what="profile"))
    rt.part(Sessions).forget_account(mine.id)


async def own_links(rt: Runtime, session: Session) -> list[dict[str, Any]]:
    """The outside providers that this person may sign in with: key, titles, when linked."""
    async with rt.read(session.person) as db:
        return [dict(r) for r in await db.fetch(q.links_of, session.account.id)]
