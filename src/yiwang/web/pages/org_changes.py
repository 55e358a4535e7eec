"""Changing an organisation by page: its names, organisations and posts below it, closing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from yiwang.kernel.errors import NotFound, Refused, YiwangError
from yiwang.kernel.orgs import ROLES, Directory, Org
from yiwang.kernel.orgs import actions as orgs
from yiwang.kernel.orgs.actions.common import org_resource
from yiwang.kernel.orgs.model import ORG_KINDS
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import told

pages = router("web")
#: What may be offered for an organisation, and the action that each needs.
OFFERS = {"new-post": "post.create", "new-org": "org.create", "change": "org.change", "close": "org.close"}


async def offers(ctx: Context, directory: Directory, org: Org) -> list[str]:
    """What the reader may change of an open organisation; nothing of a closed one."""
    if org.closed_at is not None:
        return []
    resource = org_resource(directory, org)
    return [verb for verb, action in OFFERS.items() if await ctx.may(action, resource)]


@pages.get("/orgs/{org:int}/{verb}")
async def form(ctx: Ctx, org: int, verb: str) -> Response:
    """One change as a form of its own."""
    ctx.need_staff()
    found = await _allowed(ctx, org, verb)
    names = {"name_zh": found.name_zh, "name_en": found.name_en, "uscc": found.uscc or ""}
    return _form(ctx, found, verb, names if verb == "change" else {})


@pages.post("/orgs/{org:int}/{verb}")
async def change(ctx: Ctx, org: int, verb: str) -> Response:
    """One change; a mistake comes back with what was typed."""
    ctx.need_staff()
    found = await _allowed(ctx, org, verb)
    fields = await ctx.fields()
    try:
        to = await _VERBS[verb](ctx, found, fields)
    except Refused:
        raise  # its page explains it
    except YiwangError as error:
        return _form(ctx, found, verb, fields, error)
    return redirect(ctx, to, say=f"web.orgs.verb.{verb}.done")


async def _allowed(ctx: Context, org: int, verb: str) -> Org:
    if verb not in OFFERS:
        raise NotFound(f"an organisation has no {verb!r}")
    directory = await ctx.rt.part(Directory).fresh()
    found = directory.org(org)
    await ctx.must(OFFERS[verb], org_resource(directory, found))
    return found


def _form(ctx: Context, org: Org, verb: str, fields: dict[str, str], error: YiwangError | None = None) -> Response:
    return page(
        ctx, "orgs/org_verb.html", status=error.status if error else 200, org=org, verb=verb, fields=fields,
        roles=ROLES, kinds=ORG_KINDS, wrong=told(ctx, error) if error else None,
    )  # fmt: skip


async def _new_post(ctx: Context, org: Org, fields: dict[str, str]) -> str:
    post = await orgs.create_post(
        ctx.rt, ctx.actor, org.id, fields.get("role", ""), title_zh=fields.get("name_zh", ""),
        title_en=fields.get("name_en", ""),
    )  # fmt: skip
    return f"/orgs/posts/{post}"


async def _new_org(ctx: Context, org: Org, fields: dict[str, str]) -> str:
    made = await orgs.create_org(
        ctx.rt, ctx.actor, code=fields.get("code", ""), parent=org.id, kind=fields.get("kind", ""),
        name_zh=fields.get("name_zh", ""), name_en=fields.get("name_en", ""), uscc=fields.get("uscc") or None,
    )  # fmt: skip
    return f"/orgs/{made}"


async def _change(ctx: Context, org: Org, fields: dict[str, str]) -> str:
    await orgs.change_org(
        ctx.rt, ctx.actor, org.id, name_zh=fields.get("name_zh", ""), name_en=fields.get("name_en", ""),
        uscc=fields.get("uscc") or None,
    )  # fmt: skip
    return f"/orgs/{org.id}"


async def _close(ctx: Context, org: Org, _fields: dict[str, str]) -> str:
    await orgs.close_org(ctx.rt, ctx.actor, org.id)
    return f"/orgs/{org.id}"


_VERBS: dict[str, Callable[[Context, Org, dict[str, str]], Awaitable[str]]] = {
    "new-post": _new_post,
    "new-org": _new_org,
    "change": _change,
    "close": _close,
}
