"""Organisations and posts founded, renamed and closed by page."""

from __future__ import annotations

from tests.demo_city import Demo
from yiwang.kernel.orgs import Directory


async def test_an_organisation_is_founded_staffed_renamed_and_closed(demo: Demo) -> None:
    directory = demo.rt.part(Directory)
    above = directory.org("320200")
    typed = {
        "code": "320200/haishi-ban",
        "kind": "agency",
        "name_zh": "无锡市地铁服务中心",
        "name_en": "Metro Service Centre",
    }
    async with demo.browser("demo-admin") as admin:
        page = await admin.get(f"/orgs/{above.id}")
        assert f"/orgs/{above.id}/new-org" in page.text
        wrong = await admin.post(f"/orgs/{above.id}/new-org", typed | {"code": "NO CODE"})
        assert wrong.status_code == 422
        assert "无锡市地铁服务中心" in wrong.text, "what was typed stays"
        made = await admin.post(f"/orgs/{above.id}/new-org", typed)
        assert made.status_code == 303
        org = directory.org("320200/haishi-ban")
        assert made.headers["location"] == f"/orgs/{org.id}"
        assert (await admin.post(f"/orgs/{above.id}/new-org", typed)).status_code == 409, "the code is taken"
        post = {"role": "handler", "name_zh": "承办岗", "name_en": "Handling"}
        there = (await admin.post(f"/orgs/{org.id}/new-post", post)).headers["location"]
        assert directory.post_for(org.id, "handler") is not None
        renamed = {"name_zh": "无锡地铁集团", "name_en": "Wuxi Metro"}
        assert (await admin.post(f"/orgs/{org.id}/change", renamed)).status_code == 303
        assert directory.org(org.id).name_zh == "无锡地铁集团"
        assert (await admin.post(f"/orgs/{org.id}/close")).status_code == 409, "its post is still open"
        assert (await admin.post(f"{there}/close")).status_code == 303
        assert (await admin.post(f"/orgs/{org.id}/close")).status_code == 303
        assert directory.org(org.id).closed_at is not None
        assert "/new-post" not in (await admin.get(f"/orgs/{org.id}")).text, "nothing is offered of a closed one"


async def test_nobody_else_changes_an_organisation(demo: Demo) -> None:
    org = demo.rt.part(Directory).org("320200/12345")
    async with demo.browser("leader") as leader:
        assert f"/orgs/{org.id}/" not in (await leader.get(f"/orgs/{org.id}")).text
        for verb in ("new-post", "new-org", "change", "close"):
            assert (await leader.post(f"/orgs/{org.id}/{verb}", {"name_zh": "x", "name_en": "x"})).status_code == 403
            assert (await leader.get(f"/orgs/{org.id}/{verb}")).status_code == 403
    assert demo.rt.part(Directory).org("320200/12345").name_zh == org.name_zh
