"""The inbox and a task as people see them: every look checked with axe, by keyboard, and without script."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from yiwang.govern.contract import open_incident, read_report
from yiwang.kernel.scenarios import Package, install_all
from yiwang.kernel.write import Actor

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ("中山路路灯不亮，晚上很黑", "人民路路面塌陷，影响通行", "小区垃圾清运不及时，异味很大")


@pytest_asyncio.fixture
async def desk(site):
    """The first scenario installed, three reports (two of them late), somebody of intake, dispatch and supervision."""
    await install_all(site.rt, Actor.system("test"), [Package.read(ROOT / "scenarios" / "resident-requests")])
    for text in TEXTS:
        about = {"description": text, "area": "320211001003", "anonymous": True}
        await open_incident(site.rt, Actor.anonymous(), read_report(about))
        site.rt.clock.advance(timedelta(hours=2))
    await site.person("shen.zhiyuan", "intake", "dispatcher", "supervisor")
    return site


async def first_task(page) -> str:
    """The address of the first task's own page."""
    value = await page.get_attribute("input[name=task]", "value")
    return f"/work/tasks/{value.split(':')[0]}?here=1"


async def test_the_pages_are_well_in_every_look(desk) -> None:
    for look in ({"width": 1440}, {"width": 390}, {"width": 1440, "lang": "en", "theme": "dark"},
                 {"width": 390, "lang": "en", "theme": "dark"}, {"width": 390, "size": "elder"}):  # fmt: skip
        visitor = await desk.visitor(login="shen.zhiyuan", **look)
        page = await visitor.open("/work/inbox")
        task = await first_task(page)
        base = task.split("?")[0]
        lists = ("/work/inbox", "/work/inbox?tab=done", "/work/inbox?q=nothing-like-it", "/work/inbox?desk=orgs")
        for path in (*lists, task, f"{base}/transfer", f"{base}/countersign", f"{base}/supervise"):
            await visitor.open(path)
            await visitor.check()
        await visitor.close()


async def test_the_inbox_is_worked_by_keyboard(desk) -> None:
    visitor = await desk.visitor(login="shen.zhiyuan")
    page = await visitor.open("/work/inbox")
    await page.keyboard.press("?")
    assert await page.is_visible("#shortcuts")
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    assert "2" in await page.inner_text("[data-count]")
    await page.keyboard.press("c")
    await page.wait_for_selector("button[name=_do]")
    await visitor.check()
    await page.click("button[name=_do]")
    await page.wait_for_selector(".note-success")
    await visitor.check()
    await page.goto(f"{desk.base}/work/inbox?mine=1")
    assert await page.locator("input[name=task]").count() == 2
    await visitor.close()


async def test_all_of_it_works_without_script(desk) -> None:
    visitor = await desk.visitor(login="shen.zhiyuan", script=False, width=390)
    page = await visitor.open("/work/inbox")
    await page.fill("input[name=q]", "路灯")
    await page.click(".filters button")
    assert await page.locator("input[name=task]").count() == 1
    task = await first_task(page)
    await page.check("input[name=task]")
    await page.click("button[value=transfer]")
    await page.fill("input[name=_q]", "hljd 承办")
    await page.fill("textarea[name=reason]", "请街道办理")
    await page.click("button[name=_find]")
    assert await page.input_value("textarea[name=reason]") == "请街道办理"
    await page.check("label:has-text('河埒街道') input[name=posts]")
    await page.click("button[name=_do]")
    assert "1 项全部完成" in await page.inner_text("main")
    await page.goto(desk.base + task)
    assert "已转办" in await page.inner_text("main")
    await visitor.close()


async def test_a_late_task_is_seen_at_a_glance(desk) -> None:
    visitor = await desk.visitor(login="shen.zhiyuan")
    page = await visitor.open("/work/inbox")
    assert await page.locator("tr[data-late]").count() >= 1
    assert "超期" in await page.inner_text("tr[data-late] >> nth=0")
    await visitor.close()
