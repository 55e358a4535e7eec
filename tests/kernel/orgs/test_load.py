"""Loading a city: the real ones whole, the small one changed and loaded again."""

import asyncio

import pytest

from yiwang.kernel.calendar import cities_root
from yiwang.kernel.orgs import CityInvalid, Directory, DivisionRetired, OtherCity, UnknownDivision, load_city


async def test_wuxi_has_its_divisions_organisations_and_posts(rt):
    report = await load_city(rt, cities_root() / "320200")
    directory = rt.part(Directory)
    levels = [sum(one.level == level for one in directory.snapshot.divisions.values()) for level in range(1, 6)]
    assert levels[:4] == [1, 7, 88, 1254]
    assert levels[4] > 4000
    assert all(one.generated == (one.level == 5) for one in directory.snapshot.divisions.values())
    assert report.divisions == sum(levels)
    departments = [one for one in directory.orgs_at("320200") if one.kind == "department"]
    assert len(departments) >= 30
    assert directory.org("320200/12345").name("en") == "Wuxi City Operation Command Centre (12345 Hotline)"
    assert directory.chain("320211001003")[1].name_zh == "滨湖区"
    assert report.seconds < 20


async def test_wuxi_positions_lead_to_the_right_district(rt):
    await load_city(rt, cities_root() / "320200")
    directory = rt.part(Directory)
    # WGS 84 positions of well-known places.
    for lon, lat, district in [
        (120.2952, 31.5747, "320213"),  # the centre of Liangxi
        (120.2225, 31.5200, "320211"),  # Yuantouzhu at Lake Tai, Binhu
        (119.8190, 31.3600, "320282"),  # Yixing
        (120.2760, 31.9100, "320281"),  # Jiangyin
        (120.4330, 31.4950, "320214"),  # Sunan Shuofang airport
    ]:
        chain = directory.locate(lon, lat)
        assert [one.level for one in chain] == [2, 3, 4, 5], (lon, lat)
        assert chain[0].code == district, (lon, lat, [one.name_en for one in chain])
    assert directory.locate(121.47, 31.23) == []  # Shanghai


async def test_every_category_of_wuxi_has_a_post_everywhere(rt):
    await load_city(rt, cities_root() / "320200")
    directory = rt.part(Directory)
    places = [one.code for one in directory.snapshot.divisions.values() if one.level in (2, 3, 4)]
    for category in directory.categories():
        for place in places[::7]:
            assert directory.responsible_post(category.key, place), (category.key, place)


async def test_new_york_holds_what_its_request_log_names(rt):
    await load_city(rt, cities_root() / "nyc")
    directory = rt.part(Directory)
    assert len([one for one in directory.divisions_below("nyc") if one.kind == "borough"]) == 5
    kinds = [one.kind for one in directory.snapshot.divisions.values()]
    assert kinds.count("community-district") == 59
    assert kinds.count("council-district") == 51
    assert directory.alias("community_board", "07 Manhattan") == "nyc107"
    assert directory.alias("council_dist", "NYCC50") == "nycc50"
    assert directory.alias("borough", "Staten Island") == "nyc5"
    assert directory.alias("complaint_type", "Housing and Buildings") == "housing"
    assert directory.responsible_post("housing", "nyc107").org == directory.org("nyc/hpd").id
    assert directory.prefix("nyc") == "nyc"
    assert directory.post_near("verifier", "nyc107").org == directory.org("nyc107").id
    assert directory.locate(-73.98, 40.75) == []


async def test_loading_again_changes_nothing(rt, small_city):
    first = await load_city(rt, small_city.folder)
    directory = rt.part(Directory)
    ids = {one.code: one.id for one in directory.orgs()}
    version = directory.version
    again = await load_city(rt, small_city.folder)
    assert (first.changed, again.changed) == (True, False)
    assert directory.version == version
    small_city.change("divisions.csv", "甲社区居委会,Jia Community", "甲社区居委会,Jia Neighbourhood")
    third = await load_city(rt, small_city.folder)
    assert third.changed
    assert directory.division("999901001001").name_en == "Jia Neighbourhood"
    assert {one.code: one.id for one in directory.orgs()} == ids


async def test_a_code_that_the_list_dropped_is_retired_and_refused(rt, town, small_city):
    small_city.change("divisions.csv", "999901001002,999901001,4,community,乙社区居委会,Yi Community\n", "")
    small_city.change(
        "organisations.csv", "999901001002,999901001,community,999901001002,乙社区居委会,Yi Community,\n", ""
    )
    report = await load_city(rt, small_city.folder)
    assert report.retired == ("999901001002",)
    assert town.division("999901001002").name_zh == "乙社区居委会"  # history stays readable
    for use in (town.usable, lambda code: town.responsible_post("water", code)):
        with pytest.raises(DivisionRetired, match="dropped from the national list") as refused:
            use("999901001002")
        assert refused.value.params["when"] == "2026-03-02"
    assert town.org("999901001002").closed_at is not None
    assert "999901001002" not in [one.code for one in town.divisions_below("999901001")]
    with pytest.raises(UnknownDivision):
        town.usable("999901001009")


async def test_a_code_that_returns_is_in_force_again(rt, town, small_city):
    row = "999901001002,999901001,4,community,乙社区居委会,Yi Community\n"
    org = "999901001002,999901001,community,999901001002,乙社区居委会,Yi Community,\n"
    small_city.change("divisions.csv", row, "")
    small_city.change("organisations.csv", org, "")
    await load_city(rt, small_city.folder)
    small_city.change("divisions.csv", "999901002001,9", row + "999901002001,9")
    small_city.change("organisations.csv", "999901002001,9", org + "999901002001,9")
    await load_city(rt, small_city.folder)
    assert town.usable("999901001002").name_en == "Yi Community"
    assert town.org("999901001002").closed_at is None


async def test_broken_files_load_nothing_and_list_every_problem(rt, small_city):
    small_city.change("divisions.csv", "999902001,999902,3", "999902001,999909,3")
    small_city.change("posts.csv", "grid,*,verifier", "grid,*,watcher")
    with pytest.raises(CityInvalid) as refused:
        await load_city(rt, small_city.folder)
    places = {problem.where for problem in refused.value.problems}
    assert {"divisions.csv:7", "posts.csv:10"} <= places
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from org.division") == 0


async def test_one_database_holds_one_city(rt, town, tmp_path):
    with pytest.raises(OtherCity):
        await load_city(rt, cities_root() / "nyc")


async def test_loading_is_one_audited_action_and_one_event(rt, town):
    async with rt.read_as_system() as db:
        entries = await db.fetch("select action, count, digest from audit.entry where action = 'city.load'")
        events = await db.fetchval("select count(*) from event.log where type = 'cn.yiwang.org.city.loaded.v1'")
    assert len(entries) == 1
    assert entries[0]["count"] > 20
    assert events == 1


async def test_two_processes_that_load_at_once_load_once(rt, small_city):
    reports = await asyncio.gather(load_city(rt, small_city.folder), load_city(rt, small_city.folder))
    assert sorted(report.changed for report in reports) == [False, True]
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from audit.entry where action = 'city.load'") == 1
