"""What the sign-in pages share: where a request comes from, errors as sentences beside the form, the cookies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from yiwang.kernel.errors import Unauthenticated, YiwangError
from yiwang.kernel.identity import Origin, Session, SignedIn
from yiwang.web import cookies
from yiwang.web.context import Context
from yiwang.web.http import page, redirect, set_session
from yiwang.web.prefs import local_path

DEVICE = "yw_device"
MONTH_S = 30 * 24 * 3600
#: Where a duty is done before the session counts.
DUTY_PAGES = {"password": "/account/password", "totp": "/account/totp"}


@dataclass(frozen=True)
class Told:
    """An error as the form shows it: a headline, a sentence, and one sentence per field."""

    title: str
    detail: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def told(ctx: Context, error: YiwangError) -> Told:
    """The sentences of an error in the reader's language."""
    strings = ctx.rt.strings
    key = error.key if strings.has(f"{error.key}.title") else "error.unexpected"
    parts = [ctx.t(f"{key}.{p}", **error.params) for p in ("detail", "next") if strings.has(f"{key}.{p}")]
    fields = {p.where: ctx.t(p.key, **p.params) for p in error.problems}
    return Told(ctx.t(f"{key}.title", **error.params), " ".join(parts), fields)


def again(ctx: Context, template: str, error: YiwangError, **context: Any) -> Response:
    """The same form once more, with what was typed and what is wrong with it."""
    return page(ctx, template, status=error.status, wrong=told(ctx, error), **context)


def origin(ctx: Context) -> Origin:
    """Address and browser of this request."""
    client = ctx.request.client
    return Origin(client.host if client else "", ctx.request.headers.get("user-agent", ""))


def session_token(ctx: Context) -> str:
    """The token of the session cookie, or an empty text."""
    return ctx.request.cookies.get(cookies.name(ctx.rt.settings, cookies.SESSION), "")


def device(ctx: Context) -> str:
    """The device token of this browser, or an empty text."""
    return ctx.request.cookies.get(cookies.name(ctx.rt.settings, DEVICE), "")[:300]


def need_session(ctx: Context) -> Session:
    """The session, also one with a duty left; Unauthenticated without."""
    if ctx.session is None:
        raise Unauthenticated("this page is for people who are signed in")
    return ctx.session


def next_of(value: str | None) -> str:
    """Where to go after signing in: an address of this site only, and not back to the sign-in pages."""
    path = local_path(value, "")
    return "" if path.startswith(("/signin", "/signout", "/register", "/password")) else path


def home_of(kind: str) -> str:
    """Where somebody starts."""
    return "/desk" if kind == "staff" else "/"


def signed_in(ctx: Context, done: SignedIn, next_path: str) -> Response:
    """After a right sign-in: cookies, then the duty that is left or the page that was wanted."""
    to = DUTY_PAGES[done.duty] if done.duty else next_path or home_of(done.account.kind)
    response = redirect(ctx, to)
    set_session(ctx, response, done.token, MONTH_S if done.account.kind == "resident" else None)
    cookies.put(response, ctx.rt.settings, DEVICE, done.device, cookies.YEAR)
    return response


def rotated(ctx: Context, session: Session, response: Response, token: str) -> Response:
    """The session got a new token: the cookie follows."""
    set_session(ctx, response, token, MONTH_S if session.account.kind == "resident" else None)
    return response
