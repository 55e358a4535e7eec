"""One post: who holds it, for whom they act, who stands watch; appointing, handing over, lending, the roster."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.errors import Invalid, NotFound, Refused, YiwangError
from yiwang.kernel.identity import account_names
from yiwang.kernel.orgs import Directory, post_history
from yiwang.kernel.orgs import actions as orgs
from yiwang.kernel.orgs.actions.common import post_resource
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.moments import need_moment, read_moment
from yiwang.web.pages.signin_common import told
from yiwang.web.people import colleagues, find_person

pages = router("web")
#: What a person may be offered on the page, and the action that each needs; the first five have a form of their own.
OFFERS = {
    "appoint": "post.appoint",
    "hand-over": "post.hand_over",
    "delegate": "post.delegate",
    "duty": "post.set_duty",
    "close": "post.close",
    "dismiss": "post.dismiss",
    "revoke": "post.revoke_delegation",
    "unduty": "post.set_duty",
}
FORMS = tuple(OFFERS)[:5]


@pages.get("/orgs/posts/{post:int}")
async def show(ctx: Ctx, post: int) -> Response:
    """The post with its people, now and to come, and those before them."""
    ctx.need_staff()
    directory = await ctx.rt.part(Directory).fresh()
    one = directory.post(post)
    org = directory.org(one.org)
    rows: dict[str, Any] = {
        "appointments": directory.appointments(post, ctx.now),
        "delegations": directory.delegations(post, ctx.now),
        "roster": directory.roster(post, ctx.now),
        "history": await post_history(ctx.rt, ctx.actor, post),
    }
    duty = directory.who_on_duty(post, ctx.now)
    people = {row.account for group in rows.values() for row in group} | set(duty)
    people |= {row.from_account for row in rows["delegations"]}
    return page(
        ctx, "orgs/post.html", post=one, org=org, chain=directory.chain(org.division), duty=duty,
        names=await account_names(ctx.rt, ctx.actor, list(people)) if people else {},
        may=await _offers(ctx, directory, post), **rows,
    )  # fmt: skip


@pages.get("/orgs/posts/{post:int}/{verb}")
async def form(ctx: Ctx, post: int, verb: str) -> Response:
    """One change as a form of its own."""
    ctx.need_staff()
    if verb not in FORMS:
        raise NotFound(f"a post has no form {verb!r}")
    await ctx.must(OFFERS[verb], await post_resource(ctx.rt, post))
    return await _form(ctx, post, verb, {})


@pages.post("/orgs/posts/{post:int}/{verb}")
async def change(ctx: Ctx, post: int, verb: str) -> Response:
    """One change of who holds, lends or watches; a mistake comes back with what was typed."""
    ctx.need_staff()
    work = _VERBS.get(verb)
    if work is None:
        raise NotFound(f"a post has no {verb!r}")
    await ctx.must(OFFERS[verb], await post_resource(ctx.rt, post))
    fields = await ctx.fields()
    try:
        await work(ctx, post, fields)
    except Refused:
        raise  # its page explains it
    except YiwangError as error:
        if verb not in FORMS:
            raise
        return await _form(ctx, post, verb, fields, error)
    return redirect(ctx, f"/orgs/posts/{post}", say=f"web.posts.verb.{verb}.done")


async def _offers(ctx: Context, directory: Directory, post: int) -> dict[str, bool]:
    """What to offer: as the policy says, lending by holders only, and nothing that needs somebody in an empty post."""
    resource = await post_resource(ctx.rt, post)
    holders = directory.holders(post, ctx.now)
    may = {verb: await ctx.may(action, resource) for verb, action in OFFERS.items()}
    may["delegate"] = may["delegate"] and ctx.actor.id in holders
    for verb in ("hand-over", "duty"):
        may[verb] = may[verb] and bool(directory.appointments(post, ctx.now))
    return may


async def _form(
    ctx: Context, post: int, verb: str, fields: dict[str, str], error: YiwangError | None = None
) -> Response:
    directory = await ctx.rt.part(Directory).fresh()
    one = directory.post(post)
    people = directory.appointments(post, ctx.now)
    return page(
        ctx, "orgs/post_verb.html", status=error.status if error else 200, post=one, org=directory.org(one.org),
        verb=verb, appointments=people, fields=fields, wrong=told(ctx, error) if error else None,
        names=await account_names(ctx.rt, ctx.actor, [row.account for row in people]) if people else {},
        suggested=await colleagues(ctx),
    )  # fmt: skip


async def _appoint(ctx: Context, post: int, fields: dict[str, str]) -> None:
    person = await find_person(ctx, fields.get("person", ""))
    starts, ends = read_moment(ctx, fields, "starts_at"), read_moment(ctx, fields, "ends_at")
    await orgs.appoint(
        ctx.rt, ctx.actor, post, person, starts_at=starts, ends_at=ends, note=fields.get("note", "")
    )  # fmt: skip


async def _dismiss(ctx: Context, post: int, fields: dict[str, str]) -> None:
    await orgs.end_appointment(ctx.rt, ctx.actor, post, _id(fields, "account"))


async def _hand_over(ctx: Context, post: int, fields: dict[str, str]) -> None:
    person = await find_person(ctx, fields.get("person", ""))
    giver = _id(fields, "account")
    await orgs.hand_over(ctx.rt, ctx.actor, post, giver, person, note=fields.get("note", ""))


async def _delegate(ctx: Context, post: int, fields: dict[str, str]) -> None:
    person = await find_person(ctx, fields.get("person", ""))
    starts, ends = read_moment(ctx, fields, "starts_at"), need_moment(ctx, fields, "ends_at")
    await orgs.delegate_post(
        ctx.rt, ctx.actor, post, person, starts_at=starts, ends_at=ends, note=fields.get("note", "")
    )  # fmt: skip


async def _revoke(ctx: Context, _post: int, fields: dict[str, str]) -> None:
    await orgs.revoke_delegation(ctx.rt, ctx.actor, _id(fields, "entry"))


async def _duty(ctx: Context, post: int, fields: dict[str, str]) -> None:
    starts, ends = need_moment(ctx, fields, "starts_at"), need_moment(ctx, fields, "ends_at")
    await orgs.set_duty(ctx.rt, ctx.actor, post, _id(fields, "account"), starts_at=starts, ends_at=ends)


async def _unduty(ctx: Context, _post: int, fields: dict[str, str]) -> None:
    await orgs.cancel_duty(ctx.rt, ctx.actor, _id(fields, "entry"))


async def _close(ctx: Context, post: int, _fields: dict[str, str]) -> None:
    await orgs.close_post(ctx.rt, ctx.actor, post)


_VERBS: dict[str, Callable[[Context, int, dict[str, str]], Awaitable[None]]] = {
    "appoint": _appoint,
    "dismiss": _dismiss,
    "hand-over": _hand_over,
    "delegate": _delegate,
    "revoke": _revoke,
    "duty": _duty,
    "unduty": _unduty,
    "close": _close,
}


def _id(fields: dict[str, str], name: str) -> UUID:
    """The id that a choice or a hidden field carries."""
    try:
        return UUID(fields.get(name, "")[:40])
    except ValueError as wrong:
        raise Invalid(f"{name} is missing", key="web.people.unknown") from wrong
