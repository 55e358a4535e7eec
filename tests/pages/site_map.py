"""Every page there is, and who it is for. A route that is not here makes a test red."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.routing import compile_path

from tests.demo_city import DESK, Demo
from yiwang.app import build_runtime
from yiwang.kernel.orgs import Directory
from yiwang.kernel.settings import Settings

ANYBODY = ("", "resident", "intake")
PEOPLE = ("resident", "intake", "demo-admin")
#: Route -> (addresses with names of ``Known`` in them, who it is for: "" is a visitor without an account).
PAGES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "/": (("/",), ANYBODY),
    "/status": (("/status",), (*ANYBODY, "demo-admin")),
    "/signin": (("/signin", "/signin?next=%2Fdesk"), ("",)),
    "/signin/totp": (("/signin/totp",), ("",)),
    "/password/forgot": (("/password/forgot",), ("",)),
    "/register": (("/register",), ("",)),
    "/services": (("/services", "/services?q=路灯"), ANYBODY),
    "/services/{key:path}": (("/services/report-a-problem",), ANYBODY),
    "/report": (("/report", "/report?street={street}"), ANYBODY),
    "/track": (("/track", *(f"/track?code={{code_{n}}}" for n in (
        "late", "opened", "handling", "closed", "calling_back", "rejected", "withdrawn"))), ANYBODY),
    "/account": (("/account",), (*PEOPLE, "auditor")),
    "/account/password": (("/account/password",), PEOPLE),
    "/account/totp": (("/account/totp",), ("intake", "demo-admin")),
    "/account/notices": (("/account/notices",), PEOPLE),
    "/mine/messages": (("/mine/messages",), PEOPLE),
    "/my/reports": (("/my/reports",), ("resident",)),
    "/my/reports/{incident}": (tuple(f"/my/reports/{{{n}}}" for n in (
        "mine_opened", "mine_verifying", "mine_closed", "rejected", "withdrawn")), ("resident",)),
    "/desk": (("/desk",), DESK),
    "/search": (("/search", "/search?q=组织", "/search?q=物业"), DESK),
    "/palette": (("/palette?q=组织",), DESK),
    "/styleguide": (("/styleguide",), ("demo-admin",)),
    "/orgs": (("/orgs", "/orgs?q=城管"), DESK),
    "/orgs/place/{code}": (("/orgs/place/320211", "/orgs/place/{street}", "/orgs/place/{area}"), ("intake", "leader")),
    "/orgs/{org_id:int}": (("/orgs/{org}",), ("intake", "demo-admin")),
    "/orgs/{org:int}/{verb}": (
        tuple(f"/orgs/{{org}}/{v}" for v in ("new-post", "new-org", "change", "close")), ("demo-admin",)),
    "/orgs/posts/{post:int}": (("/orgs/posts/{post}",), ("intake", "demo-admin", "leader")),
    "/orgs/posts/{post:int}/{verb}": (
        tuple(f"/orgs/posts/{{post}}/{v}" for v in ("appoint", "hand-over", "duty", "close")), ("demo-admin",)),
    "/accounts": (("/accounts", "/accounts?q=intake"), ("demo-admin",)),
    "/accounts/new": (("/accounts/new",), ("demo-admin",)),
    "/accounts/{account:uuid}": (("/accounts/{account}",), ("demo-admin",)),
    "/grants": (("/grants", "/grants?ended=1"), ("demo-admin",)),
    "/grants/new": (("/grants/new",), ("demo-admin",)),
    "/scenarios/-/install": (("/scenarios/-/install",), ("demo-admin",)),
    "/scenarios/{package}/remove": (("/scenarios/resident-requests/remove",), ("demo-admin",)),
    "/scenarios": (("/scenarios",), DESK),
    "/scenarios/{package}": (("/scenarios/resident-requests",), ("intake", "demo-admin")),
    "/audit": (("/audit", "/audit?action=incident.open"), ("auditor",)),
    "/messages/dead": (("/messages/dead",), ("demo-admin",)),
    "/notices": (("/notices",), ("demo-admin",)),
    "/why/{refusal}": (("/why/{refusal}",), ("intake",)),
    "/datasets": (("/datasets",), DESK),
    "/datasets/{package}/{name}": (("/datasets/resident-requests/requests",), ("steward", "intake")),
    "/incidents": (("/incidents", "/incidents?state=all", "/incidents?state=closed&q=物业"), DESK),
    "/incidents/{incident}": (
        tuple(f"/incidents/{{{n}}}" for n in ("late", "opened", "handling", "calling_back", "closed")),
        ("intake", "supervisor", "leader", "dispatcher"),
    ),
    "/work/inbox": (("/work/inbox", "/work/inbox?q=物业"), DESK),
    "/work/inbox/news": (("/work/inbox/news",), ("intake",)),
    "/work/tasks/{task}": (("/work/tasks/{task_opened}",), ("intake",)),
    "/work/tasks/{task}/{verb}": (
        tuple(f"/work/tasks/{{task_opened}}/{v}" for v in ("transfer", "delegate", "countersign", "circulate")),
        ("intake",),
    ),
    "/assess": (("/assess",), ("leader", "supervisor", "intake")),
    "/assess/{package}/{name}": (("{board}", "{board}?by=category"), ("leader", "supervisor")),
}  # fmt: skip
#: Not pages for a reader: data for scripts, files, redirects, pages that need a ticket of a flow (tested on their own).
OTHER = {
    "/metrics", "/prefs", "/kept", "/map/{code}.json", "/scenarios/{package}/processes/{key}.bpmn",
    "/scenarios/{package}/export", "/oidc/{key}/start", "/oidc/{key}/callback", "/notices/stop", "/report/communities",
    "/report/received", "/work/bulk", "/incidents/export.csv", "/incidents/{incident}/files/{key}",
    "/incidents/{incident}/process.bpmn", "/work/files/{key}", "/work/diagrams/{instance}.bpmn",
    "/assess/{package}/{name}.csv",
}  # fmt: skip


def routes(method: str, *, api: bool = False) -> list[Any]:
    """Every route of every room for a method: pages, or those of the API."""
    rt = build_runtime(Settings(state_dir=Path("/nonexistent")), "postgresql://nobody@127.0.0.1:1/none")
    found = [r for router in rt.registry.all("routers") for r in router.routes]
    return [r for r in found if method in (r.methods or ()) and r.include_in_schema == api]


def route_of(path: str) -> str | None:
    """The page that an address belongs to, of those in ``PAGES``."""
    for pattern in sorted(PAGES, key=lambda p: ("{" in p, -len(p))):
        if compile_path(pattern)[0].match(path):
            return pattern
    return None


@dataclass
class Known:
    """Real keys of the demo city, by the names that addresses use."""

    values: dict[str, str]

    def fill(self, address: str) -> str:
        """The address with its keys."""
        return address.format_map(self.values)

    @classmethod
    async def of(cls, demo: Demo) -> Known:
        """Look them up; makes one refusal, so that there is one to explain."""
        values = {name.replace("-", "_"): str(key) for name, key in demo.plan.incidents.items()}
        values |= {f"code_{name.replace('-', '_')}": code for name, code in demo.plan.codes.items()}
        async with demo.rt.read_as_system() as db:
            area = await db.fetchval("select area from govern.incident where id = $1", demo.plan.incidents["opened"])
        task = await demo.task_of("opened")
        async with demo.browser("intake") as intake:
            refused = await intake.http.get("/audit")
            assert refused.status_code == 403, "intake reads no audit"
            values["refusal"] = refused.text.split("/why/", 1)[1][:36] if "/why/" in refused.text else ""
            assert values["refusal"], "a refusal names its page"
        async with demo.browser("leader") as leader:
            values["board"] = str((await leader.get("/assess")).url.path)
        values |= {
            "area": area, "street": area[:9], "task_opened": str(task["id"]),
            "org": str(demo.rt.part(Directory).org("320200/12345").id),
            "account": str(demo.plan.accounts["intake"]),
            "post": str(demo.rt.part(Directory).post_for("320200/12345", "intake").id),
        }  # fmt: skip
        return cls(values)


def visits() -> list[tuple[str, str]]:
    """(who, address) for every page and everybody that it is for."""
    return [(who, address) for addresses, people in PAGES.values() for who in people for address in addresses]
