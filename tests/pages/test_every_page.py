"""Every page for everybody that it is for, in both languages: right status, right language, nothing broken in it."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.demo_city import Demo
from tests.pages.reading import KEY, UNFILLED, is_page, language, sentences
from tests.pages.site_map import OTHER, PAGES, Known, routes, visits

VISITS = sorted(visits())
PEOPLE = sorted({who for who, _ in VISITS})
#: Words that look like a key and are names: actions in the audit log, file names of packages.
NAMES_OK = ("/audit", "/why/", "/scenarios/", "/styleguide", "/messages/dead")
#: Pages that lead on: a desk to its first list, boards to the first board, a task to the page of what it is about.
LEADING_ON = ("/desk", "/assess", "/signin/totp", "/work/tasks/")


def test_every_route_that_answers_a_reader_is_on_the_map() -> None:
    known = set(PAGES) | OTHER
    there = {route.path for route in routes("GET")}
    assert there - known == set(), "pages nobody visits here: add them to tests/pages/site_map.py"
    assert known - there == set(), "pages that are gone"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who or "visitor")
async def test_pages_answer(demo_shared: Demo, known: Known, who: str, lang: str) -> None:
    wrong = []
    async with demo_shared.browser(who, look=f"{lang}.light.normal") as at:
        for address in (known.fill(a) for w, a in VISITS if w == who):
            answer = await at.http.get(address)
            if answer.status_code in (303, 307) and address.startswith(LEADING_ON):
                answer = await at.get(address)
            if answer.status_code != 200:
                wrong.append(f"{address}: {answer.status_code} {answer.headers.get('location', '')}")
                continue
            wrong += [f"{address}: {fault}" for fault in faults(address, answer, lang)]
    assert not wrong, "\n".join(wrong)


def faults(address: str, answer, lang: str) -> list[str]:
    """What is wrong with a page for any reader."""
    if not is_page(answer):
        return []
    found = []
    if "<html" in answer.text:
        if language(answer.text) != {"zh": "zh-CN", "en": "en"}[lang]:
            found.append(f"says it is in {language(answer.text)!r}")
        if answer.text.count("<h1") != 1:
            found.append(f"has {answer.text.count('<h1')} main headings")
    told = list(sentences(answer.text)) if "<body" in answer.text else []
    for where, text in told:
        if UNFILLED.search(text) or (KEY.search(text) and not address.startswith(NAMES_OK)):
            found.append(f"{where}: {text[:100]}")
    return found


def test_the_map_names_everybody_of_the_demo() -> None:
    people = {who for who, _ in groupby(VISITS, key=lambda visit: visit[0])}
    assert {"", "resident", "intake", "dispatcher", "handler", "verifier", "callback", "supervisor", "steward",
            "auditor", "leader", "demo-admin"} <= people  # fmt: skip
