"""The organisations browser: places by level with their map, the organisations there, posts and who holds them now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from starlette.responses import JSONResponse, Response

from yiwang.kernel.identity import account_names
from yiwang.kernel.orgs import Directory, Org, Post
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, router
from yiwang.web.maps import city_map, outlines
from yiwang.web.pages.org_changes import offers

pages = router("web")
SHOWN = 200


@pages.get("/map/{code}.json")
async def outlines_below(ctx: Ctx, code: str, lang: str = "zh") -> Response:
    """Outlines for maps; public, as the city publishes them."""
    directory = await ctx.rt.part(Directory).fresh()
    shapes = outlines(directory, code[:20], "en" if lang == "en" else "zh")
    return JSONResponse(shapes, headers={"Cache-Control": "public, max-age=3600"}, media_type="application/geo+json")


@pages.get("/orgs")
async def city(ctx: Ctx, q: str = "") -> Response:
    """The city, or what a search finds."""
    ctx.need_staff()
    directory = await ctx.rt.part(Directory).fresh()
    text = q.strip()[:50]
    if text:
        found = directory.search_orgs(text, 50)
        return page(ctx, "orgs/found.html", text=text, found=[(org, _where(ctx, directory, org)) for org in found])
    return _place(ctx, directory, directory.city.code)


@pages.get("/orgs/place/{code}")
async def place(ctx: Ctx, code: str) -> Response:
    """One division: those above and below it, its map, its organisations."""
    ctx.need_staff()
    return _place(ctx, await ctx.rt.part(Directory).fresh(), code[:20])


def _place(ctx: Context, directory: Directory, code: str) -> Response:
    division = directory.division(code)
    here = [org for org in directory.orgs_at(code) if org.closed_at is None]
    return page(
        ctx, "orgs/place.html", division=division, chain=directory.chain(code)[:-1],
        below=directory.divisions_below(code),
        orgs=[(org, len(directory.posts_in(org.id))) for org in here[:SHOWN]], map=city_map(ctx, code, links=True),
    )  # fmt: skip


@pages.get("/orgs/{org_id:int}")
async def organisation(ctx: Ctx, org_id: int) -> Response:
    """One organisation: what it is, its posts with the people in them and on duty now, those below it."""
    ctx.need_staff()
    directory = await ctx.rt.part(Directory).fresh()
    org = directory.org(org_id)
    posts = await _staffed(ctx, directory, directory.posts_in(org.id))
    above = directory.org(org.parent) if org.parent is not None else None
    return page(
        ctx, "orgs/org.html", offers=await offers(ctx, directory, org),
        org=org, above=above, chain=directory.chain(org.division), posts=posts,
        below=[one for one in directory.orgs_below(org.id) if one.closed_at is None][:SHOWN],
    )  # fmt: skip


async def _staffed(ctx: Context, directory: Directory, posts: Iterable[Post]) -> list[dict[str, Any]]:
    now = ctx.now
    rows: list[dict[str, Any]] = [
        {
            "post": post,
            "holders": directory.holders(post.id, now),
            "delegates": directory.delegates(post.id, now),
            "duty": directory.who_on_duty(post.id, now),
        }
        for post in posts
    ]
    everybody: set[UUID] = {one for row in rows for key in ("holders", "delegates", "duty") for one in row[key]}
    names = await account_names(ctx.rt, ctx.actor, list(everybody)) if everybody else {}
    hidden = ctx.t("web.orgs.hidden_name")
    for row in rows:
        for key in ("holders", "delegates", "duty"):
            row[key] = [names.get(one, hidden) for one in row[key]]
    return rows


def _where(ctx: Context, directory: Directory, org: Org) -> str:
    return directory.full_name(org.division, ctx.locale)
