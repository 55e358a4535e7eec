"""Errors as answers: RFC 9457 problem details for programs, a page that says what to do next for people.

Neither ever shows a stack trace, a class name or a string key; those go to the log beside the request id.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from yiwang.kernel.errors import Invalid, NotFound, Refused, Unauthenticated, YiwangError
from yiwang.kernel.identity import ended_session_owner, keep_form
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor
from yiwang.web import cookies
from yiwang.web.context import Context
from yiwang.web.errors import FormExpired
from yiwang.web.fields import fields_of
from yiwang.web.prefs import COOKIE, Prefs, local_path, preferred_language
from yiwang.web.render import page

log = logging.getLogger(__name__)
LEFT_OUT = frozenset({"code", "ticket", "token", "repeat"})
_OF_STATUS = {
    404: "error.not_found",
    405: "error.method",
    413: "error.too_large",
    422: "error.invalid",
    400: "error.invalid",
}


@dataclass(frozen=True)
class Answer:
    """What is told about an error, in one language."""

    status: int
    key: str
    title: str
    detail: str
    next: str
    problems: list[dict[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    refusal: str | None = None


async def answer(request: Request, error: Exception) -> Response:
    """The response for an exception; logs what people are not shown."""
    if isinstance(error, ClientDisconnect):
        return Response(status_code=499)
    ctx = _context_of(request)
    known = _known(error, with_fields=not wants_page(request))
    _log(request, known, error)
    told = _tell(ctx, known)
    headers = dict(getattr(error, "headers", None) or {})
    wait = known.params.get("retry_after") or getattr(known, "retry_after", None)
    if wait:
        headers["Retry-After"] = str(wait)
    headers["Cache-Control"] = "no-store"
    try:
        response = await _response(ctx, known, told)
    except Exception:  # the page itself failed: say the same in plain words
        log.exception("the error page failed", extra={"request_id": ctx.request_id})
        response = Response(
            f"{told.title}\n{told.detail}\n{told.next}\n{ctx.request_id}\n", told.status, media_type="text/plain"
        )
    for name, value in headers.items():
        response.headers.setdefault(name, value) if name != "Cache-Control" else response.headers.update({name: value})
    return response


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, and not a program."""
    if request.url.path.startswith("/api/") or request.headers.get("content-type", "").startswith("application/json"):
        return False
    return "text/html" in request.headers.get("accept", "") or request.headers.get("hx-request") == "true"


def _context_of(request: Request) -> Context:
    known = getattr(request.state, "context", None)
    if isinstance(known, Context):
        return known
    # Raised before or while the session was looked up: answer as to a stranger, without the database.
    rt: Runtime = request.app.state.rt
    prefs = Prefs.read(request.cookies.get(COOKIE))
    language = prefs.language or preferred_language(request.headers.get("accept-language"))
    return Context(request, rt, Actor.anonymous(language, str(request.scope.get("yw.request_id", ""))), prefs=prefs)


def _known(error: Exception, *, with_fields: bool = False) -> YiwangError:
    if isinstance(error, YiwangError):
        return error
    if isinstance(error, RequestValidationError):
        problems = fields_of(error) if with_fields else []
        return _bad_address(error) or Invalid(
            f"{len(error.errors())} values of the request are wrong", problems=problems
        )
    if isinstance(error, HTTPException):
        found = YiwangError(str(error.detail), key=_OF_STATUS.get(error.status_code, "error.unexpected"))
        found.status = error.status_code
        return found
    return YiwangError("unexpected")


def _bad_address(error: RequestValidationError) -> YiwangError | None:
    """A malformed id in a path names nothing that exists."""
    return NotFound("no such address") if any("path" in item.get("loc", ()) for item in error.errors()) else None


def _log(request: Request, known: YiwangError, error: Exception) -> None:
    extra = {
        "request_id": request.scope.get("yw.request_id"), "method": request.method, "path": request.url.path,
        "status": known.status, "error": type(error).__name__,
    }  # fmt: skip
    if known.status >= 500:
        log.error("request failed: %s", error, extra=extra, exc_info=error)
    else:
        log.info("request refused: %s", error, extra=extra)


def _tell(ctx: Context, error: YiwangError) -> Answer:
    strings, params = ctx.rt.strings, {"request_id": ctx.request_id, **error.params}
    key = error.key if strings.has(f"{error.key}.title") else _inherited_key(ctx, error)

    def say(part: str) -> str:
        return ctx.t(f"{key}.{part}", **params) if strings.has(f"{key}.{part}") else ""

    problems = [
        {"where": p.where, "detail": ctx.t(p.key, **p.params) if strings.has(p.key) else "", "rule": p.rule or ""}
        for p in error.problems
    ]
    reasons, refusal = [], None
    if isinstance(error, Refused) and error.decision is not None:
        titles = [ctx.pick({"zh": r.title_zh, "en": r.title_en}) for r in error.decision.reasons]
        reasons = [title for title in titles if title]
        refusal = str(error.decision.refusal_id) if error.decision.refusal_id else None
    return Answer(error.status, key, say("title"), say("detail"), say("next"), problems, reasons, refusal)


def _inherited_key(ctx: Context, error: YiwangError) -> str:
    """A class without sentences of its own speaks with those of its nearest ancestor."""
    for kind in type(error).__mro__:
        key = kind.__dict__.get("key")
        if key and ctx.rt.strings.has(f"{key}.title"):
            return str(key)
    return "error.unexpected"


async def _response(ctx: Context, error: YiwangError, told: Answer) -> Response:
    request = ctx.request
    if not wants_page(request):
        return _problem_details(ctx, told)
    stranger = ctx.actor.kind == "anonymous"
    if ctx.is_htmx:
        if isinstance(error, Unauthenticated):
            return Response(status_code=401, headers={"HX-Redirect": f"/signin?next={quote(_came_from(request))}"})
        response: Response = page(ctx, "errors/fragment.html", status=told.status, told=told)
        response.headers.update({"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"})
        return response
    if isinstance(error, FormExpired):
        return await _keep_typed(ctx, told)
    if isinstance(error, Unauthenticated) and request.method in {"GET", "HEAD"} and stranger:
        return RedirectResponse(f"/signin?next={quote(ctx.path)}", 303)
    shown = await _typed(ctx)
    return page(ctx, "errors/page.html", status=told.status, told=told, stranger=stranger, shown=shown)


def _came_from(request: Request) -> str:
    parts = urlsplit(request.headers.get("hx-current-url", ""))
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def _problem_details(ctx: Context, told: Answer) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:yiwang:{told.key.replace('.', ':')}", "title": told.title, "status": told.status,
        "detail": " ".join(part for part in (told.detail, told.next) if part), "instance": ctx.request.url.path,
        "request_id": ctx.request_id,
    }  # fmt: skip
    if told.problems:
        body["errors"] = told.problems
    if told.reasons:
        body["reasons"] = told.reasons
    if told.refusal:
        body["refusal"] = told.refusal
    return JSONResponse(body, told.status, media_type="application/problem+json")


async def _typed(ctx: Context) -> list[str]:
    """What somebody had typed into a form that was refused, to copy it from the page; nothing of a sign-in."""
    if ctx.request.method in {"GET", "HEAD"} or getattr(ctx.request, "_form", None) is None:
        return []
    pairs = [(k, v) for k, v in (await ctx.form()).multi_items() if isinstance(v, str)]
    if any(k in LEFT_OUT or "password" in k for k, _ in pairs):
        return []
    return [text for text in visible_text(pairs) if not text.isascii() or " " in text]


async def _keep_typed(ctx: Context, told: Answer) -> Response:
    """A form came after its session: keep the text over the sign-in, or ask to send it again with a fresh token.

    Cross-site posts never get here (the middleware refused them), so what is kept was typed in this browser.
    """
    form = await ctx.form()
    pairs = [(k, v) for k, v in form.multi_items() if isinstance(v, str) and k != "_csrf"]
    files = sum(1 for _, v in form.multi_items() if not isinstance(v, str) and v.filename)
    action = ctx.request.url.path
    if any(k in LEFT_OUT or "password" in k for k, _ in pairs):
        pairs = []
    old = ctx.request.cookies.get(cookies.name(ctx.rt.settings, cookies.SESSION))
    ended = bool(old) and ctx.session is None
    if ended and pairs and not files:
        token = await _keep(ctx.rt, old, action, pairs)
        if token:
            response: Response = RedirectResponse(
                f"/signin?next={quote('/kept?to=' + quote(action, safe=''), safe='/')}", 303
            )
            cookies.put(response, ctx.rt.settings, cookies.KEPT, token, 1800)
            cookies.put(response, ctx.rt.settings, cookies.FLASH, cookies.pack("web.kept_flash", "info", {}), 60)
            return response
    return page(
        ctx, "errors/kept.html", status=told.status, told=told, pairs=pairs, shown=visible_text(pairs), files=files,
        ended=ended, action=action, multipart=bool(files),
    )  # fmt: skip


async def _keep(rt: Runtime, old: str | None, action: str, pairs: list[tuple[str, str]]) -> str | None:
    """The cookie's token for a kept form; None when it cannot be kept (too large, database away)."""
    try:
        owner = await ended_session_owner(rt, old)
        # A cookie that anybody can invent must not write a quarter of a megabyte into the database.
        return await keep_form(rt, action, pairs, owner=owner) if owner is not None else None
    except YiwangError:
        return None


def visible_text(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """What a person typed, without what the page had hidden in the form (keys, versions)."""
    return [v for k, v in pairs if len(v) >= 2 and not k.startswith("_") and not _technical(v)]


def _technical(text: str) -> bool:
    compact = text.replace("-", "")
    return len(compact) == 32 and all(c in "0123456789abcdef" for c in compact.lower())
