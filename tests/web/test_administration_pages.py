"""What administrators do by page: accounts of staff and systems, scenario packages; and nobody else."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from tests.demo_city import ROOT, Demo
from yiwang.kernel.identity import Origin, SignedIn, find_account, sign_in
from yiwang.kernel.identity.clients import issue_token

FIRST = ROOT / "scenarios" / "resident-requests"
SECRET = re.compile(r"<code>([A-Za-z0-9_-]{8,})</code>")


def zipped(folder: Path, **changed: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                archive.writestr(name, changed.get(name, "") or path.read_bytes())
    return out.getvalue()


async def upload(at: Any, content: bytes, do: str) -> Any:
    await at.get("/scenarios/-/install")
    return await at.post("/scenarios/-/install", {"do": do}, files={"package": ("p.zip", content, "application/zip")})


async def test_a_new_colleague_gets_a_password_once(demo: Demo) -> None:
    typed = {"login": "zhang.san", "name": "张三", "org": "no-such-place", "phone": "13800001234"}
    async with demo.browser("demo-admin") as admin:
        wrong = await admin.post("/accounts/new", typed)
        assert wrong.status_code == 404
        assert 'value="zhang.san"' in wrong.text, "what was typed stays"
        made = await admin.post("/accounts/new", typed | {"org": "320200/12345"})
        assert made.status_code == 200
        secret = SECRET.search(made.text)
        assert secret is not None
        again = await admin.post("/accounts/new", typed | {"org": "320200/12345"})
        assert again.status_code == 409, "the sign-in name is taken"
        account = await find_account(demo.rt, "zhang.san")
        assert account is not None
        assert SECRET.search((await admin.get(f"/accounts/{account.id}")).text) is None, "it is not shown again"
    signed = await sign_in(demo.rt, "zhang.san", secret[1], Origin("127.0.0.1", "test"))
    assert isinstance(signed, SignedIn)
    assert signed.duty == "password"


async def test_a_stopped_account_is_out_at_once(demo: Demo) -> None:
    account = demo.plan.accounts["handler"]
    async with demo.browser("demo-admin") as admin, demo.browser("handler") as handler:
        assert (await handler.get("/work/inbox")).status_code == 200
        assert (await admin.post(f"/accounts/{account}/disable")).status_code == 303
        left = await handler.http.get("/work/inbox")
        assert left.headers.get("location", "").startswith("/signin")
        assert (await admin.post(f"/accounts/{account}/enable")).status_code == 303
    assert await demo.owner("select state from identity.account where id = $1", account) == "active"


async def test_a_system_gets_a_new_secret(demo: Demo) -> None:
    account = await demo.owner("select id from identity.account where login = $1", demo.plan.client_id)
    async with demo.browser("demo-admin") as admin:
        shown = await admin.post(f"/accounts/{account}/rotate")
    secret = SECRET.search(shown.text)
    assert secret is not None
    assert (await issue_token(demo.rt, demo.plan.client_id, secret[1], "")).access_token


async def test_a_resident_is_not_found_among_the_accounts(demo: Demo) -> None:
    async with demo.browser("demo-admin") as admin:
        assert (await admin.get(f"/accounts/{demo.plan.accounts['resident']}")).status_code == 404
        assert "没有找到" in (await admin.get("/accounts?q=王秀英")).text


async def test_nobody_else_looks_after_accounts_and_packages(demo: Demo) -> None:
    other = demo.plan.accounts["dispatcher"]
    async with demo.browser("intake") as intake:
        for path in ("/accounts", "/accounts/new", f"/accounts/{other}", "/scenarios/-/install"):
            refused = await intake.get(path)
            assert refused.status_code == 403, path
            assert "/why/" in refused.text, "the refusal is explained"
        for verb in ("disable", "reset-password", "reset-totp"):
            assert (await intake.post(f"/accounts/{other}/{verb}")).status_code == 403, verb
        assert (await intake.post("/scenarios/resident-requests/remove", {"do": "retire"})).status_code == 403
        assert (await upload_as(intake)).status_code == 403
    assert await demo.owner("select state from identity.account where id = $1", other) == "active"


async def upload_as(at: Any) -> Any:
    return await at.post("/scenarios/-/install", {"do": "install"}, files={"package": ("p.zip", zipped(FIRST))})


async def test_a_package_is_checked_upgraded_and_retired(demo: Demo) -> None:
    newer = (FIRST / "scenario.toml").read_text("utf-8").replace('version = "1.0.0"', 'version = "1.0.1"')
    good, version = zipped(FIRST, **{"scenario.toml": newer}), "select version from scenario.package where id = $1"
    async with demo.browser("demo-admin") as admin:
        assert (await upload(admin, b"no archive", "check")).status_code == 422
        broken = await upload(admin, zipped(FIRST, **{"forms/accept.json": "{"}), "install")
        assert broken.status_code == 422
        assert "forms/accept.json" in broken.text, "every problem with its place"
        assert (await upload(admin, good, "check")).status_code == 200
        assert await demo.owner(version, "resident-requests") == "1.0.0", "a check changes nothing"
        assert (await upload(admin, good, "install")).status_code == 303
        assert await demo.owner(version, "resident-requests") == "1.0.1"
        asked = await admin.post("/scenarios/resident-requests/remove", {"do": "remove"})
        assert asked.status_code == 409
        assert 'value="retire"' in asked.text, "work is open: retiring is offered"
        assert (await admin.post("/scenarios/resident-requests/remove", {"do": "retire"})).status_code == 303
    assert await demo.owner("select state from scenario.package where id = $1", "resident-requests") == "retired"
