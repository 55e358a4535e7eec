"""Everything by keyboard: the skip link, the rows of the inbox, the palette."""

from __future__ import annotations

from tests.browser.conftest import Site


async def test_the_first_tab_skips_to_the_content(seen: Site) -> None:
    for login, path in (("", "/"), ("", "/report"), ("intake", "/work/inbox")):
        visitor = await seen.visitor(login=login)
        page = await visitor.open(path)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip", path
        box = await page.locator("a.skip").bounding_box()
        assert box["y"] >= 0, "it is seen when it has the focus"
        await page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        await page.keyboard.press("Tab")
        inside = await page.evaluate("document.querySelector('#main').contains(document.activeElement)")
        assert inside, f"{path}: the next stop is in the content"
        await visitor.close()


async def test_rows_of_the_inbox_are_walked_ticked_and_opened(seen: Site) -> None:
    visitor = await seen.visitor(login="intake")
    page = await visitor.open("/work/inbox")
    assert await page.locator("[data-rows] tr").count() >= 3
    current = "[...document.querySelectorAll('[data-rows] tr')].findIndex(r => r.contains(document.activeElement) || " \
              "r.matches('[aria-current],[data-current],.is-current,[aria-selected=true]'))"  # fmt: skip
    await page.keyboard.press("j")
    first = await page.evaluate(current)
    await page.keyboard.press("j")
    second = await page.evaluate(current)
    await page.keyboard.press("k")
    assert first >= 0
    assert second == first + 1
    assert await page.evaluate(current) == first
    await page.keyboard.press("x")
    assert await page.locator("[data-rows] input[type=checkbox]:checked").count() == 1
    await page.keyboard.press("x")
    assert await page.locator("[data-rows] input[type=checkbox]:checked").count() == 0
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "/work/inbox" not in url)
    await visitor.close()


async def test_the_palette_finds_an_incident_and_opens_it(seen: Site) -> None:
    visitor = await seen.visitor(login="intake")
    page = await visitor.open("/work/inbox")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("垃圾")
    await page.wait_for_selector("#palette [role=option]:has-text('垃圾')")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    assert not await page.locator("#palette[open]").count()
    await visitor.close()
