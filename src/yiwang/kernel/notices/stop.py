"""Turning messages off: from one's settings, or by the link in a mail, for templates that may be turned off."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.identity import Keys
from yiwang.kernel.notices.templates import TemplateBook, UnknownTemplate
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource

q = Queries.load("yiwang.kernel.notices")


def stop_address(rt: Runtime, account: UUID, template: str, channel: str) -> str:
    """The link of a mail that turns its kind off without signing in; signed, and good for nothing else."""
    value = f"{account.hex}.{template}.{channel}"
    signature = rt.part(Keys).box.sign("notice-stop", value)
    return f"{rt.settings.public_url.rstrip('/')}/notices/stop?what={value}&sig={signature}"


def stop_of(rt: Runtime, what: str, signature: str) -> tuple[UUID, str, str]:
    """(account, template, channel) of such a link; NotFound when it is not ours."""
    if not rt.part(Keys).box.signed("notice-stop", what, signature):
        raise NotFound("no such link")
    account, _, rest = what.partition(".")
    template, _, channel = rest.rpartition(".")
    return UUID(account), template, channel


async def refuse(rt: Runtime, account: UUID, template: str, channel: str, *, wanted: bool = False) -> None:
    """Turn a kind of message off (or, with `wanted`, on again). Invalid for one that may not be turned off."""
    try:
        form = rt.part(TemplateBook).get(template)
    except UnknownTemplate as error:
        raise NotFound("no such kind of message") from error
    if not form.optional or channel not in ("sms", "email"):
        raise Invalid("this kind of message cannot be turned off", key="notice.error.not_optional")
    actor = Actor("resident", id=account)
    async with rt.act(actor, "notice.refuse", Resource("notice", template, owner=account)) as act:
        if wanted:
            await act.db.execute(q.drop_refusal, account, template, channel)
        else:
            await act.db.execute(q.add_refusal, account, template, channel, act.now)
        act.record(after={"template": template, "channel": channel, "wanted": wanted})


@dataclass(frozen=True)
class Preference:
    """An optional kind of message: its titles by locale and, per channel it uses, whether the person wants it."""

    template: str
    title: dict[str, str]
    channels: dict[str, bool]


async def preferences(rt: Runtime, actor: Actor) -> list[Preference]:
    """Every optional kind with what this person wants of it."""
    async with rt.read(actor) as db:
        off = {(r["template"], r["channel"]) for r in await db.fetch(q.refusals_of, actor.id)}
    return [
        Preference(t.key, dict(t.title), {one: (t.key, one) not in off for one in t.channels if one != "inapp"})
        for t in rt.part(TemplateBook).optional()
    ]
