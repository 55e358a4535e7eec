"""The shell's own pages as people see them: languages, widths, light and dark, elder, with and without script."""

from __future__ import annotations

import re

PUBLIC = ("/", "/status", "/signin")
DESK = (
    "/orgs", "/orgs/place/320211", "/orgs?q=城管", "/scenarios", "/audit", "/messages/dead", "/notices",
    "/mine/messages", "/search?q=组织", "/styleguide",
)  # fmt: skip
ALL_ROLES = ("admin", "auditor", "dispatcher", "supervisor")
#: Names and formats that are the same in every language.
ALLOWED = re.compile(r"Language|BPMN|URL|\.zip|Ctrl|Esc|K\b|12345|MB", re.I)


async def test_public_pages_are_well_in_every_look(site) -> None:
    for look in ({"width": 390}, {"width": 1440, "theme": "dark"}, {"lang": "en", "width": 390, "theme": "dark"},
                 {"width": 390, "size": "elder"}):  # fmt: skip
        visitor = await site.visitor(**look)
        for path in PUBLIC:
            await visitor.open(path)
            await visitor.check()
        await visitor.close()


async def test_desk_pages_are_well_in_both_languages_and_widths(site) -> None:
    await site.person("shen.zhiyuan", *ALL_ROLES)
    for look in ({"width": 1440}, {"width": 390, "lang": "en", "theme": "dark"}):
        visitor = await site.visitor(login="shen.zhiyuan", **look)
        for path in DESK:
            await visitor.open(path)
            await visitor.check()
        await visitor.close()


async def test_a_resident_meets_no_english_word(site) -> None:
    visitor = await site.visitor(width=390)
    for path, status in (*((p, 200) for p in PUBLIC), ("/no-such-page", 404)):
        page = await visitor.open(path, status)
        text = await page.evaluate("[...document.querySelectorAll('main, footer')].map(e => e.innerText).join(' ')")
        text = re.sub(r"\b[0-9a-f]{32}\b", "", text)
        words = [w for w in re.findall(r"[A-Za-z]{2,}", text) if not ALLOWED.search(w)]
        assert not words, f"{path}: {words}"
    await visitor.close()


async def test_a_resident_needs_no_script(site) -> None:
    visitor = await site.visitor(width=390, script=False)
    page = await visitor.open("/")
    await page.click("details.drop > summary")
    await page.click("a[href*='size=elder']")
    assert await page.get_attribute("html", "data-size") == "elder"
    await page.click("details.drop > summary")
    await page.click("a[href*='lang=en']")
    assert await page.get_attribute("html", "lang") == "en"
    assert await page.get_attribute("html", "data-size") == "elder", "one choice keeps the others"
    await visitor.close()


async def test_a_resident_page_loads_almost_nothing(site) -> None:
    visitor = await site.visitor(width=390)
    loaded: list[int] = []
    visitor.page.on("requestfinished", lambda r: loaded.append(1))
    await visitor.open("/")
    bytes_ = await visitor.page.evaluate(
        "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    assert bytes_ < 60_000, f"{bytes_} bytes"
    await visitor.close()


async def test_the_palette_goes_anywhere_by_keyboard(site) -> None:
    await site.person("shen.zhiyuan", *ALL_ROLES)
    visitor = await site.visitor(login="shen.zhiyuan")
    page = await visitor.open("/audit")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("组织")
    await page.wait_for_selector("#palette [role=option][aria-selected=true]:has-text('组织机构')")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/orgs")
    await visitor.check()
    await visitor.close()


async def test_map_chart_and_diagram_draw(site) -> None:
    await site.person("shen.zhiyuan", "admin")
    visitor = await site.visitor(login="shen.zhiyuan")
    page = await visitor.open("/styleguide")
    for selector, drawn in (
        (".island.map", ".island.map[data-ready]"),
        ("[data-island=chart]", "[data-island=chart] canvas"),
        (".island.diagram", ".island.diagram .djs-shape.is-active"),
    ):
        await page.locator(selector).first.scroll_into_view_if_needed()
        await page.wait_for_selector(drawn, timeout=20_000)
    assert await page.locator(".bjs-powered-by").is_visible(), "the watermark stays"
    await visitor.check()
    await visitor.close()
