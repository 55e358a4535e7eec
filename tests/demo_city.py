"""The demo city of tests: Wuxi, the demo people, the first scenario, incidents in every state; built once, cloned.

``demo`` is a fresh copy for one test; ``demo_shared`` is one copy for tests that only look. Everything in it was made
through the real actions.
"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest_asyncio
from PIL import Image

from yiwang.app import build_runtime, create_app
from yiwang.govern.actions import hold
from yiwang.govern.contract import open_incident, read_report, withdraw
from yiwang.govern.desk import complete_my_task
from yiwang.kernel.clock import MovableClock
from yiwang.kernel.db import migrate
from yiwang.kernel.identity import Origin, SignedIn, actor_for, find_account, sign_in
from yiwang.kernel.identity.bootstrap import DEMO_FILE, load_demo_accounts
from yiwang.kernel.identity.clients import issue_token, register_client
from yiwang.kernel.orgs import Directory, load_city
from yiwang.kernel.process import FileStore, mark_overdue, run_timers
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios import Package, install
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor

ROOT = Path(__file__).resolve().parent.parent
SYSTEM = Actor.system("test")
LONG_AGO = datetime.fromisoformat("2026-02-09T09:00:00+08:00")
LAST_WEEK = datetime.fromisoformat("2026-02-27T09:00:00+08:00")
START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
#: Roles of the demo that sign in at a desk; the resident comes beside them.
DESK = ("demo-admin", "intake", "dispatcher", "handler", "verifier", "callback", "supervisor", "steward", "auditor",
        "leader")  # fmt: skip
CSRF = re.compile(r'name="_csrf" value="([^"]*)"')
PLACE_OF_DEMO = "housing.property"  # the street office handles it: the post of the demo's handler


@dataclass
class Blueprint:
    """What the template database holds: keys that a test may ask for."""

    database: str
    tokens: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, UUID] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    client_id: str = "health-system"
    client_secret: str = ""
    bearer: str = ""


@dataclass
class Demo:
    """A running copy of the demo city."""

    rt: Runtime
    plan: Blueprint
    app: Any

    @asynccontextmanager
    async def browser(self, login: str = "", *, lang: str = "zh", look: str = "") -> AsyncIterator[Browser]:
        """Somebody at a browser without script; signed in when a login of the demo is named."""
        headers = {"accept": "text/html,application/xhtml+xml", "accept-language": lang}
        cookies = {"yw_session": self.plan.tokens[login]} if login else {}
        if look:
            cookies["yw_prefs"] = look
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=("10.1.2.3", 5000))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers=headers, cookies=cookies, timeout=60
        ) as http:
            yield Browser(http)

    async def task_of(self, incident: str | UUID, step: str | None = None) -> dict[str, Any]:
        """An open task of an incident: id, version, step, form."""
        key = self.plan.incidents[incident] if isinstance(incident, str) else incident
        async with self.rt.read_as_system() as db:
            rows = await db.fetch(
                "select id, version, step, form, post, state, instance from process.task "
                "where subject_id = $1 and state in ('open', 'claimed') order by opened_at",
                key,
            )
        found = [dict(row) for row in rows if step in (None, row["step"])]
        assert found, f"incident {incident} has no open task {step or ''}"
        return found[0]

    async def owner(self, sql: str, *arguments: Any) -> Any:
        """One value, read (or written) past every rule, to see what really happened."""
        async with self.rt.db.transaction("owner") as db:
            return await db.fetchval(sql, *arguments)


@dataclass
class Browser:
    """A person without script: keeps cookies, sends the token of the page before."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """Open a page, following redirects."""
        return self._keep(await self.http.get(path, follow_redirects=True, **more))

    async def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form; redirects are not followed."""
        if not self.csrf:
            await self.get("/account" if self.http.cookies.get("yw_session") else "/report")
        return self._keep(await self.http.post(path, data={"_csrf": self.csrf} | (data or {}), **more))

    async def api(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """A JSON call with the session of the browser."""
        if not self.csrf and method != "GET":
            await self.get("/account" if self.http.cookies.get("yw_session") else "/report")
        headers = {"x-csrf-token": self.csrf, "accept": "application/json"} | more.pop("headers", {})
        return await self.http.request(method, path, json=body, headers=headers, **more)

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        found = CSRF.search(answer.text) if "text/html" in answer.headers.get("content-type", "") else None
        if found:
            self.csrf = found[1]
        return answer


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A real little picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 60)).save(out, kind)
    return out.getvalue()


class _Builder:
    """Furnishes the template, step by step, as people would."""

    def __init__(self, rt: Runtime, clock: MovableClock, plan: Blueprint) -> None:
        self.rt, self.clock, self.plan = rt, clock, plan
        self.area = ""

    async def build(self) -> None:
        """Everything, in the order in which it would happen."""
        await migrate(self.rt.db, self.rt.registry.migrations())
        await self.rt.start()
        await load_city(self.rt, ROOT / "cities" / "320200")
        await install(self.rt, SYSTEM, Package.read(ROOT / "scenarios" / "resident-requests"))
        await load_demo_accounts(self.rt)
        await self._people()
        await self._incidents()
        self.clock.move_to(START)
        await run_timers(self.rt)
        await mark_overdue(self.rt)
        await self.rt.drain()
        await self.rt.part(Directory).refresh()
        await self._sessions()
        await self._client()

    async def _people(self) -> None:
        lines = self.rt.state_path(DEMO_FILE).read_text("utf-8").splitlines()
        for line in lines:
            login, password = line.split()[:2]
            found = await find_account(self.rt, login)
            assert found is not None
            self.plan.accounts[login], self.plan.passwords[login] = found.id, password
        directory = await self.rt.part(Directory).fresh()
        verifier = await actor_for(self.rt, self.plan.accounts["verifier"])
        assert verifier.post is not None
        self.area = directory.org(directory.post(verifier.post).org).division

    async def _report(self, what: str, reporter: Actor, text: str, **more: Any) -> None:
        photos = more.pop("photos", ())
        about = {"description": text, "category": PLACE_OF_DEMO, "area": self.area, "address": "湖滨街12号"} | more
        made = await open_incident(self.rt, reporter, read_report(about), photos=photos)
        self.plan.incidents[what], self.plan.codes[what] = made.id, made.code

    async def _do(self, login: str, what: str, **data: Any) -> None:
        actor = await actor_for(self.rt, self.plan.accounts[login])
        await complete_my_task(self.rt, actor, self.plan.incidents[what], data)

    async def _incidents(self) -> None:
        anybody, resident = Actor.anonymous(), await actor_for(self.rt, self.plan.accounts["resident"])
        await self._report("late", anybody, "楼道灯坏了三个星期，一直没人来修。", name="李华", phone="13812345678")
        await self._accept("late")
        self.clock.move_to(LAST_WEEK)
        photo = await self.rt.part(FileStore).keep("楼道.jpg", picture())
        await self._report(
            "opened", anybody, "小区门口垃圾成堆，味道很大。", name="王芳", phone="13912345678", photos=(photo,)
        )
        await self._report("unplaced", anybody, "不知道该归谁管的一件事。", category="", anonymous=True)
        await self._report("mine-opened", resident, "单元门禁坏了，谁都能进。")
        for name in ("handling", "mine-verifying", "calling-back", "mine-closed", "closed"):
            who = resident if name.startswith("mine") else anybody
            told = {} if who is resident else {"name": "赵敏", "phone": "13712345678"}
            await self._report(name, who, f"小区物业的事，编号{len(self.plan.incidents)}，请尽快处理。", **told)
            await self._accept(name)
        await self._to("mine-verifying", "handled")
        await self._to("calling-back", "verified")
        await self._to("mine-closed", "closed")
        await self._to("closed", "closed")
        await self._report("rejected", resident, "想问问明天天气怎么样。")
        await self._do("intake", "rejected", decision="reject", reject_reason="不属于政府职责，请查询气象台。")
        await self._report("withdrawn", resident, "看错了，其实没有问题。")
        await withdraw(self.rt, resident, await hold(self.rt, self.plan.codes["withdrawn"]), "看错了")
        await self.rt.drain()

    async def _accept(self, name: str) -> None:
        await self._do("intake", name, decision="accept", category=PLACE_OF_DEMO, title="物业问题")

    async def _to(self, name: str, stage: str) -> None:
        await self._do("handler", name, outcome="solved", measures="物业公司已到场处理，恢复正常。")
        if stage == "handled":
            return
        await self._do("verifier", name, verified=True)
        if stage == "closed":
            await self._do("callback", name, satisfied="yes", comment="反映人表示满意")

    async def _sessions(self) -> None:
        for login, password in self.plan.passwords.items():
            signed = await sign_in(self.rt, login, password, Origin("127.0.0.1", "test"))
            assert isinstance(signed, SignedIn)
            self.plan.tokens[login] = signed.token

    async def _client(self) -> None:
        org = self.rt.part(Directory).org("320200/12345").id
        async with self.rt.read_as_system() as db:
            scopes = tuple(r["name"] for r in await db.fetch("select name from identity.scope order by name"))
        _, secret = await register_client(
            self.rt, SYSTEM, client_id=self.plan.client_id, name="卫健平台", org=org, scopes=scopes,
            token_seconds=12 * 3600,
        )  # fmt: skip
        self.plan.client_secret = secret
        self.plan.bearer = (await issue_token(self.rt, self.plan.client_id, secret, "")).access_token


@pytest_asyncio.fixture(scope="session")
async def demo_plan(server, state_dir: Path) -> AsyncIterator[Blueprint]:
    """The template database of the demo city."""
    from tests.conftest import create_database, drop_database

    plan = Blueprint("template_demo")
    await create_database(server, plan.database)
    clock = MovableClock(LONG_AGO)
    rt = build_runtime(Settings(state_dir=state_dir), server.url(plan.database), clock=clock)
    try:
        await _Builder(rt, clock, plan).build()
    finally:
        await rt.close()
    yield plan
    await drop_database(server, plan.database)


@asynccontextmanager
async def copy_of(server, state_dir: Path, plan: Blueprint, **settings: Any) -> AsyncIterator[Demo]:
    """A running copy at ``START`` (plus a second, so that nothing happened at this very moment)."""
    from tests.conftest import create_database, drop_database

    name = f"demo_{uuid4().hex[:12]}"
    await create_database(server, name, plan.database)
    clock = MovableClock(START + timedelta(seconds=1))
    rt = build_runtime(Settings(state_dir=state_dir, **settings), server.url(name), clock=clock)
    try:
        await rt.start()
        await rt.part(Directory).refresh()
        yield Demo(rt, plan, create_app(rt))
    finally:
        await rt.close()
        await drop_database(server, name)


@pytest_asyncio.fixture
async def demo(server, state_dir: Path, demo_plan: Blueprint) -> AsyncIterator[Demo]:
    """A copy of the demo city for one test."""
    async with copy_of(server, state_dir, demo_plan) as made:
        yield made


@pytest_asyncio.fixture(scope="session")
async def demo_shared(server, state_dir: Path, demo_plan: Blueprint) -> AsyncIterator[Demo]:
    """One copy for all tests that change nothing that others look at."""
    async with copy_of(server, state_dir, demo_plan) as made:
        yield made


__all__ = ["Blueprint", "Browser", "Demo", "copy_of", "demo", "demo_plan", "demo_shared", "picture"]
