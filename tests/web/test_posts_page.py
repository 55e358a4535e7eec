"""The page of a post: what its people and those above them do there, and what it offers to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.demo_city import Demo
from yiwang.kernel.orgs import Directory


@pytest.fixture
def intake_post(demo: Demo) -> int:
    post = demo.rt.part(Directory).post_for("320200/12345", "intake")
    assert post is not None
    return post.id


def moment(demo: Demo, **later: float) -> str:
    return (demo.rt.clock.now() + timedelta(hours=8) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")


async def holders(demo: Demo, post: int) -> list[Any]:
    await demo.rt.part(Directory).refresh()
    return demo.rt.part(Directory).holders(post, demo.rt.clock.now())


async def test_an_administrator_appoints_hands_over_and_relieves(demo: Demo, intake_post: int) -> None:
    at, who = f"/orgs/posts/{intake_post}", demo.plan.accounts
    async with demo.browser("demo-admin") as admin:
        assert f"{at}/appoint" in (await admin.get(at)).text
        await admin.get(f"{at}/appoint")
        wrong = await admin.post(f"{at}/appoint", {"person": "nobody.at.all", "note": "顶班"})
        assert wrong.status_code == 422
        assert "nobody.at.all" in wrong.text
        assert "顶班" in wrong.text
        assert (await admin.post(f"{at}/appoint", {"person": "dispatcher"})).status_code == 303
        assert await holders(demo, intake_post) == [who["intake"], who["dispatcher"]]
        fields = {"account": str(who["dispatcher"]), "person": "callback"}
        assert (await admin.post(f"{at}/hand-over", fields)).status_code == 303
        assert await holders(demo, intake_post) == [who["intake"], who["callback"]]
        assert (await admin.post(f"{at}/dismiss", {"account": str(who["callback"])})).status_code == 303
        assert await holders(demo, intake_post) == [who["intake"]]
        assert "陆建华" in (await admin.get(at)).text, "whoever held it is in its history"


async def test_a_holder_lends_the_post_and_takes_it_back(demo: Demo, intake_post: int) -> None:
    at, directory = f"/orgs/posts/{intake_post}", demo.rt.part(Directory)
    async with demo.browser("intake") as intake:
        page = await intake.get(at)
        assert f"{at}/delegate" in page.text
        assert f"{at}/appoint" not in page.text
        assert (await intake.post(f"{at}/delegate", {"person": "callback"})).status_code == 422, "without an end"
        fields = {"person": "钱雨桐", "ends_at": moment(demo, days=2)}
        assert (await intake.post(f"{at}/delegate", fields)).status_code == 303
        now = demo.rt.clock.now()
        assert directory.delegates(intake_post, now) == [demo.plan.accounts["callback"]]
        (lent,) = directory.delegations(intake_post, now)
        assert lent.ends_at == (now + timedelta(days=2)).replace(second=0, microsecond=0), (
            "the page's time is the city's"
        )
        assert (await intake.post(f"{at}/revoke", {"entry": str(lent.id)})).status_code == 303
        assert directory.delegates(intake_post, now) == []


async def test_the_head_sets_the_roster(demo: Demo, intake_post: int) -> None:
    at, directory, who = f"/orgs/posts/{intake_post}", demo.rt.part(Directory), demo.plan.accounts
    async with demo.browser("leader") as leader:
        fields = {"account": str(who["intake"]), "starts_at": moment(demo, hours=1), "ends_at": moment(demo, hours=9)}
        assert (await leader.post(f"{at}/duty", fields)).status_code == 303
        (entry,) = directory.roster(intake_post, demo.rt.clock.now())
        assert entry.account == who["intake"]
        assert (await leader.post(f"{at}/unduty", {"entry": str(entry.id)})).status_code == 303
        assert directory.roster(intake_post, demo.rt.clock.now()) == []


async def test_a_colleague_from_elsewhere_changes_nothing(demo: Demo, intake_post: int) -> None:
    at = f"/orgs/posts/{intake_post}"
    async with demo.browser("handler") as handler:
        page = await handler.get(at)
        assert page.status_code == 200
        assert f"{at}/" not in page.text, "nothing is offered"
        for verb in ("appoint", "hand-over", "delegate", "duty", "close"):
            assert (await handler.get(f"{at}/{verb}")).status_code == 403, verb
            assert (await handler.post(f"{at}/{verb}", {"person": "handler"})).status_code == 403, verb
    assert await holders(demo, intake_post) == [demo.plan.accounts["intake"]]
