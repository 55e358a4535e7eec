"""What one request knows: who, from which post, in which language, when. The first argument of every page."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request

from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.errors import Refused, Unauthenticated
from yiwang.kernel.identity import Session, new_visit, visit_csrf
from yiwang.kernel.policy import Policies, Ruling
from yiwang.kernel.runtime import MenuEntry, Runtime
from yiwang.kernel.write import Actor, Resource
from yiwang.web import cookies
from yiwang.web.prefs import COOKIE, Prefs, preferred_language

#: The context whose page is being rendered, for the global functions of templates (so that macros stay cacheable).
current: ContextVar[Context] = ContextVar("web.context")


@dataclass
class Context:
    """One request. ``actor`` is anonymous without a session; ``bearer`` says that a system called."""

    request: Request
    rt: Runtime
    actor: Actor
    session: Session | None = None
    prefs: Prefs = field(default_factory=Prefs)
    bearer: bool = False
    visit: str | None = None
    menu: tuple[MenuEntry, ...] = ()

    @property
    def locale(self) -> str:
        """zh or en: what was chosen here, else what the account says, else what the browser asks for."""
        if self.prefs.language:
            return self.prefs.language
        if self.session is not None and self.session.account.locale in {"zh", "en"}:
            return self.session.account.locale
        return preferred_language(self.request.headers.get("accept-language"))

    @property
    def theme(self) -> str:
        """auto, light or dark."""
        if self.prefs.theme == "auto" and self.session is not None:
            return self.session.account.theme if self.session.account.theme in {"light", "dark"} else "auto"
        return self.prefs.theme

    @property
    def size(self) -> str:
        """normal or elder."""
        chosen = self.request.cookies.get(COOKIE) is not None
        return "elder" if not chosen and self.session is not None and self.session.account.elder else self.prefs.size

    @property
    def now(self) -> datetime:
        """The city's clock."""
        return self.rt.clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return work_calendar(self.rt).zone

    @property
    def request_id(self) -> str:
        """What a person can name to us, and what the logs carry."""
        return str(self.request.scope.get("yw.request_id", ""))

    @property
    def path(self) -> str:
        """Path and query of this request."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def is_staff(self) -> bool:
        """Whether somebody of the government is signed in, with nothing left to do before working."""
        return self.actor.kind == "staff" and (self.session is None or self.session.duty is None)

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks for a fragment (and not for a whole page from its history)."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"

    @property
    def csrf(self) -> str:
        """The token that forms carry: the session's, or that of an anonymous visit (its cookie comes with it)."""
        if self.session is not None:
            return self.session.csrf
        if self.visit is None:
            self.visit = self.request.cookies.get(cookies.name(self.rt.settings, cookies.VISIT)) or new_visit()
        return visit_csrf(self.rt, self.visit)

    def t(self, key: str, /, **params: Any) -> str:
        """A sentence in the reader's language."""
        return self.rt.strings.t(key, self.locale, **params)

    def pick(self, texts: Mapping[str, Any] | str | None) -> str:
        """One of ``{"zh": .., "en": ..}`` (or a plain text) in the reader's language."""
        if isinstance(texts, Mapping):
            return str(texts.get(self.locale) or texts.get("zh") or texts.get("en") or "")
        return texts or ""

    async def form(self) -> FormData:
        """The posted fields and files (parsed once, within the limits of the middleware)."""
        return await self.request.form(max_files=20, max_fields=500, max_part_size=512 * 1024)

    async def fields(self) -> dict[str, str]:
        """The posted text fields, trimmed, the last of each name; files and the CSRF token are left out."""
        form = await self.form()
        return {k: v.strip() for k, v in form.multi_items() if isinstance(v, str) and k != "_csrf"}

    async def may(self, action: str, resource: Resource) -> bool:
        """Whether to offer something: asks the policy without noting a refusal."""
        return (await self.rt.part(Policies).may(self.actor, action, resource)).allowed

    async def must(self, action: str, resource: Resource) -> Ruling:
        """The decision for a page that reads; Refused (kept, explained on its page) when it is no."""
        ruling = await self.rt.part(Policies).decide(self.actor, action, resource, None, self.now)
        if not ruling.allowed:
            raise Refused(f"{self.actor.name} may not {action}", decision=ruling, action=action)
        return ruling

    def need_staff(self) -> Context:
        """Self, or Unauthenticated: for pages that are of no use to anybody else."""
        if not self.is_staff:
            raise Unauthenticated("this page is for staff")
        return self

    def need_person(self) -> Context:
        """Self, or Unauthenticated when nobody is signed in."""
        if self.actor.kind == "anonymous":
            raise Unauthenticated("this page is for people who are signed in")
        return self
