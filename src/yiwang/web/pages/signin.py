"""Signing in and out: name and password, second factor."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.identity import SecondFactorNeeded, sign_in, sign_in_with_code, sign_out
from yiwang.kernel.identity.errors import TicketOver
from yiwang.web.http import Ctx, page, redirect, router, unset_session
from yiwang.web.pages.signin_common import (
    DUTY_PAGES,
    again,
    device,
    home_of,
    next_of,
    origin,
    session_token,
    signed_in,
)
from yiwang.web.pages.signin_oidc import providers_for_page

pages = router("web")


@pages.get("/signin")
async def show_sign_in(ctx: Ctx, next: str = "") -> Response:
    """The form; whoever is signed in already goes on."""
    if ctx.session is not None:
        duty = ctx.session.duty
        return redirect(ctx, DUTY_PAGES[duty] if duty else next_of(next) or home_of(ctx.session.account.kind))
    return page(
        ctx,
        "signin/signin.html",
        next=next_of(next),
        account="",
        wrong=None,
        providers=await providers_for_page(ctx),
    )


@pages.post("/signin")
async def do_sign_in(ctx: Ctx) -> Response:
    """Check name and password; go on to the code where one is needed."""
    form = await ctx.form()
    account, password = str(form.get("account", "")).strip(), str(form.get("password", ""))
    next_path = next_of(str(form.get("next", "")))
    try:
        done = await sign_in(
            ctx.rt, account, password, origin(ctx), device=device(ctx), old_token=session_token(ctx) or None
        )
    except YiwangError as error:
        providers = await providers_for_page(ctx)
        return again(ctx, "signin/signin.html", error, next=next_path, account=account, providers=providers)
    if isinstance(done, SecondFactorNeeded):
        return page(ctx, "signin/code.html", ticket=done.ticket, next=next_path, wrong=None)
    return signed_in(ctx, done, next_path)


@pages.get("/signin/totp")
async def lost_code_form(ctx: Ctx) -> Response:
    """The form for the code exists only after a password: begin there."""
    return redirect(ctx, "/signin")


@pages.post("/signin/totp")
async def do_code(ctx: Ctx) -> Response:
    """Check the code of the app, or a recovery code."""
    fields = await ctx.fields()
    next_path = next_of(fields.get("next"))
    ticket = fields.get("ticket", "")[:128]
    try:
        done = await sign_in_with_code(
            ctx.rt, ticket, fields.get("code", ""), origin(ctx), old_token=session_token(ctx) or None
        )
    except TicketOver as error:
        providers = await providers_for_page(ctx)
        return again(ctx, "signin/signin.html", error, next=next_path, account="", providers=providers)
    except YiwangError as error:
        return again(ctx, "signin/code.html", error, ticket=ticket, next=next_path)
    return signed_in(ctx, done, next_path)


@pages.post("/signout")
async def do_sign_out(ctx: Ctx) -> Response:
    """End this session, here and in the database."""
    await sign_out(ctx.rt, session_token(ctx))
    response = redirect(ctx, "/", say="signin.signed_out")
    unset_session(ctx, response)
    return response
