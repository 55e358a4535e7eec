"""A city with people who sign in over HTTP: real accounts, real sessions, the real application without a socket."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from yiwang.app import create_app
from yiwang.govern.contract import open_incident, read_report
from yiwang.kernel.identity import create_account
from yiwang.kernel.orgs import Directory
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")
PASSWORD = "Correct-Horse-Battery-1!"
PLACE = "320211001003"  # a community of Helie Subdistrict, Binhu District
CENTRE = "320200/12345"
CSRF = re.compile(r'name="_csrf" value="([^"]+)"')


@dataclass
class Person:
    """Somebody of the staff."""

    login: str
    account: UUID
    posts: tuple[int, ...]
    name: str


async def hire(rt: Runtime, login: str, *posts: int, name: str = "") -> Person:
    """An account that holds posts."""
    name = name or login
    account = await create_account(
        rt, SYSTEM, kind="staff", login=login, name=name, password=PASSWORD, must_change=False, demo=True
    )
    for post in posts:
        await appoint(rt, SYSTEM, post, account, note="test")
    return Person(login, account, posts, name)


def post_of(rt: Runtime, org: str, role: str) -> int:
    """The id of a post."""
    found = rt.part(Directory).post_for(org, role)
    assert found is not None, f"{org} has no {role}"
    return found.id


async def report(rt: Runtime, text: str = "中山路路灯不亮，晚上很黑", **more: object) -> UUID:
    """A resident's report; returns the incident's id. Its first task lies on the desk of intake."""
    about = {"description": text, "area": PLACE, "address": "中山路1号", "anonymous": True} | more
    return (await open_incident(rt, Actor.anonymous(), read_report(about))).id


@dataclass
class Browser:
    """A person at a browser without script."""

    http: httpx.AsyncClient
    csrf: str = ""
    last: httpx.Response | None = field(default=None, repr=False)

    async def get(self, path: str, **more: object) -> httpx.Response:
        """Open a page, following redirects."""
        self.last = await self.http.get(path, follow_redirects=True, **more)  # type: ignore[arg-type]
        self._keep_token()
        return self.last

    async def post(self, path: str, data: dict[str, object] | None = None, **more: object) -> httpx.Response:
        """Send a form with the token of the page before; redirects are not followed."""
        self.last = await self.http.post(path, data={"_csrf": self.csrf} | (data or {}), **more)  # type: ignore[arg-type]
        self._keep_token()
        return self.last

    async def follow(self) -> httpx.Response:
        """Where the last answer leads."""
        assert self.last is not None and self.last.status_code == 303, self.last
        return await self.get(self.last.headers["location"])

    async def api(self, method: str, path: str, body: object = None) -> httpx.Response:
        """A JSON call with the session of the browser."""
        headers = {"x-csrf-token": self.csrf, "accept": "application/json"}
        self.last = await self.http.request(method, path, json=body, headers=headers)
        return self.last

    async def sign_in(self, person: Person) -> Browser:
        """Through the form, as people do."""
        await self.get("/signin")
        answer = await self.post("/signin", {"account": person.login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        await self.get("/account")
        return self

    def _keep_token(self) -> None:
        found = CSRF.search(self.last.text) if self.last is not None else None
        if found:
            self.csrf = found.group(1)


@asynccontextmanager
async def browser(rt: Runtime, language: str = "zh") -> AsyncIterator[Browser]:
    """A fresh browser at the real application."""
    headers = {"accept": "text/html,application/xhtml+xml", "accept-language": language}
    transport = httpx.ASGITransport(app=create_app(rt), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://yiwang.test", headers=headers) as http:
        yield Browser(http)
