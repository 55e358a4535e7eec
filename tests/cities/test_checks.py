"""`yiwang city check`: the cities that ship are good, and each rule finds what it is for, by file and row."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from yiwang.kernel.calendar import cities_root
from yiwang.kernel.orgs.check import RULES, check_city
from yiwang.kernel.orgs.commands import city

CITIES = sorted(item.parent for item in cities_root().glob("*/city.toml"))


@pytest.mark.parametrize("folder", CITIES, ids=lambda folder: folder.name)
def test_the_cities_that_ship_are_good(folder):
    assert check_city(folder) == []


def test_there_are_two_cities_and_no_program_in_them():
    assert [folder.name for folder in CITIES] == ["320200", "nyc"]
    kinds = {item.suffix for folder in CITIES for item in folder.rglob("*") if item.is_file()}
    assert kinds <= {".toml", ".csv", ".geojson"}


@pytest.fixture
def nyc(tmp_path) -> Path:
    return Path(shutil.copytree(cities_root() / "nyc", tmp_path / "nyc"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ruff: noqa: E501 -- a table of cases reads best with one case a line
# rule, file, old, new, where it is found (or the beginning of it), what the sentence names
BROKEN = [
    ("files", "posts.csv", "kind,org,role", "kind,org,rolle", "posts.csv:1", "columns"),
    ("files", "posts.csv", "command,nyc/311,intake,", "command,nyc/311,", "posts.csv:2", "5 cells"),
    ("files", "city.toml", 'time_zone = "America/New_York"', 'time_zone = "America/Wuxi"', "city.toml", "Wuxi"),
    ("files", "city.toml", 'code = "nyc"', "", "city.toml", "code"),
    ("files", "aliases.csv", "borough,Manhattan", '"borough"x,Manhattan', "aliases.csv:", "CSV"),
    ("city", "city.toml", 'code = "nyc"', 'code = "nyd"', "city.toml", "folder"),
    ("city", "city.toml", 'datum = "WGS84"', 'datum = "GCJ02"', "city.toml", "datum"),
    ("city", "city.toml", 'locale = "en"', 'locale = "fr"', "city.toml", "locale"),
    ("city", "city.toml", 'name = { zh = "纽约市", en', 'name = { zh = "", en', "city.toml", "zh"),
    ("unique", "divisions.csv", "nyc102,", "nyc101,", "divisions.csv:5", "divisions.csv:4"),
    ("unique", "aliases.csv", "borough,Bronx", "borough,Manhattan", "aliases.csv:", "already"),
    ("names", "divisions.csv", "曼哈顿,Manhattan", "Manhattan,Manhattan", "divisions.csv:3", "Chinese"),
    ("names", "divisions.csv", "曼哈顿,Manhattan", "曼哈顿,", "divisions.csv:3", "English"),
    ("names", "categories.csv", "Sanitation", "清洁", "categories.csv:", "English"),
    ("divisions", "divisions.csv", "nyc101,nyc1,3", "nyc101,nyc1,2", "divisions.csv:4", "level 2"),
    ("divisions", "divisions.csv", "nyc101,nyc1,3", "nyc101,nyc9,3", "divisions.csv:4", "nyc9"),
    ("divisions", "divisions.csv", "nyc101,nyc1,3", "nyc101,nyc2,3", "divisions.csv:4", "nyc2"),
    ("divisions", "divisions.csv", "nyc101,nyc1,3", "NYC101,nyc1,3", "divisions.csv:4", "begin with nyc"),
    ("divisions", "divisions.csv", "nyc1,nyc,2", "nyc1,,2", "divisions.csv", "exactly one"),
    ("organisations", "organisations.csv", "nyc/hpd,nyc,agency", "nyc/hpd,nyc,ministry", "organisations.csv:4", "kind"),
    ("organisations", "organisations.csv", "nyc/hpd,nyc,agency", "nyc/hpd,nyc/zzz,agency", "organisations.csv:4", "above"),
    ("organisations", "organisations.csv", "nyc/hpd,nyc,agency,nyc,", "nyc/hpd,nyc,agency,nyx,", "organisations.csv:4", "nyx"),
    ("organisations", "organisations.csv", "Development,\n", "Development,123\n", "organisations.csv:4", "GB 32100"),
    ("posts", "posts.csv", "board,*,verifier", "board,*,watcher", "posts.csv:", "watcher"),
    ("posts", "posts.csv", "agency,nyc/oti,steward", "agency,nyc/zzz,steward", "posts.csv:", "nyc/zzz"),
    ("posts", "posts.csv", "command,nyc/311,admin,系统管理岗,System administration\n", "", "posts.csv", "admin"),
    ("categories", "categories.csv", "parks,,", "parks.trees,,", "categories.csv:", "parks"),
    ("categories", "categories.csv", "parks,,", "Parks,,", "categories.csv:", "Parks"),
    ("responsibility", "responsibility.csv", "parks,nyc,nyc/dpr", "parks,nyc,nyc/dprx", "responsibility.csv:", "nyc/dprx"),
    ("responsibility", "responsibility.csv", "parks,nyc,nyc/dpr,handler", "parks,nyc,nyc/dpr,verifier", "responsibility.csv:", "verifier"),
    ("responsibility", "responsibility.csv", "parks,nyc,nyc/dpr", "parks,nyc,{town}/x", "responsibility.csv:", "{town}"),
    ("responsibility", "responsibility.csv", "parks,nyc,", "parks,nyx,", "responsibility.csv:", "nyx"),
    ("responsibility", "responsibility.csv", "parks,nyc,nyc/dpr,handler\n", "", "responsibility.csv", "'parks'"),
    ("aliases", "aliases.csv", "borough,Manhattan,nyc1", "borough,Manhattan,nyc7", "aliases.csv:2", "nyc7"),
    ("calendar", "calendar.toml", 'subdivision = "NY"', 'subdivision = "Wuxi"', "calendar.toml", "Wuxi"),
    ("sources", "city.toml", '"divisions.csv", ', "", "divisions.csv", "sources"),
    ("sources", "city.toml", '"divisions.csv", ', '"divisions.csv", "zips.csv", ', "city.toml", "zips.csv"),
    ("sources", "city.toml", 'licence = "Apache-2.0"', "", "city.toml", "licence"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "file", "old", "new", "where", "named"), BROKEN)
def test_a_broken_file_is_named_with_its_row(nyc, rule, file, old, new, where, named):
    change(nyc, file, old, new)
    found = check_city(nyc)
    assert any(p.rule == rule and p.where.startswith(where) and named in p.text for p in found), [str(p) for p in found]


def test_every_rule_has_a_broken_case():
    assert {rule for rule, _ in RULES} - {"outlines"} <= {case[0] for case in BROKEN}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"320205"', '"320299"', "320299"),
        ('"code": "320205001001001"', '"code": "320205001999001"', "320205001999001"),
        ("[120.", "[20.", "centre"),
    ],
)
def test_a_broken_outline_is_named(tmp_path, old, new, named):
    folder = Path(shutil.copytree(cities_root() / "320200", tmp_path / "320200"))
    name = "grids.geojson" if "001001" in old else "districts.geojson"
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old.replace(": ", ":") if name[0] == "g" else old, new, 1), encoding="utf-8")
    found = check_city(folder)
    assert any(p.rule == "outlines" and p.where.startswith(f"{name}:feature 1") and named in p.text for p in found), (
        found
    )


def test_all_problems_are_collected_at_once(nyc):
    change(nyc, "divisions.csv", "nyc101,nyc1,3", "nyc101,nyc9,3")
    change(nyc, "posts.csv", "board,*,verifier", "board,*,watcher")
    (nyc / "categories.csv").unlink()
    (nyc / "aliases.csv").write_bytes(b"kind,value,target\nborough,\xff,nyc1\n")
    found = {p.where.partition(":")[0] for p in check_city(nyc)}
    assert {"divisions.csv", "posts.csv", "categories.csv", "aliases.csv"} <= found


def test_the_command_lists_problems_and_ends_with_one(nyc):
    change(nyc, "divisions.csv", "nyc101,nyc1,3", "nyc101,nyc9,3")
    result = CliRunner().invoke(city, ["check", str(nyc)])
    assert result.exit_code == 1
    assert "divisions.csv:4" in result.output
    assert "[divisions]" in result.output
    assert CliRunner().invoke(city, ["check", "nyc"]).exit_code == 0
    unknown = CliRunner().invoke(city, ["check", "nowhere"])
    assert unknown.exit_code == 1
    assert "320200, nyc" in unknown.output
