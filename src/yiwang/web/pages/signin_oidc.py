"""Signing in with an outside provider."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.identity import oidc
from yiwang.kernel.identity.errors import ProviderFailed
from yiwang.web import cookies
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import need_session, next_of, origin, signed_in, told

pages = router("web")
STATE = "yw_oidc"
STATE_S = 600


@dataclass(frozen=True)
class ProviderLink:
    """A button of the sign-in page."""

    key: str
    title: str
    href: str


async def providers_for_page(ctx: Context, next_path: str = "") -> list[ProviderLink]:
    """The trusted providers as buttons."""
    found = await oidc.list_providers(ctx.rt)
    tail = f"?next={quote(next_path)}" if next_path else ""
    return [
        ProviderLink(p.key, ctx.pick({"zh": p.title_zh, "en": p.title_en}), f"/oidc/{p.key}/start{tail}") for p in found
    ]


async def linkable_providers(ctx: Context, kind: str, linked: set[str]) -> list[ProviderLink]:
    """The providers that an account of this kind could still link, as buttons of the account page."""
    found = [p for p in await oidc.list_providers(ctx.rt) if p.kind == kind and p.key not in linked]
    titled = ((p.key, ctx.pick({"zh": p.title_zh, "en": p.title_en})) for p in found)
    return [ProviderLink(key, title, f"/oidc/{key}/start?link=true") for key, title in titled]


def _callback(ctx: Context, key: str) -> str:
    return f"{ctx.rt.settings.public_url.rstrip('/')}/oidc/{key}/callback"


@pages.get("/oidc/{key}/start")
async def start(ctx: Ctx, key: str, next: str = "", link: bool = False) -> Response:
    """Send the browser to the provider. With `link`, to link it to the account that is signed in."""
    provider = await oidc.find_provider(ctx.rt, key)
    link_to = need_session(ctx).account.id if link else None
    try:
        begun = await oidc.begin(ctx.rt, provider, _callback(ctx, key), next_path=next_of(next), link_to=link_to)
    except YiwangError as error:
        return await _failed(ctx, error)
    response = RedirectResponse(begun.url, 303)
    cookies.put(response, ctx.rt.settings, STATE, begun.state, STATE_S)
    return response


@pages.get("/oidc/{key}/callback")
async def callback(
    ctx: Ctx, key: str, code: str = "", state: str = "", iss: str | None = None, error: str = ""
) -> Response:
    """The way back: a code to exchange, or the provider's refusal."""
    provider = await oidc.find_provider(ctx.rt, key)
    cookie = ctx.request.cookies.get(cookies.name(ctx.rt.settings, STATE), "")
    try:
        if error or not code:
            raise ProviderFailed(f"{key} answered {error[:60]!r}", key="identity.error.provider_refused")
        done = await oidc.finish(
            ctx.rt, provider, code=code, state=state, cookie_state=cookie, origin=origin(ctx), session=ctx.session,
            issuer=iss, locale=ctx.locale,
        )  # fmt: skip
    except YiwangError as failed:
        response = await _failed(ctx, failed)
    else:
        if done.signed_in is None:
            response = redirect(ctx, done.next, say="signin.linked")
        else:
            response = signed_in(ctx, done.signed_in, done.next)
    cookies.drop(response, ctx.rt.settings, STATE)
    return response


async def _failed(ctx: Context, error: YiwangError) -> Response:
    providers = await providers_for_page(ctx)
    return page(
        ctx, "signin/signin.html", status=error.status, next="", account="", providers=providers, wrong=told(ctx, error)
    )


@pages.post("/account/links/{key}/drop")
async def drop(ctx: Ctx, key: str) -> Response:
    """Give up a link."""
    session = need_session(ctx)
    await oidc.unlink(ctx.rt, session, key)
    return redirect(ctx, "/account", say="signin.unlinked")
