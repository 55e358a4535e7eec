"""The authorization code flow with PKCE (RFC 7636), state and nonce: OpenID Connect Core 1.0 section 3.1."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Conflict
from yiwang.kernel.identity.credentials import credential_of
from yiwang.kernel.identity.errors import NotLinked, ProviderFailed, TicketOver
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.model import Origin, Session, SignedIn
from yiwang.kernel.identity.oidc.discovery import Discovery, fetch_json
from yiwang.kernel.identity.oidc.providers import Provider
from yiwang.kernel.identity.signin import open_session
from yiwang.kernel.identity.tickets import OIDC, issue_ticket, try_ticket, use_ticket
from yiwang.kernel.identity.tokens import new_token
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource, unit
from yiwang.kit.ids import new_id
from yiwang.messages.identity import AccountChanged, AccountCreated

q = Queries.load("yiwang.kernel.identity")
#: Asymmetric only: with HS256 a public client secret would sign for everybody, `none` signs nothing.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY_S = 60


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and the state that has to stay in its cookie until it comes back."""

    url: str
    state: str


@dataclass(frozen=True)
class Finished:
    """Back from the provider: a sign-in, or (for somebody signed in) a new link; and where they wanted to go."""

    signed_in: SignedIn | None
    next: str


async def begin(
    rt: Runtime, provider: Provider, redirect_uri: str, *, next_path: str = "", link_to: UUID | None = None
) -> Begun:
    """Start at a provider; `link_to` links it to an account that is signed in instead of signing in."""
    metadata = await rt.part(Discovery).metadata(provider.issuer)
    verifier, nonce = new_token(), new_token()
    data = {
        "provider": provider.key, "verifier": verifier, "nonce": nonce, "redirect_uri": redirect_uri,
        "next": next_path, "link": str(link_to) if link_to else "",
    }  # fmt: skip
    state = await issue_ticket(rt, OIDC, account=link_to, data=data)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = urlencode(
        {
            "response_type": "code", "client_id": provider.client_id, "redirect_uri": redirect_uri,
            "scope": provider.scopes, "state": state, "nonce": nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }
    )  # fmt: skip
    joint = "&" if "?" in metadata["authorization_endpoint"] else "?"
    return Begun(f"{metadata['authorization_endpoint']}{joint}{query}", state)


async def finish(
    rt: Runtime,
    provider: Provider,
    *,
    code: str,
    state: str,
    cookie_state: str,
    origin: Origin,
    session: Session | None = None,
    issuer: str | None = None,
    locale: str = "zh",
) -> Finished:
    """Handle the way back. TicketOver when it is not the browser that began; ProviderFailed, NotLinked, Conflict.

    `issuer` is the `iss` of the answer (RFC 9207), compared when the provider sends it.
    """
    if not state or not hmac.compare_digest(state.encode(), cookie_state.encode()):
        raise TicketOver
    if issuer is not None and issuer.rstrip("/") != provider.issuer:
        raise ProviderFailed("the answer names another issuer")
    data = await _redeem(rt, state)
    if data.get("provider") != provider.key:
        raise TicketOver
    claims = await _claims(rt, provider, code, data)
    subject = str(claims["sub"])
    if data["link"]:
        if session is None or str(session.account.id) != data["link"]:
            raise TicketOver
        await _link(rt, provider, subject, session)
        return Finished(None, data["next"] or "/account")
    account = await _account_of(rt, provider, subject, claims, locale)
    async with rt.read_as_system() as db:
        who = await credential_of(db, account)
    if not who.active:
        raise NotLinked
    return Finished(await open_session(rt, who, "oidc", origin), data["next"])


async def _redeem(rt: Runtime, state: str) -> dict[str, Any]:
    async with unit(rt, Actor.anonymous()) as work:
        work.bookkeeping()
        ticket = await try_ticket(work.db, rt, state, OIDC, work.now)
        if ticket is None or not await use_ticket(work.db, state, work.now):
            raise TicketOver
    return ticket.data


async def _claims(rt: Runtime, provider: Provider, code: str, data: dict[str, Any]) -> dict[str, Any]:
    """Exchange the code and check the ID token (Core section 3.1.3.7)."""
    metadata = await rt.part(Discovery).metadata(provider.issuer)
    secret = rt.part(Keys).box.open("provider", provider.secret, bound=provider.key.encode()).decode()
    answer = await fetch_json(
        "POST",
        metadata["token_endpoint"],
        data={
            "grant_type": "authorization_code", "code": code, "redirect_uri": data["redirect_uri"],
            "code_verifier": data["verifier"], "client_id": provider.client_id, "client_secret": secret,
        },
    )  # fmt: skip
    raw = answer.get("id_token")
    if not isinstance(raw, str):
        raise ProviderFailed("the token answer holds no ID token")
    return await check_id_token(rt, provider, raw, nonce=data["nonce"])


async def check_id_token(rt: Runtime, provider: Provider, raw: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that is signed by the provider, for us, now, and for this sign-in; ProviderFailed
    else.
    """
    try:
        kid = jws.extract_compact(raw.encode()).headers().get("kid")
        keys = await rt.part(Discovery).keys(provider.issuer, kid)
        token = jwt.decode(raw, keys, algorithms=ALGORITHMS)
        now = int(rt.clock.now().timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY_S,
            iss={"essential": True, "values": [provider.issuer, provider.issuer + "/"]},
            sub={"essential": True},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
        )
        registry.validate(token.claims)
    except (JoseError, ValueError) as error:
        raise ProviderFailed(f"the ID token of {provider.key} is refused: {type(error).__name__} {error}") from error
    claims = dict(token.claims)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise ProviderFailed(f"the ID token of {provider.key} was made for another party")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ProviderFailed(f"the ID token of {provider.key} answers another sign-in")
    return claims


async def _account_of(rt: Runtime, provider: Provider, subject: str, claims: dict[str, Any], locale: str) -> UUID:
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.linked_account, provider.key, subject)
    if row is not None:
        if row["kind"] != provider.kind:
            raise NotLinked
        account: UUID = row["account"]
        return account
    if not provider.creates:
        raise NotLinked
    # Never matched by mail or phone: whoever controls a provider's claims could take over an account here.
    name = str(claims.get("name") or claims.get("preferred_username") or provider.title_zh).strip()[:80]
    account = new_id()
    actor = Actor("resident", id=account, name=name, locale=locale)
    async with rt.act(actor, "account.register", Resource("account", account, owner=account)) as act:
        login = f"r-{account.hex}"
        await act.db.execute(q.add_account, account, "resident", login, name, None, locale, False, False, act.now)
        await act.db.execute(q.add_link, provider.key, subject, account, act.now)
        act.record(after={"provider": provider.key})
        act.emit(AccountCreated(account=account, kind="resident", org=None))
    return account


async def _link(rt: Runtime, provider: Provider, subject: str, session: Session) -> None:
    if session.account.kind != provider.kind:
        raise NotLinked
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.linked_account, provider.key, subject)
    account = session.account.id
    if row is not None:
        if row["account"] == account:
            return
        raise Conflict("the identity is linked to another account", key="identity.error.linked_elsewhere")
    async with rt.act(session.person, "account.link", Resource("account", account, owner=account)) as act:
        await act.db.execute(q.add_link, provider.key, subject, account, act.now)
        act.record(after={"provider": provider.key})
        act.emit(AccountChanged(account=account, what="link"))
