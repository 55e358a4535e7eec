"""The inbox as a question: reading it from an address, writing it back, what is refused."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.process.queries import Filters
from yiwang.kit.ids import new_id
from yiwang.work.errors import FilterWrong
from yiwang.work.model import TABS, Asked

SHANGHAI = ZoneInfo("Asia/Shanghai")
words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60).map(str.strip)
asked = st.builds(
    Asked,
    desk=st.sampled_from(["", "posts", "orgs", "area", "12"]),
    tab=st.sampled_from(TABS),
    q=words,
    step=st.sampled_from(["", "accept", "handle-2"]),
    process=st.sampled_from(["", "resident-request"]),
    area=st.sampled_from(["", "320211", "320211001003001"]),
    due=st.none() | st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    supervised=st.booleans(),
    overdue=st.booleans(),
    mine=st.booleans(),
)


@given(asked)
def test_an_address_says_all_that_was_asked(one):
    query = dict(parse_qsl(urlsplit(one.address()).query))
    assert Asked.read(query) == one


@given(
    st.dictionaries(st.sampled_from(["desk", "tab", "q", "step", "area", "due", "mine", "limit"]), st.text(max_size=30))
)
def test_any_address_is_read_or_refused_by_name(query):
    try:
        found = Asked.read(query)
    except FilterWrong as error:
        assert {p.where for p in error.problems} <= query.keys()
    else:
        assert found.tab in TABS and 1 <= found.limit <= 200
        assert found.filters(SHANGHAI, None).tab == found.tab


def test_the_inbox_as_it_opens_uses_the_prepared_statement():
    assert Asked().filters(SHANGHAI, new_id()) == Filters()
    assert not Asked(desk="12", tab="done").narrowed and Asked(q="路灯").narrowed


@pytest.mark.parametrize(
    ("text", "number"),
    [("20260302-00001", True), ("202603", True), ("路灯", False), ("2026", False), ("G312 路面", False)],
)
def test_a_number_is_searched_from_its_beginning(text, number):
    filters = Asked(q=text).filters(SHANGHAI, None)
    assert (filters.number == text) is number and (filters.text == text) is not number


def test_due_by_a_day_means_until_its_end_in_the_city():
    assert Asked(due=date(2026, 3, 2)).filters(SHANGHAI, None).due_before.isoformat() == "2026-03-03T00:00:00+08:00"


def test_another_page_is_another_cursor_and_a_new_filter_begins_anew():
    here = Asked(q="路灯", after="abc")
    assert "after=abc" not in here.address(tab="done") and "after=xyz" in here.address(after="xyz")
