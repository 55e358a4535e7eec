"""One's own account: profile, password, second factor, where one is signed in, the acting post."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.errors import Invalid, Problem, YiwangError
from yiwang.kernel.identity import (
    Session,
    SessionSummary,
    begin_totp,
    change_password,
    confirm_totp,
    drop_totp,
    end_other_sessions,
    end_own_session,
    masked_contacts,
    own_links,
    own_sessions,
    totp_state,
    update_profile,
)
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import (
    DUTY_PAGES,
    Told,
    again,
    home_of,
    need_session,
    rotated,
    session_token,
    told,
)
from yiwang.web.pages.signin_oidc import linkable_providers
from yiwang.web.prefs import COOKIE

pages = router("web")
_BROWSERS = (
    ("MicroMessenger", "微信 WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Browser and system as a person knows them, from a User-Agent; empty when it tells nothing we know."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name)


@dataclass(frozen=True)
class _Place:
    """A session as the page lists it."""

    session: SessionSummary
    browser: str

    def __getattr__(self, name: str) -> object:
        return getattr(self.session, name)


async def _account_page(ctx: Context, session: Session, *, wrong: Told | None = None, status: int = 200) -> Response:
    links = await own_links(ctx.rt, session)
    return page(
        ctx,
        "signin/account.html",
        status=status,
        session=session,
        sessions=[_Place(one, browser_name(one.agent)) for one in await own_sessions(ctx.rt, session)],
        factor=await totp_state(ctx.rt, session),
        contacts=await masked_contacts(ctx.rt, session.person, session.account.id),
        links=links,
        linkable=await linkable_providers(ctx, session.account.kind, {one["provider"] for one in links}),
        wrong=wrong,
    )


@pages.get("/account")
async def show_account(ctx: Ctx) -> Response:
    """Everything of one's own on one page."""
    session = need_session(ctx)
    if session.duty:
        return redirect(ctx, DUTY_PAGES[session.duty])
    return await _account_page(ctx, session)


@pages.post("/account/profile")
async def do_profile(ctx: Ctx) -> Response:
    """Name (residents), language, theme, elder mode."""
    session = need_session(ctx)
    fields = await ctx.fields()
    try:
        await update_profile(
            ctx.rt, session, name=fields.get("name", session.account.name), locale=fields.get("locale", ""),
            theme=fields.get("theme", ""), elder=fields.get("elder") == "on",
        )  # fmt: skip
    except YiwangError as error:
        return await _account_page(ctx, session, wrong=told(ctx, error), status=error.status)
    response = redirect(ctx, "/account", say="signin.saved")
    # What the account says now should show at once: an older choice in this browser must not hide it.
    response.delete_cookie(COOKIE, path="/")
    return response


@pages.get("/account/password")
async def show_password(ctx: Ctx) -> Response:
    """The form; it says so when the change is demanded."""
    return page(ctx, "signin/password.html", session=need_session(ctx), wrong=None)


@pages.post("/account/password")
async def do_password(ctx: Ctx) -> Response:
    """Change it; every other session ends."""
    session = need_session(ctx)
    form = await ctx.form()
    old, new, repeat = (str(form.get(k, "")) for k in ("password", "new_password", "repeat"))
    try:
        if new != repeat:
            raise Invalid("the passwords differ", problems=[Problem("repeat", "identity.field.repeat_differs")])
        token = await change_password(ctx.rt, session, session_token(ctx), old, new)
    except YiwangError as error:
        return again(ctx, "signin/password.html", error, session=session)
    to = home_of(session.account.kind) if session.duty else "/account"
    return rotated(ctx, session, redirect(ctx, to, say="signin.password_changed"), token)


@pages.get("/account/totp")
async def show_totp(ctx: Ctx) -> Response:
    """The QR code to enrol, or the state of what is enrolled."""
    session = need_session(ctx)
    if session.duty == "password":
        return redirect(ctx, DUTY_PAGES["password"])
    state = await totp_state(ctx.rt, session)
    if state["enrolled"]:
        return page(ctx, "signin/totp_state.html", session=session, factor=state, wrong=None)
    enrolment = await begin_totp(ctx.rt, session, issuer=ctx.t("signin.issuer"))
    return page(ctx, "signin/totp.html", session=session, enrolment=enrolment, wrong=None)


@pages.post("/account/totp")
async def do_totp(ctx: Ctx) -> Response:
    """Confirm with a first code; the recovery codes are shown this once."""
    session = need_session(ctx)
    code = (await ctx.fields()).get("code", "")
    try:
        token, codes = await confirm_totp(ctx.rt, session, session_token(ctx), code)
    except YiwangError as error:
        enrolment = await begin_totp(ctx.rt, session, issuer=ctx.t("signin.issuer"))
        return again(ctx, "signin/totp.html", error, session=session, enrolment=enrolment)
    shown = page(ctx, "signin/recovery.html", session=session, codes=codes, to=home_of(session.account.kind))
    return rotated(ctx, session, shown, token)


@pages.post("/account/totp/drop")
async def do_drop_totp(ctx: Ctx) -> Response:
    """Give it up, with the password."""
    session = need_session(ctx)
    password = str((await ctx.form()).get("password", ""))
    try:
        token = await drop_totp(ctx.rt, session, session_token(ctx), password)
    except YiwangError as error:
        state = await totp_state(ctx.rt, session)
        return again(ctx, "signin/totp_state.html", error, session=session, factor=state)
    return rotated(ctx, session, redirect(ctx, "/account", say="signin.totp_dropped"), token)


@pages.post("/account/sessions/others/end")
async def do_end_others(ctx: Ctx) -> Response:
    """Sign out everywhere but here."""
    ended = await end_other_sessions(ctx.rt, need_session(ctx))
    return redirect(ctx, "/account", say="signin.others_ended", count=ended)


@pages.post("/account/sessions/{session_id}/end")
async def do_end_session(ctx: Ctx, session_id: UUID) -> Response:
    """Sign out one browser."""
    await end_own_session(ctx.rt, need_session(ctx), session_id)
    return redirect(ctx, "/account", say="signin.session_ended")
