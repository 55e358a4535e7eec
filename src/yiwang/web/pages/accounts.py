"""Accounts of staff and the systems that call us, for the administrators who look after them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.errors import NotFound, Refused, YiwangError
from yiwang.kernel.identity import (
    create_account,
    disable_account,
    enable_account,
    list_accounts,
    reset_password,
    reset_totp,
)
from yiwang.kernel.identity.accounts import account_facts
from yiwang.kernel.identity.clients import list_clients, revoke_client_tokens, rotate_secret
from yiwang.kernel.identity.standing import account_resource
from yiwang.kernel.identity.tokens import new_password
from yiwang.kernel.orgs import Directory, Org, UnknownOrg
from yiwang.kernel.write import Resource
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import told

pages = router("web")
PAGE = 50
#: What may be offered for one account, and the action that each needs.
OFFERS = {
    "disable": "account.disable",
    "enable": "account.enable",
    "reset-password": "account.reset_password",
    "reset-totp": "account.reset_totp",
    "rotate": "client.manage",
    "revoke-tokens": "client.manage",
}


def _list_resource(ctx: Context) -> Resource:
    """The accounts of one's own organisation: whoever may read those may open the list."""
    org = ctx.actor.orgs[0] if ctx.actor.orgs else None
    return account_resource(ctx.rt, ctx.actor.id or UUID(int=0), "staff", org)


@pages.get("/accounts")
async def accounts(ctx: Ctx, q: str = "", start: int = 0) -> Response:
    """Staff and systems by sign-in name or name; residents are never listed."""
    ctx.need_staff()
    await ctx.must("account.read", _list_resource(ctx))
    directory = await ctx.rt.part(Directory).fresh()
    start = min(max(start, 0), 1_000_000)
    rows = await list_accounts(ctx.rt, ctx.actor, text=q.strip()[:64], limit=PAGE + 1, offset=start)
    for row in rows:
        org = directory.find_org(row["org"]) if row["org"] is not None else None
        row["org_name"] = org.name(ctx.locale) if org else ""
        row["posts"] = [f"{held.org.name(ctx.locale)} · {held.post.title(ctx.locale)}"
                        for held in directory.posts_of(row["id"], ctx.now)]  # fmt: skip
    return page(
        ctx, "accounts/list.html", rows=rows[:PAGE], text=q.strip()[:64],
        may_create=await ctx.may("account.create", _list_resource(ctx)),
        next_at=start + PAGE if len(rows) > PAGE else None, previous_at=max(start - PAGE, 0) if start else None,
    )  # fmt: skip


@pages.get("/accounts/new")
async def new(ctx: Ctx) -> Response:
    """The form for a colleague's account."""
    ctx.need_staff()
    await ctx.must("account.create", _list_resource(ctx))
    return page(ctx, "accounts/new.html", fields={}, wrong=None)


@pages.post("/accounts/new")
async def create(ctx: Ctx) -> Response:
    """Make it; its first password is shown this once, and must be changed at the first sign-in."""
    ctx.need_staff()
    fields = await ctx.fields()
    password = new_password()
    try:
        account = await create_account(
            ctx.rt, ctx.actor, kind="staff", login=fields.get("login", ""), name=fields.get("name", ""),
            org=(await _org_of(ctx, fields.get("org", ""))).id, phone=fields.get("phone") or None,
            email=fields.get("email") or None, password=password, must_change=True,
            locale="en" if fields.get("locale") == "en" else "zh",
        )  # fmt: skip
    except Refused:
        raise
    except YiwangError as error:
        return page(ctx, "accounts/new.html", status=error.status, fields=fields, wrong=told(ctx, error))
    return await _shown(ctx, account, secret=password)


async def _org_of(ctx: Context, code: str) -> Org:
    directory = await ctx.rt.part(Directory).fresh()
    found = directory.find_org(code[:60])
    if found is None:
        raise UnknownOrg(f"there is no organisation {code!r}", org=code[:60])
    return found


@pages.get("/accounts/{account:uuid}")
async def account(ctx: Ctx, account: UUID) -> Response:
    """One account: its state, its posts, what may be done about it."""
    ctx.need_staff()
    return await _shown(ctx, account)


@pages.post("/accounts/{account:uuid}/{verb}")
async def change(ctx: Ctx, account: UUID, verb: str) -> Response:
    """Stop it, let it in again, give a new password or secret, drop a lost second factor."""
    ctx.need_staff()
    work = _VERBS.get(verb)
    if work is None:
        raise NotFound(f"an account has no {verb!r}")
    secret = await work(ctx, account)
    if secret:
        return await _shown(ctx, account, secret=secret)
    return redirect(ctx, f"/accounts/{account}", say=f"web.accounts.done.{verb}")


async def _shown(ctx: Context, account: UUID, *, secret: str = "") -> Response:
    row = await account_facts(ctx.rt, ctx.actor, account)
    resource = account_resource(ctx.rt, account, row["kind"], row["org"])
    await ctx.must("account.read", resource)
    directory = await ctx.rt.part(Directory).fresh()
    systems = [one for one in await list_clients(ctx.rt, ctx.actor) if one["id"] == account]
    return page(
        ctx, "accounts/account.html", account=row, secret=secret, held=directory.posts_of(account, ctx.now),
        org=directory.find_org(row["org"]) if row["org"] is not None else None,
        may={verb: await ctx.may(action, resource) for verb, action in OFFERS.items()},
        scopes=list(systems[0]["scopes"]) if systems else [], mine=account == ctx.actor.id,
    )  # fmt: skip


async def _disable(ctx: Context, account: UUID) -> None:
    await disable_account(ctx.rt, ctx.actor, account)


async def _enable(ctx: Context, account: UUID) -> None:
    await enable_account(ctx.rt, ctx.actor, account)


async def _reset_password(ctx: Context, account: UUID) -> str:
    return await reset_password(ctx.rt, ctx.actor, account)


async def _reset_totp(ctx: Context, account: UUID) -> None:
    await reset_totp(ctx.rt, ctx.actor, account)


async def _rotate(ctx: Context, account: UUID) -> str:
    return await rotate_secret(ctx.rt, ctx.actor, account)


async def _revoke_tokens(ctx: Context, account: UUID) -> None:
    await revoke_client_tokens(ctx.rt, ctx.actor, account)


_VERBS: dict[str, Callable[[Context, UUID], Awaitable[str | None]]] = {
    "disable": _disable,
    "enable": _enable,
    "reset-password": _reset_password,
    "reset-totp": _reset_totp,
    "rotate": _rotate,
    "revoke-tokens": _revoke_tokens,
}
