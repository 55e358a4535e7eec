"""Grants by page: one given lets somebody do what they could not, one revoked no more; nobody grants to themselves."""

from __future__ import annotations

from tests.demo_city import Demo

TYPED = {"subject_kind": "account", "subject": "intake", "action": "audit.read", "reason": "配合年度审计"}


async def test_a_grant_opens_and_its_end_closes(demo: Demo) -> None:
    async with demo.browser("demo-admin") as admin, demo.browser("intake") as intake:
        assert (await intake.get("/audit")).status_code == 403
        wrong = await admin.post("/grants/new", TYPED | {"subject": "nobody.here"})
        assert wrong.status_code == 422
        assert "配合年度审计" in wrong.text, "what was typed stays"
        assert (await admin.post("/grants/new", TYPED | {"reason": ""})).status_code == 422
        assert (await admin.post("/grants/new", TYPED)).status_code == 303
        assert (await intake.get("/audit")).status_code == 200
        listed = (await admin.get("/grants")).text
        assert "沈佳怡" in listed
        assert "配合年度审计" in listed
        grant = await demo.owner('select id from policy."grant"')
        assert (await admin.post(f"/grants/{grant}/revoke", {"reason": "审计结束"})).status_code == 303
        assert (await intake.get("/audit")).status_code == 403
        assert (await admin.post(f"/grants/{grant}/revoke", {"reason": "再来一次"})).status_code == 409


async def test_nobody_grants_to_themselves_and_only_administrators_grant(demo: Demo) -> None:
    async with demo.browser("demo-admin") as admin:
        assert (await admin.post("/grants/new", TYPED | {"subject": "demo-admin"})).status_code == 403
    async with demo.browser("leader") as leader:
        assert (await leader.get("/grants")).status_code == 403
        assert (await leader.post("/grants/new", TYPED)).status_code == 403
    assert await demo.owner('select count(*) from policy."grant"') == 0
