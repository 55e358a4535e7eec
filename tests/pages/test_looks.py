"""axe-core on every page: each page in several of the looks, each look on many pages."""

from __future__ import annotations

import json
from itertools import cycle

import pytest

from tests.browser.conftest import AXE, Site
from tests.pages.site_map import PAGES, Known

#: Looks go round the pages, so that each page is seen in some and each look on a quarter of the pages.
LOOKS = (
    {"lang": "zh", "theme": "light", "size": "normal", "width": 1440},
    {"lang": "en", "theme": "dark", "size": "normal", "width": 390},
    {"lang": "zh", "theme": "dark", "size": "elder", "width": 1440},
    {"lang": "en", "theme": "light", "size": "elder", "width": 390},
    {"lang": "zh", "theme": "dark", "size": "normal", "width": 390},
)
#: Pieces that a page fetches; they are looked at inside of it.
FRAGMENTS = {"/palette", "/work/inbox/news"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"""axe.run(document, {{runOnly: {json.dumps(TAGS)}, resultTypes: ["violations"]}}).then(r => JSON.stringify(
  r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v =>
    v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | "))))"""
#: What sticks out to the right, for the message.
WIDE = """[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 6).map(e => e.tagName + "." + e.className).join(" ")"""


def plan() -> list[tuple[str, str, dict[str, object]]]:
    """(who, address, look): two looks for each page, the second for another reader where there is one."""
    looks, found = cycle(LOOKS), []
    for route, (addresses, people) in PAGES.items():
        if route in FRAGMENTS:
            continue
        for address in addresses[:2]:
            for who in {people[0], people[-1]}:
                found.append((who, address, next(looks)))
    return found


def grouped() -> dict[tuple[str, int], list[tuple[str, dict[str, object]]]]:
    found: dict[tuple[str, int], list[tuple[str, dict[str, object]]]] = {}
    for who, address, look in plan():
        found.setdefault((who, LOOKS.index(look)), []).append((address, look))
    return found


@pytest.mark.parametrize("number", range(len(LOOKS)))
async def test_no_serious_violation(seen: Site, known: Known, number: int) -> None:
    wrong, source = [], AXE.read_text("utf-8")
    for (who, look), visits in sorted(grouped().items()):
        if look != number:
            continue
        visitor = await seen.visitor(login=who, **LOOKS[number])
        session = await visitor.page.context.new_cdp_session(visitor.page)
        for address, _ in visits:
            path = known.fill(address)
            answer = await visitor.page.goto(seen.base + path, wait_until="load")
            if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
                wrong.append(f"{path}: {answer.status}")
                continue
            await session.send("Runtime.evaluate", {"expression": source})
            told = await session.send(
                "Runtime.evaluate", {"expression": RUN, "awaitPromise": True, "returnByValue": True}
            )
            wrong += [
                f"{who or 'visitor'} {path} {LOOKS[number]}: {fault}" for fault in json.loads(told["result"]["value"])
            ]
            wide = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                out = await visitor.page.evaluate(WIDE)
                wrong.append(f"{path} {LOOKS[number]}: {wide}px wider than the screen: {out}")
        await visitor.close()
    assert not wrong, "\n".join(wrong)


def test_every_page_is_looked_at() -> None:
    assert {address for _, address, _ in plan()} >= {
        addresses[0] for route, (addresses, _) in PAGES.items() if route not in FRAGMENTS
    }
    assert {LOOKS.index(look) for *_, look in plan()} == set(range(len(LOOKS)))
