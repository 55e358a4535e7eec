"""Why was I refused: what was asked, what the rules say, what would allow it, whom to ask."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.orgs import Directory
from yiwang.kernel.policy.explain import Explanation, explain
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, router

pages = router("web")


@pages.get("/why/{refusal}")
async def why(ctx: Ctx, refusal: UUID) -> Response:
    """For the person who was refused, an auditor or an administrator."""
    told = await explain(ctx.rt, refusal, ctx.locale, actor=ctx.actor)
    return page(ctx, "why.html", told=told, posts=_posts_to_ask(ctx, told) if ctx.is_staff else [])


def _posts_to_ask(ctx: Context, told: Explanation) -> list[str]:
    """The nearest posts of the roles that could have done it, by name, for staff only."""
    directory = ctx.rt.part(Directory)
    found = []
    for role in told.ask_roles:
        post = directory.post_for(told.org, role) if told.org is not None and directory.find_org(told.org) else None
        post = post or (directory.post_near(role, told.area) if told.area else None)
        if post is not None:
            found.append(directory.post_label(post.id, ctx.locale))
    return list(dict.fromkeys(found))[:6]
