"""A forgotten password, and registering as a resident: both by a code that is sent."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.errors import Invalid, Problem, YiwangError
from yiwang.kernel.identity import begin_registration, finish_registration, forgot_password, reset_forgotten
from yiwang.kernel.identity.errors import TicketOver
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import again, next_of, origin, signed_in

pages = router("web")


def _same(password: str, repeat: str) -> None:
    if password != repeat:
        raise Invalid("the passwords differ", problems=[Problem("repeat", "identity.field.repeat_differs")])


@pages.get("/password/forgot")
async def show_forgot(ctx: Ctx) -> Response:
    """Ask for the account."""
    return page(ctx, "signin/forgot.html", account="", wrong=None)


@pages.post("/password/forgot")
async def do_forgot(ctx: Ctx) -> Response:
    """Send a code where there is somebody to send it to; say the same either way."""
    account = (await ctx.fields()).get("account", "")
    try:
        if not account:
            raise Invalid("nothing was typed", problems=[Problem("account", "identity.field.required")])
        ticket = await forgot_password(ctx.rt, account, origin(ctx), locale=ctx.locale)
    except YiwangError as error:
        return again(ctx, "signin/forgot.html", error, account=account)
    return page(ctx, "signin/reset.html", ticket=ticket, wrong=None)


@pages.post("/password/reset")
async def do_reset(ctx: Ctx) -> Response:
    """Set the new password with the code."""
    form = await ctx.form()
    ticket, code = str(form.get("ticket", ""))[:128], str(form.get("code", ""))[:20]
    new, repeat = str(form.get("new_password", "")), str(form.get("repeat", ""))
    try:
        _same(new, repeat)
        await reset_forgotten(ctx.rt, ticket, code, new)
    except TicketOver as error:
        return again(ctx, "signin/forgot.html", error, account="")
    except YiwangError as error:
        return again(ctx, "signin/reset.html", error, ticket=ticket)
    return redirect(ctx, "/signin", say="signin.password_changed")


@pages.get("/register")
async def show_register(ctx: Ctx, next: str = "") -> Response:
    """Ask for a phone number."""
    return page(ctx, "signin/register.html", contact="", next=next_of(next), wrong=None)


@pages.post("/register")
async def do_register(ctx: Ctx) -> Response:
    """Send a code to it."""
    fields = await ctx.fields()
    contact, next_path = fields.get("contact", ""), next_of(fields.get("next"))
    try:
        ticket = await begin_registration(ctx.rt, contact, origin(ctx), locale=ctx.locale)
    except YiwangError as error:
        return again(ctx, "signin/register.html", error, contact=contact, next=next_path)
    return page(ctx, "signin/register_code.html", ticket=ticket, name="", next=next_path, wrong=None)


@pages.post("/register/finish")
async def do_finish(ctx: Ctx) -> Response:
    """Make the account and sign in."""
    form = await ctx.form()
    ticket, code = str(form.get("ticket", ""))[:128], str(form.get("code", ""))[:20]
    name, password, repeat = (str(form.get(k, "")) for k in ("name", "new_password", "repeat"))
    next_path = next_of(str(form.get("next", "")))
    try:
        _same(password, repeat)
        done = await finish_registration(
            ctx.rt, ticket, code, name=name, password=password, origin=origin(ctx), locale=ctx.locale,
            elder=ctx.size == "elder",
        )  # fmt: skip
    except TicketOver as error:
        return again(ctx, "signin/register.html", error, contact="", next=next_path)
    except YiwangError as error:
        return again(ctx, "signin/register_code.html", error, ticket=ticket, name=name, next=next_path)
    return signed_in(ctx, done, next_path)
