"""The first administrator, and the demo accounts: one person per role, with passwords of this installation only."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from yiwang.kernel.identity.accounts import create_account, find_account
from yiwang.kernel.identity.tokens import new_password
from yiwang.kernel.orgs import Directory, Post
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

ADMIN_LOGIN = "admin"
DEMO_FILE = "demo-accounts.txt"
SYSTEM = Actor.system("identity")


@dataclass(frozen=True)
class DemoPerson:
    """One demo account.

    `role` is the role of the post they hold, None for a resident. `orgs` are codes of organisations, the first that
    has
    such a post is taken; after them the post of that role nearest to `near`.
    """

    login: str
    name_zh: str
    role: str | None
    what: str
    orgs: tuple[str, ...] = ()
    near: str = ""


def demo_people(rt: Runtime) -> list[DemoPerson]:
    """The people of the demo. Names are invented; places follow the city that is loaded."""
    city = rt.settings.city
    centre = (f"{city}/12345", f"{city}/zhihui", city)
    grid = _first_grid(rt)
    street = grid[:9] if grid else ""
    return [
        DemoPerson("demo-admin", "顾明远", "admin", "系统管理 administration", centre),
        DemoPerson("intake", "沈佳怡", "intake", "受理 intake", centre),
        DemoPerson("dispatcher", "陆建华", "dispatcher", "派遣 dispatch", centre, near=grid),
        DemoPerson("handler", "吴文斌", "handler", "承办 handling", (street,), near=grid),
        DemoPerson("verifier", "华小芳", "verifier", "核实 verification on the spot", (grid,), near=grid),
        DemoPerson("callback", "钱雨桐", "callback", "回访 call-back", centre),
        DemoPerson("supervisor", "周志强", "supervisor", "督办 supervision", centre, near=grid),
        DemoPerson("steward", "许静", "steward", "数据管理 data", (f"{city}/chengguan", *centre), near=grid),
        DemoPerson("auditor", "孟凡", "auditor", "审计 audit", (*centre, f"{city}/shenji"), near=grid),
        DemoPerson("leader", "薛国梁", "leader", "领导 leadership", centre, near=grid),
        DemoPerson("resident", "王秀英", None, "居民 resident"),
    ]


def _first_grid(rt: Runtime) -> str:
    """The code of the first grid of a central district, or of whatever is deepest."""
    directory = rt.part(Directory)
    code, below = None, directory.divisions_below(None)
    while below:
        code = below[len(below) // 2].code if len(below[0].code) == 6 else below[0].code
        below = directory.divisions_below(code)
    return code or ""


async def ensure_admin(rt: Runtime) -> tuple[str, str] | None:
    """Make the first administrator when there is none: (sign-in name, generated password to print once), else None.

    They hold the city's post of administrator once a city is loaded, and must change the password and enrol a second
    factor at the first sign-in.
    """
    await rt.part(Directory).refresh()
    found = await find_account(rt, ADMIN_LOGIN)
    made = None
    if found is None:
        password = new_password()
        account = await create_account(
            rt, SYSTEM, kind="staff", login=ADMIN_LOGIN, name="系统管理员", password=password, must_change=True
        )
        made = (ADMIN_LOGIN, password)
    else:
        account = found.id
    await _appoint(rt, account, _post(rt, "admin", (f"{rt.settings.city}/12345", rt.settings.city), ""))
    return made


def _post(rt: Runtime, role: str, orgs: tuple[str, ...], near: str) -> Post | None:
    directory = rt.part(Directory)
    for code in orgs:
        org = directory.find_org(code) if code else None
        found = directory.post_for(org.id, role) if org else None
        if found is not None:
            return found
    if near:
        nearest = directory.post_near(role, near)
        if nearest is not None:
            return nearest
    anywhere = (p for o in directory.orgs() for p in directory.posts_in(o.id) if p.role == role)
    return min(anywhere, key=lambda p: p.id, default=None)


async def _appoint(rt: Runtime, account: UUID, post: Post | None) -> Post | None:
    """Give the post once; a person who has held any post is left as they are."""
    directory = await rt.part(Directory).fresh()
    if post is not None and not directory.posts_of(account, rt.clock.now()):
        await appoint(rt, SYSTEM, post.id, account)
    return post


async def load_demo_accounts(rt: Runtime) -> Path:
    """Make the demo accounts that are missing and write them to .yiwang/demo-accounts.txt; idempotent.

    Each gets a password of its own, generated here; a second factor is not demanded of them (setting
    demo_mode_totp_optional) but can be enrolled. Returns the file, readable by its owner only.
    """
    await rt.part(Directory).refresh()
    path = rt.state_path(DEMO_FILE)
    known = _passwords(path)
    lines = []
    for person in demo_people(rt):
        post = _post(rt, person.role, person.orgs, person.near) if person.role else None
        if person.role and post is None:
            continue
        account = await find_account(rt, person.login)
        if account is None:
            known[person.login] = await _make(rt, person, post)
        elif person.role:
            await _appoint(rt, account.id, post)
        label = rt.part(Directory).post_label(post.id) if post else person.what
        lines.append((person.login, known.get(person.login, "-"), person.name_zh, person.what, label))
    _write(path, lines)
    return path


async def _make(rt: Runtime, person: DemoPerson, post: Post | None) -> str:
    password = new_password(3)
    account = await create_account(
        rt,
        SYSTEM,
        kind="staff" if person.role else "resident",
        login=person.login,
        name=person.name_zh,
        org=post.org if post else None,
        password=password,
        must_change=False,
        demo=True,
    )
    await _appoint(rt, account, post)
    return password


def _passwords(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows if len(row) >= 2 and not row[0].startswith("#")}


def _write(path: Path, lines: Sequence[tuple[str, ...]]) -> None:
    wide = max((len(line[0]) for line in lines), default=8)
    rows = (f"{login:<{wide}}  {'  '.join(rest)}\n" for login, *rest in lines)
    text = "".join(rows)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


async def prepare_admin(rt: Runtime, say: Callable[[str], None]) -> None:
    """A step of the start: the first administrator; the password is told this once."""
    made = await ensure_admin(rt)
    if made is not None:
        say(f"first administrator {made[0]}, password {made[1]} (shown once; to be changed at the first sign-in)")


async def prepare_demo(rt: Runtime, say: Callable[[str], None]) -> None:
    """A step of the start of the demo: its accounts."""
    before = rt.state_path(DEMO_FILE).exists()
    path = await load_demo_accounts(rt)
    if not before:
        say(f"demo accounts written to {path}")
