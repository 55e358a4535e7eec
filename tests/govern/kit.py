"""Help for tests over HTTP: a city with the package installed, people with passwords, forms as a browser sends them."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from tests.govern.conftest import HEHUI
from yiwang.app import create_app
from yiwang.kernel.identity import create_account
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.scenarios import Package, install
from yiwang.kernel.scenarios.store import installed as installed_packages
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")
PASSWORD = "a calm river at dawn"
PACKAGE = Path(__file__).resolve().parents[2] / "scenarios" / "resident-requests"
REPORT = {
    "description": "小区门口路灯不亮了，晚上很黑。",
    "category": "road.light",
    "area": HEHUI,
    "address": "惠河路12号",
}


async def with_package(rt) -> None:
    async with rt.read_as_system() as db:
        if await installed_packages(db):
            return  # the template of this module has it
    await install(rt, SYSTEM, Package.read(PACKAGE))


def browser(rt, *, lang: str = "zh", address: str = "10.1.2.3") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(rt), client=(address, 5000))
    headers = {"accept": "text/html", "accept-language": lang}
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers, timeout=30)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]


async def person(rt, login: str, *, kind: str = "staff", name: str = "李雷", post: int | None = None):
    made = await create_account(
        rt, SYSTEM, login=login, kind=kind, name=name, password=PASSWORD, must_change=False, demo=True
    )
    key = getattr(made, "id", made)
    if post is not None:
        await appoint(rt, SYSTEM, post, key)
    return key


async def sign_in(http: httpx.AsyncClient, login: str) -> None:
    html = (await http.get("/signin")).text
    answer = await http.post("/signin", data={"_csrf": hidden(html, "_csrf"), "account": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.text[-500:]


async def csrf_of(http: httpx.AsyncClient, path: str = "/report") -> dict[str, str]:
    return {"x-csrf-token": hidden((await http.get(path)).text, "_csrf"), "accept": "application/json"}
