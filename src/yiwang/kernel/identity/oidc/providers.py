"""The providers that an installation trusts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.model import Session
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource, read
from yiwang.messages.identity import AccountChanged

q = Queries.load("yiwang.kernel.identity")


@dataclass(frozen=True)
class Provider:
    """One trusted provider; `creates`: an unknown subject becomes a resident (staff are linked, never made)."""

    key: str
    title_zh: str
    title_en: str
    issuer: str
    client_id: str
    secret: bytes
    scopes: str
    kind: str
    creates: bool

    def __repr__(self) -> str:
        return f"Provider({self.key})"


async def list_providers(rt: Runtime) -> list[Provider]:
    """All that are enabled, for the buttons of the sign-in page."""
    async with read(rt, Actor.anonymous()) as db:
        return [Provider(**dict(r)) for r in await db.fetch(q.list_providers)]


async def find_provider(rt: Runtime, key: str) -> Provider:
    """The provider of a key; NotFound."""
    for provider in await list_providers(rt):
        if provider.key == key:
            return provider
    raise NotFound(f"there is no sign-in provider {key!r}")


async def put_provider(
    rt: Runtime,
    actor: Actor,
    *,
    key: str,
    title_zh: str,
    title_en: str,
    issuer: str,
    client_id: str,
    secret: str,
    kind: str,
    creates: bool = False,
    scopes: str = "openid profile",
) -> None:
    """Trust a provider, or change how. The issuer must be an https address (http only on this machine)."""
    parts = urlsplit(issuer)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not (parts.scheme == "https" or (parts.scheme == "http" and local)) or parts.query or parts.fragment:
        raise Invalid("the issuer must be an https address", problems=[Problem("issuer", "identity.field.issuer")])
    if creates and kind != "resident":
        raise Invalid("only residents are made", problems=[Problem("creates", "identity.field.creates_residents")])
    sealed = rt.part(Keys).box.seal("provider", secret.encode(), bound=key.encode())
    async with rt.act(actor, "provider.manage", Resource("provider", key)) as act:
        await act.db.execute(
            q.put_provider, key, title_zh, title_en, issuer.rstrip("/"), client_id, sealed, scopes, kind, creates
        )
        act.record(after={"issuer": issuer, "client_id": client_id, "kind": kind, "creates": creates})


async def disable_provider(rt: Runtime, actor: Actor, key: str) -> None:
    """Trust it no longer; links stay, for the day it is trusted again."""
    async with rt.act(actor, "provider.manage", Resource("provider", key)) as act:
        if not await act.db.execute(q.disable_provider, key):
            raise NotFound(f"there is no sign-in provider {key!r}")
        act.record(after={"enabled": False})


async def unlink(rt: Runtime, session: Session, provider: str) -> None:
    """Give up signing in with a provider. Refused while it is the only way in."""
    account = session.account.id
    async with rt.read_as_system() as db:
        row = await db.fetchrow(q.credential, None, None, account)
        links = await db.fetch(q.links_of, account)
    if row is None or (row["password"] is None and len(links) <= 1):
        raise Invalid("the only way to sign in", problems=[Problem("provider", "identity.field.last_way_in")])
    async with rt.act(session.person, "account.link", Resource("account", account, owner=account)) as act:
        if not await act.db.execute(q.drop_link, account, provider):
            raise NotFound("no such link of yours")
        act.record(before={"provider": provider})
        act.emit(AccountChanged(account=account, what="link"))
