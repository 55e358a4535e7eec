"""Grants: what somebody may do beyond the policies, for a reason and a time; given and revoked by administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.errors import Invalid, Problem, Refused, YiwangError
from yiwang.kernel.identity import account_names
from yiwang.kernel.orgs import ROLES, Directory, UnknownPost
from yiwang.kernel.policy import Policies
from yiwang.kernel.policy.actions import NewGrant, give_grant, list_grants, revoke_grant
from yiwang.kernel.write import Resource
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.moments import read_moment
from yiwang.web.pages.signin_common import told
from yiwang.web.people import find_person

pages = router("web")
PAGE = 50


def _resource(ctx: Context) -> Resource:
    """A grant of the organisation that one acts for."""
    org = ctx.actor.orgs[0] if ctx.actor.orgs else None
    attrs = {"subject_kind": "", "subject": "", "action": ""}
    return Resource("grant", org=org, attrs=attrs)


@pages.get("/grants")
async def grants(ctx: Ctx, ended: str = "", start: int = 0) -> Response:
    """Those in force, newest first; with ``ended`` also those revoked."""
    ctx.need_staff()
    await ctx.must("grant.read", _resource(ctx))
    start = min(max(start, 0), 1_000_000)
    rows = await list_grants(ctx.rt, ctx.actor, ended=bool(ended), limit=PAGE + 1, offset=start)
    people = [UUID(row["subject"]) for row in rows if row["subject_kind"] == "account"]
    people += [row["given_by"] for row in rows if row["given_by"] is not None]
    names = await account_names(ctx.rt, ctx.actor, people) if people else {}
    return page(
        ctx, "grants/list.html", rows=[_told(ctx, row, names) for row in rows[:PAGE]], ended=bool(ended),
        next_at=start + PAGE if len(rows) > PAGE else None, may_give=await ctx.may("grant.give", _resource(ctx)),
    )  # fmt: skip


def _told(ctx: Context, row: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    """A grant in words: to whom, what, within what."""
    directory = ctx.rt.part(Directory)
    declared = ctx.rt.part(Policies).compiled.declarations.actions.get(row["action"])
    subject, kind = row["subject"], row["subject_kind"]
    if kind == "account":
        subject = names.get(UUID(subject)) or ctx.t("web.orgs.hidden_name")
    elif kind == "org":
        org = directory.find_org(int(subject))
        subject = org.name(ctx.locale) if org else subject
    elif kind == "role":
        subject = ctx.t(f"orgs.role.{subject}")
    else:
        try:
            subject = directory.post_label(int(subject), ctx.locale)
        except UnknownPost:
            subject = ctx.t("web.orgs.post_number", n=subject)
    over = row["revoked_at"] is not None or (row["valid_to"] is not None and row["valid_to"] <= ctx.now)
    return {
        **row, "who": subject, "what": declared.title[ctx.locale] if declared else row["action"], "over": over,
        "giver": names.get(row["given_by"], ""),
    }  # fmt: skip


@pages.get("/grants/new")
async def new(ctx: Ctx) -> Response:
    """The form for one grant."""
    ctx.need_staff()
    await ctx.must("grant.give", _resource(ctx))
    return _form(ctx, {})


@pages.post("/grants/new")
async def give(ctx: Ctx) -> Response:
    """Give it; a mistake comes back with what was typed."""
    ctx.need_staff()
    await ctx.must("grant.give", _resource(ctx))
    fields = await ctx.fields()
    try:
        await give_grant(ctx.rt, ctx.actor, await _read(ctx, fields))
    except Refused:
        raise  # nobody grants to themselves, and the page says so
    except YiwangError as error:
        return _form(ctx, fields, error)
    return redirect(ctx, "/grants", say="web.grants.given")


async def _read(ctx: Context, fields: dict[str, str]) -> NewGrant:
    """What was typed as a grant of the actor's organisation, limited to a place where one was named."""
    directory = await ctx.rt.part(Directory).fresh()
    kind, subject = fields.get("subject_kind", ""), fields.get("subject", "")
    if kind == "account":
        subject = str(await find_person(ctx, subject, "subject"))
    elif kind == "org":
        subject = str(directory.org(subject[:60]).id)
    elif (kind == "post" and not subject.isdecimal()) or (kind == "role" and subject not in ROLES):
        raise Invalid("no such subject", problems=[Problem("subject", "policy.grant.subject")])
    elif kind == "post":
        directory.post(int(subject[:15]))
    action = fields.get("action", "")[:80]
    declared = ctx.rt.part(Policies).compiled.declarations.actions.get(action)
    area = fields.get("area", "")[:20]
    return NewGrant(
        subject_kind=kind, subject=subject, action=action, resource_type=sorted(declared.on)[0] if declared else "",
        org=ctx.actor.orgs[0], reason=fields.get("reason", ""),
        scope_area=directory.prefix(directory.usable(area).code) if area else None,
        valid_from=read_moment(ctx, fields, "starts_at"), valid_to=read_moment(ctx, fields, "ends_at"),
    )  # fmt: skip


def _form(ctx: Context, fields: dict[str, str], error: YiwangError | None = None) -> Response:
    declared = ctx.rt.part(Policies).compiled.declarations.actions
    actions = sorted((one.title[ctx.locale], name) for name, one in declared.items() if one.grantable)
    return page(
        ctx, "grants/new.html", status=error.status if error else 200, fields=fields, actions=actions,
        wrong=told(ctx, error) if error else None,
    )  # fmt: skip


@pages.post("/grants/{grant:uuid}/revoke")
async def revoke(ctx: Ctx, grant: UUID) -> Response:
    """Take it back, for a reason; it counts no more from now."""
    ctx.need_staff()
    await revoke_grant(ctx.rt, ctx.actor, grant, (await ctx.fields()).get("reason", "")[:1000])
    return redirect(ctx, "/grants", say="web.grants.revoked")
