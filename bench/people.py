"""People of a bench: signed in as a browser does it, and put on posts that the demo leaves empty."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

from bench.http_load import Answer, Client
from yiwang.app import build_runtime
from yiwang.kernel.identity.accounts import create_account
from yiwang.kernel.orgs import Directory
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor

_CSRF = re.compile(rb'name="_csrf" value="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"


def _csrf(answer: Answer) -> str:
    found = _CSRF.search(answer.body)
    if found is None:
        raise RuntimeError(f"no CSRF token in the page ({answer.status}): {answer.body[:300]!r}")
    return found.group(1).decode()


class Person:
    """A signed-in person: any number of connections share the session."""

    def __init__(self, url: str, cookies: dict[str, str], csrf: str) -> None:
        self._url, self._cookies, self._csrf = url, cookies, csrf

    def client(self) -> Client:
        """A further connection of theirs."""
        client = Client(self._url)
        client.cookies = dict(self._cookies)
        client.headers = {"x-csrf-token": self._csrf}
        return client


async def sign_in(url: str, login: str, password: str) -> Person:
    """Through the page, as a browser."""
    client = Client(url)
    form = {"_csrf": _csrf(await client.request("GET", "/signin")), "account": login, "password": password}
    answer = await client.request("POST", "/signin", urlencode(form).encode(), Content_Type=_FORM)
    if answer.status not in (302, 303):
        raise RuntimeError(f"{login} could not sign in: {answer.status} {answer.body[:300]!r}")
    page = await client.request("GET", "/account")
    client.close()
    return Person(url, client.cookies, _csrf(page))


async def put_on_posts(
    database_url: str, state: Path, posts: dict[str, tuple[str, str]], password: str
) -> dict[str, int]:
    """Make an account for each login and appoint it to the post (organisation, role); returns the posts."""
    rt = build_runtime(Settings(state_dir=state), database_url)
    by = Actor.system("bench")
    found: dict[str, int] = {}
    try:
        await rt.start()
        for login, (org, role) in posts.items():
            post = rt.part(Directory).post_for(org, role)
            if post is None:
                raise RuntimeError(f"{org} has no post {role}")
            account = await create_account(
                rt, by, kind="staff", login=login, name=login, password=password, must_change=False, demo=True
            )
            await appoint(rt, by, post.id, account, note="bench")
            found[login] = post.id
    finally:
        await rt.close()
    return found
