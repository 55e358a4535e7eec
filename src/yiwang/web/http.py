"""The shell's public face: ``Ctx`` for routes, ``page``, ``fragment`` and ``redirect`` to answer.

    from yiwang.web.http import Ctx, page, redirect, router

    pages = router("work")

    @pages.get("/work/inbox")
    async def inbox(ctx: Ctx) -> Response:
        ctx.need_staff()
        async with ctx.rt.read(ctx.actor) as db:
            rows = await db.fetch(q.inbox, ...)
        return page(ctx, "work/inbox.html", rows=rows)

Sessions, CSRF and errors are dealt with before and around a route; see README.md in this folder.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from yiwang.kernel.errors import Unauthenticated
from yiwang.kernel.identity import csrf_right, resolve_session, visit_csrf_right
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor
from yiwang.web import cookies
from yiwang.web.context import Context, current
from yiwang.web.errors import FormExpired
from yiwang.web.nav import Menus
from yiwang.web.prefs import COOKIE, Prefs, preferred_language
from yiwang.web.render import fragment, page, redirect

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
__all__ = [
    "Context", "Ctx", "api_router", "fragment", "identify", "need_staff", "page", "redirect", "router", "set_session",
    "sign_in_address", "unset_session",
]  # fmt: skip


async def _context(request: Request) -> Context:
    """Who asks: by session cookie, by bearer token, or nobody. A changing request must carry the CSRF token."""
    rt: Runtime = request.app.state.rt
    ctx = await identify(request, rt)
    request.state.context = ctx
    if request.method not in SAFE and not ctx.bearer:
        await _check_csrf(ctx)
    current.set(ctx)
    return ctx


async def identify(request: Request, rt: Runtime) -> Context:
    """The context of a request, without any check."""
    prefs = Prefs.read(request.cookies.get(COOKIE))
    request_id = str(request.scope.get("yw.request_id", ""))
    language = prefs.language or preferred_language(request.headers.get("accept-language"))
    authorization = request.headers.get("authorization", "")
    if authorization[:7].lower() == "bearer ":
        from yiwang.kernel.identity import resolve_bearer

        actor = await resolve_bearer(rt, authorization[7:].strip())
        return Context(request, rt, _on_request(actor, language, request_id), prefs=prefs, bearer=True)
    token = request.cookies.get(cookies.name(rt.settings, cookies.SESSION))
    session = await resolve_session(rt, token) if token else None
    if session is None:
        return Context(request, rt, Actor.anonymous(language, request_id), prefs=prefs)
    ctx = Context(request, rt, session.actor, session=session, prefs=prefs)
    ctx.actor = _on_request(session.actor, ctx.locale, request_id)
    if ctx.is_staff and request.headers.get("hx-request") != "true":
        ctx.menu = await rt.part(Menus).of(session.actor)
    return ctx


def _on_request(actor: Actor, locale: str, request_id: str) -> Actor:
    return replace(actor, locale=locale, request_id=request_id)


async def _check_csrf(ctx: Context) -> None:
    """Compare the token of the header or the form with the session's (or the visit's); keeps what was typed."""
    request = ctx.request
    given = request.headers.get("x-csrf-token", "")
    kind = request.headers.get("content-type", "")
    if not given and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        given = str((await ctx.form()).get("_csrf", ""))
    if ctx.session is not None:
        right = csrf_right(ctx.session, given)
    else:
        right = visit_csrf_right(ctx.rt, request.cookies.get(cookies.name(ctx.rt.settings, cookies.VISIT)), given)
    if right:
        return
    lost = ctx.session is None and bool(request.cookies.get(cookies.name(ctx.rt.settings, cookies.SESSION)))
    raise FormExpired(signed_out=lost)


Ctx = Annotated[Context, Depends(_context)]


def router(room: str) -> APIRouter:
    """A router for pages: hidden from the API description, and every route behind session and CSRF checks."""
    return APIRouter(
        tags=[room], include_in_schema=False, dependencies=[Depends(_context)], default_response_class=HTMLResponse
    )


def api_router(room: str) -> APIRouter:
    """A router for JSON: described in OpenAPI, behind the same checks (a bearer token needs no CSRF token)."""
    return APIRouter(tags=[room], dependencies=[Depends(_context)])


def set_session(ctx: Context, response: Response, token: str, max_age: int | None = None) -> None:
    """Called by the sign-in pages: keep the session's token in its cookie."""
    cookies.put(response, ctx.rt.settings, cookies.SESSION, token, max_age)


def unset_session(ctx: Context, response: Response) -> None:
    """Called by the sign-out page."""
    cookies.drop(response, ctx.rt.settings, cookies.SESSION)


def sign_in_address(ctx: Context) -> str:
    """Where to sign in, coming back to this page."""
    return f"/signin?next={quote(ctx.path if ctx.request.method in SAFE else '/')}"


def need_staff(ctx: Ctx) -> Context:
    """As a dependency: only staff."""
    if not ctx.is_staff:
        raise Unauthenticated("this page is for staff")
    return ctx
