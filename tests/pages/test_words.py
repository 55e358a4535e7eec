"""A resident meets no English word in the Chinese pages, staff only the few that are names; nothing is left unsaid."""

from __future__ import annotations

import re

import pytest

from tests.demo_city import DESK, Demo
from tests.pages.reading import KEY, WORD, is_page, links, sentences
from tests.pages.site_map import PAGES, Known, visits

#: The same in every language; each with its reason.
RESIDENT_OK = {
    "language": "the switch to English names itself in English, marked as such or not",
    "english": "likewise",
    "jpeg": "kinds of pictures have no Chinese names", "jpg": "likewise", "png": "likewise", "webp": "likewise",
    "heic": "likewise", "mb": "a unit", "km": "a unit", "app": "said so in Chinese too",
    "yiwang": "the name on the footer's licence line",
}  # fmt: skip
#: For staff: formats and standards, keys of the keyboard, units, the names of the policy language.
STAFF_OK = RESIDENT_OK | dict.fromkeys(
    ["cel", "bpmn", "json", "dmn", "csv", "xml", "sms", "url", "id", "ip", "nats", "postgresql", "ctrl", "esc", "enter",
     "shift", "cedar", "http", "https", "zip", "io", "uuid", "dataset", "toml", "totp", "readme", "md", "api", "ms",
     "hldj"],
    "a format, a standard, a key, or initials typed to find a post",
)  # fmt: skip
#: Login names and codes that belong to the thing shown, not to our words.
PEOPLE = "|".join(name.removeprefix("demo-") for name in (*DESK, "resident"))
CODES = re.compile(
    "|".join(
        (
            r"[0-9a-f]{8}-[0-9a-f-]{27}", r"\b[0-9a-f]{32,64}\b",  # keys, digests
            r"[\w.-]+@[\w.-]+", r"https?://\S+",
            r"\b[a-z][a-z0-9-]*(?:[._/][a-z0-9_-]+)+\b",  # keys of categories, paths
            r"\b[A-Z0-9]{3,5}(?:-[A-Z0-9]{3,5})+\b",  # tracking codes
            r"\b[A-Z2-7]{32}\b",  # the seed of a second factor
            r"\b\d{6}/[a-z]+\b",  # codes of organisations
            rf"\b(?:demo-)?(?:{PEOPLE})\b", r"resident-requests?", r"report-a-problem",
            r"\bhealth-system\b",  # the sign-in name of a system
        )
    )
)  # fmt: skip
#: Pages whose matter is technical: keys of actions, elements of diagrams, texts of a package's authors.
TECHNICAL = ("/audit", "/messages/dead", "/styleguide", "/scenarios/", "/why/", "/notices", "/datasets/", "/status")
RESIDENT_PAGES = ("", "resident")


def english(text: str, allowed: dict[str, str]) -> list[str]:
    return [w for w in WORD.findall(CODES.sub(" ", text)) if w.lower() not in allowed]


async def crawl(at, starts: list[str], most: int = 120) -> dict[str, str]:
    """Every page that links lead to from here: address -> text."""
    seen: dict[str, str] = {}
    waiting = list(starts)
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen:
            continue
        answer = await at.get(address)
        if not is_page(answer):
            seen[address] = ""
            continue
        assert answer.status_code < 500, address
        seen[address] = answer.text
        waiting += [link for link in links(answer.text) if link not in seen]
    return {address: text for address, text in seen.items() if "<body" in text}


@pytest.mark.parametrize("who", RESIDENT_PAGES, ids=["visitor", "resident"])
async def test_a_resident_meets_no_english_word(demo_shared: Demo, known: Known, who: str) -> None:
    starts = ["/", *(known.fill(a) for w, a in visits() if w == who), "/no-such-page", "/orgs", "/incidents",
              "/track?code=1234", "/scenarios"]  # fmt: skip
    async with demo_shared.browser(who, look="zh.light.normal") as at:
        found = await crawl(at, starts)
    assert len(found) > 15, "the crawl went nowhere"
    wrong = [
        f"{address}: {where}: {text[:80]} -> {words}"
        for address, page in found.items()
        for where, text in sentences(page)
        if (words := english(text, RESIDENT_OK))
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("who", DESK)
async def test_staff_read_chinese(demo_shared: Demo, known: Known, who: str) -> None:
    wrong = []
    async with demo_shared.browser(who, look="zh.light.normal") as at:
        for address in (known.fill(a) for w, a in visits() if w == who):
            answer = await at.get(address)
            if address.startswith(TECHNICAL) or not is_page(answer) or "<body" not in answer.text:
                continue
            wrong += [
                f"{address}: {where}: {text[:80]} -> {words}"
                for where, text in sentences(answer.text)
                if (words := english(text, STAFF_OK))
            ]
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("who", RESIDENT_PAGES, ids=["visitor", "resident"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_nothing_is_left_unsaid_to_a_resident(demo_shared: Demo, known: Known, who: str, lang: str) -> None:
    wrong = []
    async with demo_shared.browser(who, look=f"{lang}.light.normal") as at:
        for address in (known.fill(a) for w, a in visits() if w == who):
            answer = await at.get(address)
            told = list(sentences(answer.text)) if is_page(answer) else []
            wrong += [
                f"{address}: {where}: {text}" for where, text in told if text in {"—", "-", "--"} or KEY.search(text)
            ]
    assert not wrong, "\n".join(sorted(set(wrong)))


async def test_the_english_pages_are_english(demo_shared: Demo, known: Known) -> None:
    """Names of places, people and what people wrote stay Chinese; headings, buttons and hints do not."""
    own = re.compile(r"[\u4e00-\u9fff]")
    wrong = []
    for who in ("", "resident"):
        async with demo_shared.browser(who, look="en.light.normal") as at:
            for address in (known.fill(a) for w, a in visits() if w == who):
                answer = await at.get(address)
                if not is_page(answer):
                    continue
                wrong += [
                    f"{address}: {where}: {text[:60]}"
                    for where, text in sentences(answer.text)
                    if own.search(text) and where in {"button", "label", "legend", "input[placeholder]", "h2", "h3"}
                    and text not in {"中文", "Language / 语言"}
                ]  # fmt: skip
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_map_has_pages_for_residents() -> None:
    assert sum("" in people or "resident" in people for _, people in PAGES.values()) > 12
