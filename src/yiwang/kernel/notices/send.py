"""`send`: put messages into the queue, in the transaction of the action that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.db import Queries
from yiwang.kernel.identity import Keys, masked, normal_mail, normal_phone
from yiwang.kernel.notices.templates import Template, TemplateBook
from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Act
from yiwang.kit.ids import new_id

q = Queries.load("yiwang.kernel.notices")


@dataclass(frozen=True)
class To:
    """Who is meant: exactly one of an account, a post (who is on duty there now), a phone, a mail address."""

    account: UUID | None = None
    post: int | None = None
    phone: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        if sum(x is not None for x in (self.account, self.post, self.phone, self.email)) != 1:
            raise ValueError("a notice goes to exactly one of account, post, phone, email")

    @staticmethod
    def of(value: To | Mapping[str, Any]) -> To:
        """From a mapping as a process gives it: {"post": 12}, {"account": "…"}."""
        if isinstance(value, To):
            return value
        given = {k: v for k, v in value.items() if v is not None}
        if "account" in given:
            given["account"] = UUID(str(given["account"]))
        if "post" in given:
            given["post"] = int(given["post"])
        return To(**given)


async def send(
    act: Act,
    template: str,
    to: To | Mapping[str, Any],
    params: Mapping[str, Any] | None = None,
    *,
    channel: str | None = None,
    locale: str | None = None,
    href: str = "",
    dedupe: str | None = None,
) -> int:
    """Queue a message; returns how many (one per person and channel). Nothing is sent if the action rolls back.

    `dedupe` is the idempotency key: the same key again queues nothing. `channel` narrows the template's channels;
    `href` is
    the page that the entry in the inbox opens. UnknownTemplate and ValueError are bugs of the caller.
    """
    form = act.rt.part(TemplateBook).get(template)
    target = To.of(to)
    subject, text = form.fill(locale or act.actor.locale, params or {})
    said = _Said(form, locale or act.actor.locale, subject, text, href[:500], dedupe)
    channels = [channel] if channel else list(form.channels)
    if target.phone is not None or target.email is not None:
        return await _to_address(act, said, target)
    accounts = [target.account] if target.account else await _watching(act, target.post or 0)
    queued = 0
    for account in accounts:
        for one in channels:
            queued += await _to_account(act, said, account, one)
    return queued


@dataclass(frozen=True)
class _Said:
    """A filled-in template."""

    form: Template
    locale: str
    subject: str
    text: str
    href: str
    dedupe: str | None

    def key(self, *parts: object) -> str | None:
        return ":".join([self.dedupe, *map(str, parts)]) if self.dedupe else None


async def _watching(act: Act, post: int) -> list[UUID]:
    """Who answers for a post now: those on its roster (without one, its holders), and whoever acts for a holder."""
    directory = await act.rt.part(Directory).fresh()
    found = [*directory.who_on_duty(post, act.now), *directory.delegates(post, act.now)]
    return list(dict.fromkeys(found))


async def _to_account(act: Act, said: _Said, account: UUID, channel: str) -> int:
    if channel == "inapp":
        entry = {
            "id": new_id(), "account": account, "template": said.form.key, "title": said.subject, "body": said.text,
            "href": said.href, "dedupe": said.key(account),
        }  # fmt: skip
        return int(await act.db.fetchval(q.put_inbox, entry, act.now))
    return await _enqueue(act, said, channel, account=account, dedupe=said.key(account, channel))


async def _to_address(act: Act, said: _Said, to: To) -> int:
    channel, value = ("sms", normal_phone(to.phone)) if to.phone is not None else ("email", normal_mail(to.email or ""))
    if value is None:
        raise ValueError(f"cannot be written to by {channel}")
    return await _enqueue(act, said, channel, address=value, dedupe=said.key(channel))


async def _enqueue(
    act: Act, said: _Said, channel: str, *, account: UUID | None = None, address: str | None = None, dedupe: str | None
) -> int:
    box = act.rt.part(Keys).box
    message = new_id()
    secret = said.form.secret
    entry = {
        "id": message, "template": said.form.key, "channel": channel, "account": account, "locale": said.locale,
        "masked": masked("phone" if channel == "sms" else "email", address) if address else "",
        "subject": "" if secret else said.subject, "body": None if secret else said.text,
        "urgent": said.form.urgent, "optional": said.form.optional, "dedupe": dedupe,
    }  # fmt: skip
    body = box.seal("notice", orjson.dumps([said.subject, said.text]), bound=message.bytes) if secret else None
    sealed = box.seal("notice-to", address.encode(), bound=message.bytes) if address else None
    digest = box.digest("contact", address) if address else None
    return int(await act.db.fetchval(q.enqueue, entry, sealed, body, digest, act.now, act.now + said.form.ttl))
