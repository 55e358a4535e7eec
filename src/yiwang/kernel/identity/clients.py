"""Systems that call us: registration, secrets, and access tokens by OAuth 2.0 client credentials (RFC 6749 section
4.4).

Tokens are opaque, 256 bits, kept as SHA-256 and revocable; a JWT would outlive its revocation. A client's secret is
generated here
and has 256 bits too, so a fast hash of it is enough (argon2 is for what people choose).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.errors import Invalid, NotFound, Problem, YiwangError
from yiwang.kernel.identity.accounts import create_account
from yiwang.kernel.identity.guard import Mark, forgive, reserve, sign_in_marks
from yiwang.kernel.identity.standing import account_resource
from yiwang.kernel.identity.tokens import fingerprint, looks_like_token, new_token
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource, read
from yiwang.kit.ids import new_id
from yiwang.messages.identity import AccountChanged

q = Queries.load("yiwang.kernel.identity")
SECRET_OVERLAP = timedelta(days=7)
CACHE_S = 3.0
CACHE_SIZE = 10_000


class OAuthRefused(YiwangError):
    """An error of the token endpoint: `error` is the code of RFC 6749 section 5.2."""

    status = 400
    key = "identity.error.oauth_refused"

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = 401 if error == "invalid_client" else 400


class BearerRefused(YiwangError):
    """The access token is unknown, has expired or was revoked (RFC 6750: invalid_token)."""

    status = 401
    key = "identity.error.bearer_refused"
    www_authenticate = 'Bearer realm="yiwang", error="invalid_token"'


@dataclass(frozen=True)
class IssuedToken:
    """What the token endpoint answers; `expires_in` in seconds."""

    access_token: str
    expires_in: int
    scope: str


async def register_client(
    rt: Runtime,
    actor: Actor,
    *,
    client_id: str,
    name: str,
    org: int,
    scopes: tuple[str, ...],
    token_seconds: int = 1800,
) -> tuple[UUID, str]:
    """Register a system of an organisation: (its account, its secret, shown once). Invalid for an unknown scope."""
    await _check_scopes(rt, scopes)
    account = await create_account(rt, actor, kind="client", login=client_id, name=name, org=org)
    secret = new_token()
    async with rt.act(actor, "client.manage", _resource(rt, account, org)) as act:
        await act.db.execute(q.add_client, account, list(scopes), token_seconds)
        await act.db.execute(q.add_client_secret, new_id(), account, fingerprint(secret), act.now)
        act.record(after={"scopes": list(scopes), "token_seconds": token_seconds})
    return account, secret


async def rotate_secret(rt: Runtime, actor: Actor, account: UUID, *, at_once: bool = False) -> str:
    """A new secret, shown once. The old one works for another week, or with `at_once` not at all (it leaked)."""
    secret = new_token()
    async with rt.act(actor, "client.manage", await _client_resource(rt, account)) as act:
        if at_once:
            await act.db.execute(q.drop_secrets, account)
            await act.db.fetchval(q.revoke_tokens, account, None, act.now)
        else:
            await act.db.execute(q.retire_secrets, account, act.now + SECRET_OVERLAP)
        await act.db.execute(q.add_client_secret, new_id(), account, fingerprint(secret), act.now)
        act.record(note="secret rotated at once" if at_once else "secret rotated, the old one expires in a week")
    rt.part(Tokens).forget_all()
    return secret


async def set_scopes(rt: Runtime, actor: Actor, account: UUID, scopes: tuple[str, ...]) -> None:
    """Change what a system may ask for; its tokens are revoked, so that the change counts now."""
    await _check_scopes(rt, scopes)
    async with rt.act(actor, "client.manage", await _client_resource(rt, account)) as act:
        await act.db.execute(q.set_client_scopes, account, list(scopes))
        await _revoke_all(act, account)
        act.record(after={"scopes": list(scopes)})
        act.emit(AccountChanged(account=account, what="scopes"))
    rt.part(Tokens).forget_all()


async def revoke_client_tokens(rt: Runtime, actor: Actor, account: UUID) -> int:
    """Revoke every access token of a system; tells how many."""
    async with rt.act(actor, "client.manage", await _client_resource(rt, account)) as act:
        revoked = await _revoke_all(act, account)
        act.record(count=revoked, note="tokens revoked")
    rt.part(Tokens).forget_all()
    return revoked


async def _revoke_all(act: Act, account: UUID) -> int:
    return int(await act.db.fetchval(q.revoke_tokens, account, None, act.now))


async def list_clients(rt: Runtime, actor: Actor) -> list[dict[str, Any]]:
    """The registered systems."""
    async with rt.read(actor) as db:
        return [dict(r) for r in await db.fetch(q.list_clients)]


async def known_scopes(db: Conn) -> dict[str, str]:
    """Scope -> the role that it gives."""
    return {r["name"]: r["role"] for r in await db.fetch(q.known_scopes)}


async def _check_scopes(rt: Runtime, scopes: tuple[str, ...]) -> None:
    async with rt.read_as_system() as db:
        known = await known_scopes(db)
    wrong = [
        Problem(
            "scopes",
            "identity.field.unknown_scope",
            {"scope": s},
            text=f"unknown scope {s!r}; there are {sorted(known)}",
        )
        for s in scopes
        if s not in known
    ]
    if wrong or not scopes:
        raise Invalid("the scopes do not fit", problems=wrong or [Problem("scopes", "identity.field.required")])


def _resource(rt: Runtime, account: UUID, org: int | None) -> Resource:
    return account_resource(rt, account, "client", org)


async def _client_resource(rt: Runtime, account: UUID) -> Resource:
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.find_account, account)
    if row is None or row["kind"] != "client":
        raise NotFound(f"there is no system {account}")
    return _resource(rt, account, row["org"])


async def issue_token(rt: Runtime, client_id: str, secret: str, scope: str, *, address: str = "") -> IssuedToken:
    """The client credentials grant. Raises OAuthRefused (invalid_client, invalid_scope) or Throttled."""
    row, marks = await _authenticate(rt, client_id, secret, address)
    asked = scope.split() or list(row["scopes"])
    if not set(asked) <= set(row["scopes"]):
        raise OAuthRefused("invalid_scope", "the client may not ask for all of these scopes")
    token = new_token()
    async with rt.act(*_self(row), _own(row)) as act:
        until = act.now + timedelta(seconds=row["token_seconds"])
        await act.db.execute(q.add_token, fingerprint(token), row["account"], asked, act.now, until)
        await forgive(act.db, marks, act.now)
        act.record(after={"scopes": asked, "expires_at": until.isoformat()})
    return IssuedToken(token, row["token_seconds"], " ".join(asked))


async def revoke_token(rt: Runtime, client_id: str, secret: str, token: str, *, address: str = "") -> None:
    """A client gives back one of its tokens (RFC 7009); a token that is not its own stays as it is."""
    row, marks = await _authenticate(rt, client_id, secret, address)
    async with rt.act(*_self(row), _own(row)) as act:
        revoked = await act.db.fetchval(q.revoke_tokens, row["account"], fingerprint(token), act.now)
        await forgive(act.db, marks, act.now)
        act.record(count=revoked, note="token given back")
    rt.part(Tokens).forget_all()


async def _authenticate(rt: Runtime, client_id: str, secret: str, address: str) -> tuple[dict[str, Any], list[Mark]]:
    login = client_id.strip().casefold()[:64]
    marks = sign_in_marks(rt, login=f"client:{login}", account=None, address=address, device="")
    await reserve(rt, marks)
    async with read(rt, Actor.anonymous()) as db:
        row = await db.fetchrow(q.client_by, login, fingerprint(secret[:256]), rt.clock.now())
    if row is None or not row["right_secret"]:
        raise OAuthRefused("invalid_client", "unknown client or wrong secret")
    return dict(row), marks


def _self(row: dict[str, Any]) -> tuple[Actor, str]:
    return Actor("client", id=row["account"], name=row["name"]), "client.token"


def _own(row: dict[str, Any]) -> Resource:
    return Resource("account", row["account"], org=row["org"], owner=row["account"], attrs={"kind": "client"})


class Tokens:
    """A few seconds' memory of access tokens: `rt.part(Tokens)`."""

    def __init__(self, _rt: Runtime) -> None:
        self._entries: dict[bytes, tuple[Actor, datetime, float]] = {}

    def get(self, mark: bytes, now: datetime) -> Actor | None:
        """A fresh, unexpired entry."""
        entry = self._entries.get(mark)
        if entry is None or entry[2] < time.monotonic() or entry[1] <= now:
            self._entries.pop(mark, None)
            return None
        return entry[0]

    def put(self, mark: bytes, actor: Actor, until: datetime) -> None:
        """Remember what the database said."""
        if len(self._entries) >= CACHE_SIZE:
            self._entries.clear()
        self._entries[mark] = (actor, until, time.monotonic() + CACHE_S)

    def forget_all(self) -> None:
        """Drop everything."""
        self._entries.clear()


async def resolve_bearer(rt: Runtime, token: str) -> Actor:
    """The system behind an access token, acting for its organisation with the roles of its scopes.

    BearerRefused else.
    """
    if not looks_like_token(token):
        raise BearerRefused
    now = rt.clock.now()
    mark = fingerprint(token)
    cache = rt.part(Tokens)
    found = cache.get(mark, now)
    if found is not None:
        return found
    async with read(rt, Actor.anonymous()) as db:
        row = await db.fetchrow(q.token_of, mark, now)
    if row is None or not row["alive"]:
        raise BearerRefused
    orgs = (row["org"],) if row["org"] is not None else ()
    actor = Actor("client", id=row["account"], name=row["name"], orgs=orgs, roles=frozenset(row["roles"]))
    cache.put(mark, actor, row["expires_at"])
    return actor
