"""A resident needs no script: report with a photo, track, withdraw, ask again, rate, sign in."""

from __future__ import annotations

from pathlib import Path

from tests.browser.conftest import Site
from tests.demo_city import Demo, picture


async def test_report_with_a_photo_then_track_and_withdraw(visited: Site, demo: Demo, tmp_path: Path) -> None:
    photo = tmp_path / "lamp.jpg"
    photo.write_bytes(picture(size=(320, 240)))
    visitor = await visited.visitor(width=390, script=False)
    page = await visitor.open("/")
    await page.click("a[href='/report']")
    await page.fill("[name=description]", "小区东门的路灯坏了一个星期，晚上看不见路。")
    await page.set_input_files("[name=photos]", str(photo))
    await page.fill("[name=address]", "湖滨街12号")
    await page.select_option("[name=street]", demo_area(demo)[:9])
    await page.click("button[name=step]")
    assert await page.input_value("[name=description]"), "choosing a street keeps the text"
    assert await page.locator("[name=kept]").count() == 1, "and the photo"
    await page.select_option("[name=community]", demo_area(demo)[:12])
    await page.locator(".form-foot button").click()
    code = (await page.locator("output").inner_text()).strip()
    assert "/report/received" in page.url
    await page.reload()
    assert (await page.locator("output").inner_text()).strip() == code, "loading the receipt again shows the same"

    await visitor.open("/track")
    await page.fill("[name=code]", code.lower())
    await page.press("[name=code]", "Enter")
    assert "路灯" in await page.inner_text("main")
    await page.click("details summary:has-text('撤')")
    await page.fill("form[action$='/withdraw'] [name=reason]", "已经修好了")
    await page.click("form[action$='/withdraw'] button")
    key = await demo.owner("select id from govern.incident order by opened_at desc, number desc limit 1")
    assert await demo.owner("select state from govern.incident where id = $1", key) == "withdrawn"
    assert await demo.owner("select count(*) from process.attachment where subject_id = $1", key) == 1
    await visitor.close()


def demo_area(demo: Demo) -> str:
    """The grid of the demo's people."""
    from yiwang.kernel.orgs import Directory

    directory = demo.rt.part(Directory)
    held = directory.posts_of(demo.plan.accounts["verifier"], demo.rt.clock.now())[0]
    return directory.org(held.post.org).division


async def test_rate_and_ask_again_by_code(visited: Site, demo: Demo) -> None:
    visitor = await visited.visitor(width=390, script=False)
    code, key = demo.plan.codes["closed"], demo.plan.incidents["closed"]
    page = await visitor.open(f"/track?code={code}")
    if await page.locator("form[action$='/rate']").count():
        await page.check("form[action$='/rate'] [name=satisfied][value=partly]")
        await page.click("form[action$='/rate'] button")
    await page.click("details summary:has-text('重')")
    await page.fill("form[action$='/reopen'] [name=reason]", "没过两天又坏了，请再来看看。")
    await page.click("form[action$='/reopen'] button")
    assert await demo.owner("select reopened from govern.incident where id = $1", key) == 1
    assert await demo.owner("select state from govern.incident where id = $1", key) != "closed"
    await visitor.close()


async def test_sign_in_see_ones_reports_and_sign_out(visited: Site, demo: Demo) -> None:
    visitor = await visited.visitor(width=390, script=False)
    page = await visitor.open("/signin")
    await page.fill("[name=account]", "resident")
    await page.fill("[name=password]", "not it")
    await page.press("[name=password]", "Enter")
    assert await page.input_value("[name=account]") == "resident", "the name is kept"
    await page.fill("[name=password]", demo.plan.passwords["resident"])
    await page.press("[name=password]", "Enter")
    await visitor.open("/my/reports")
    assert await page.locator("main a[href^='/my/reports/']").count() >= 5
    await page.locator("main a[href^='/my/reports/']").first.click()
    await page.click("header details.drop:last-of-type > summary")
    await page.click("form[action='/signout'] button")
    await page.goto(visited.base + "/my/reports")
    assert "/signin" in page.url
    await visitor.close()
