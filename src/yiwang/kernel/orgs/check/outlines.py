"""Outlines: valid polygons in WGS 84, of known divisions, grids inside of their communities' districts."""

from __future__ import annotations

from collections.abc import Iterator

import shapely

from yiwang.kernel.orgs.files import CityFiles, OutlineRow

RULE = "outlines"
#: No city reaches farther than this from its centre (degrees); one that does was not converted or was swapped.
_REACH = 5.0


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Check each feature's code and geometry."""
    if files.city is None:
        return
    for row in files.outlines["districts.geojson"]:
        if row.code not in files.divisions:
            yield row.where, f"code {row.code!r} is not in divisions.csv"
        yield from _geometry(files, row)
    for row in files.outlines["grids.geojson"]:
        parent = files.divisions.get(row.code[:-3])
        if parent is None or parent["level"] != "4" or not row.code[-3:].isdecimal():
            yield row.where, f"grid {row.code!r} must be the code of a community and three digits"
        yield from _geometry(files, row)


def _geometry(files: CityFiles, row: OutlineRow) -> Iterator[tuple[str, str]]:
    geometry = row.geometry
    if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        yield row.where, f"expected a polygon that is not empty, found {geometry.geom_type}"
        return
    if not geometry.is_valid:
        yield row.where, f"the polygon is not valid: {shapely.is_valid_reason(geometry)}"
    assert files.city is not None  # check() returned before
    (lon, lat), (west, south, east, north) = files.city.centre, geometry.bounds
    if min(west, east) < lon - _REACH or max(west, east) > lon + _REACH or south < lat - _REACH or north > lat + _REACH:
        yield row.where, "the outline is far from the city's centre: longitude first, WGS 84"
