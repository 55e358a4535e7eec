"""The data themselves: counts, geometry, and the values of the real request log."""

import csv
import gzip
from collections import Counter

import shapely

from yiwang.kernel.calendar import cities_root
from yiwang.kernel.orgs.files import CityFiles
from yiwang.kit.geo import distance_m, wgs84_to_gcj02

WUXI = CityFiles.read(cities_root() / "320200")
NYC = CityFiles.read(cities_root() / "nyc")
FIRST = (120.581713, 31.727632)


def test_wuxi_has_the_counts_of_the_national_list():
    levels = Counter(row["level"] for row in WUXI.tables["divisions.csv"])
    assert levels == {"1": 1, "2": 7, "3": 88, "4": 1254}


def test_the_grids_of_wuxi_are_marked_and_cover_their_districts():
    assert all(row.generated for row in WUXI.outlines["grids.geojson"])
    assert {code[:-3] for code in WUXI.grids} == {c for c, row in WUXI.divisions.items() if row["level"] == "4"}
    for district in WUXI.outlines["districts.geojson"]:
        cells = [row.geometry for code, row in WUXI.grids.items() if code.startswith(district.code)]
        covered = shapely.union_all(cells)
        assert covered.symmetric_difference(district.geometry).area / district.geometry.area < 0.001


def test_the_outlines_of_wuxi_are_moved_out_of_gcj02():
    """The first corner of Xishan in the published file is FIRST, in GCJ-02; its WGS 84 position lies 500 m from it."""
    corner = WUXI.outlines["districts.geojson"][0].geometry.geoms[0].exterior.coords[0]
    assert distance_m(wgs84_to_gcj02(*corner), FIRST) < 0.2
    assert 300 < distance_m(corner, FIRST) < 700
    assert abs(sum(row.geometry.area for row in WUXI.outlines["districts.geojson"]) * 111.2 * 94.7 - 4650) < 60


def test_departments_of_wuxi():
    city = [
        row for row in WUXI.tables["organisations.csv"] if row["kind"] == "department" and row["division"] == "320200"
    ]
    assert len(city) >= 30
    for district in ("320205", "320206", "320211", "320213", "320214", "320281", "320282"):
        codes = {code for code, row in WUXI.organisations.items() if row["division"] == district}
        assert {f"{district}/zhihui", f"{district}/chengguan", f"{district}/gongan", district} <= codes
    assert not any(row["uscc"] for row in WUXI.tables["organisations.csv"])


def test_new_york_knows_the_places_and_categories_of_the_real_log(real_data):
    """Nearly every value of the log that names a place or category is known; the rest is typing mistakes."""
    known = {(row["kind"], row["value"]) for row in NYC.tables["aliases.csv"]}
    columns = {"borough": "borough", "community_board": "community_board", "complaint_type": "complaint_type"}
    counts = {kind: Counter() for kind in columns}
    with gzip.open(real_data / "requests" / "nyc_constituent_requests.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for kind, column in columns.items():
                if row[column]:
                    counts[kind][(kind, row[column]) in known] += 1
            assert ("council_dist", row["account"]) in known
    for kind, count in counts.items():
        assert count[False] / sum(count.values()) < 0.005, (kind, count)
