"""Lookups: places, positions, responsibilities, search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.orgs import UnknownDivision, UnknownOrg
from yiwang.kernel.orgs.responsibility import widening
from yiwang.kernel.orgs.uscc import valid_uscc


def codes(divisions):
    return [one.code for one in divisions]


async def test_positions(town):
    assert codes(town.locate(120.05, 31.05)) == ["999901", "999901001", "999901001001", "999901001001001"]
    assert codes(town.locate(119.95, 31.05)) == ["999902"]  # a district without cells
    # Between the two cells of the east lies a gap of a hundred metres, which goes to the nearer one.
    assert codes(town.locate(120.1002, 31.05))[-1] == "999901001001001"
    assert codes(town.locate(120.1008, 31.05))[-1] == "999901002001001"
    assert codes(town.locate(120.0, 31.05))[-1] == "999901001001001"  # on the border of two districts
    assert town.locate(121.0, 31.05) == []


async def test_outlines_are_the_union_of_what_lies_below(town):
    assert town.outline("999901001").bounds == pytest.approx((120.0, 31.0, 120.1, 31.1))
    assert town.outline("999900").bounds == pytest.approx((119.9, 31.0, 120.2, 31.1))
    assert town.outline("999902001") is None


async def test_names_and_chains(town):
    assert codes(town.chain("999901001001")) == ["999900", "999901", "999901001", "999901001001"]
    assert town.full_name("999901001001001") == "东区东一街道甲社区居委会甲社区第1网格"
    assert town.full_name("999901001", "en") == "East One Subdistrict, East District"
    assert town.full_name("999900", "en") == "Model City"
    assert town.city.code == "999900"
    assert (town.prefix("999900"), town.prefix("999901")) == ("9999", "999901")
    with pytest.raises(UnknownDivision):
        town.chain("1")


@pytest.mark.parametrize(
    ("category", "area", "org"),
    [
        ("city", "999901001001", "999901/chengguan"),
        ("city", "999902001001", "999902001"),  # the longer place wins
        ("city.litter", "999901001001", "999901001"),  # the closer category wins
        ("city.litter", "999901", "999901/chengguan"),  # a district has no street: the next row
        ("city.litter", "999902001001", "999902001"),
        ("city.unheard-of", "999901", "999901/chengguan"),
        ("water", "999900", "999900/water"),
        ("city", "999900", None),
        ("nothing", "999901", None),
    ],
)
async def test_who_answers_for_what_where(town, category, area, org):
    post = town.responsible_post(category, area)
    assert (town.org(post.org).code if post else None) == org


async def test_the_nearest_post_of_a_role(town):
    grid = "999901001001001"
    assert town.org(town.post_near("verifier", grid).org).code == grid
    assert town.org(town.post_near("dispatcher", grid).org).code == "999901/zhihui"
    assert town.org(town.post_near("intake", grid).org).code == "999900/12345"
    assert town.post_near("auditor", grid) is None
    assert town.post_near("verifier", "999902001001") is None


async def test_search(town):
    assert [one.code for one in town.search_orgs("城市管理")] == ["999901/chengguan", "999902/chengguan"]
    assert town.search_orgs("dqcsglj")[0].code == "999901/chengguan"
    assert town.search_orgs("999901/z")[0].code == "999901/zhihui"
    assert town.search_orgs("east urban")[0].code == "999901/chengguan"
    assert town.search_orgs("  ") == []
    assert len(town.search_orgs("9999", limit=3)) == 3


async def test_the_tree(town):
    assert [one.code for one in town.orgs_below(None)] == ["999900"]
    assert {one.code for one in town.orgs_at("999901")} == {"999901", "999901/zhihui", "999901/chengguan"}
    assert town.post_label(town.post_near("verifier", "999901001001001").id) == "甲社区第1网格 · 网格员"
    with pytest.raises(UnknownOrg):
        town.org("nowhere")


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_category_widens_word_by_word(words):
    key = ".".join(words)
    assert list(widening(key)) == [".".join(words[:n]) for n in range(len(words), 0, -1)]


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("91350100M000100Y43", True),  # the example of GB 32100-2015
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("91350100I000100Y43", False),
    ],
)
def test_social_credit_codes(code, valid):
    assert valid_uscc(code) is valid
