"""From a context and a template to an answer: whole pages, fragments for htmx, redirects with a message."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from yiwang.web import cookies
from yiwang.web.context import Context
from yiwang.web.templating import Templates


def page(ctx: Context, template: str, /, *, status: int = 200, public_s: int = 0, **context: Any) -> HTMLResponse:
    """Render a whole page.

    ``template`` is a name of the web room (``status.html``) or ``<room>/<file>`` of another. ``public_s`` lets anybody
    cache an anonymous page that many seconds; it is ignored where somebody is signed in or a form was rendered.
    """
    html = ctx.rt.part(Templates).render(ctx, template, context)
    response = HTMLResponse(html, status)
    _finish(ctx, response, public_s if status == 200 else 0)
    return response


def fragment(ctx: Context, template: str, block: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render one ``{% block %}`` of a page's template, for htmx."""
    html = ctx.rt.part(Templates).render_block(ctx, template, block, context)
    response = HTMLResponse(html, status)
    _finish(ctx, response, 0)
    return response


def _finish(ctx: Context, response: Response, public_s: int) -> None:
    settings = ctx.rt.settings
    if ctx.visit is not None and ctx.request.cookies.get(cookies.name(settings, cookies.VISIT)) != ctx.visit:
        cookies.put(response, settings, cookies.VISIT, ctx.visit)
    if ctx.request.cookies.get(cookies.name(settings, cookies.FLASH)):
        cookies.drop(response, settings, cookies.FLASH)
    if public_s and ctx.session is None and ctx.visit is None and "set-cookie" not in response.headers:
        response.headers["Cache-Control"] = f"public, max-age={public_s}"
        response.headers["Vary"] = "Cookie, Accept-Language"
    else:
        response.headers["Cache-Control"] = "private, no-store"


def redirect(ctx: Context, to: str, /, *, say: str | None = None, kind: str = "success", **params: Any) -> Response:
    """After an action: go to ``to`` (303) and say the sentence ``say`` (a string key) there, once.

    Under htmx the browser is told to go there itself, so that the address changes.
    """
    if ctx.is_htmx:
        response: Response = Response(status_code=200, headers={"HX-Redirect": to})
    else:
        response = RedirectResponse(to, 303)
    if say:
        cookies.put(response, ctx.rt.settings, cookies.FLASH, cookies.pack(say, kind, params), 60)
    return response
