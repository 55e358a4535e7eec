"""Positions: WGS 84 and GCJ-02, distances.  Degrees east and north, longitude first, as in RFC 7946.

Everything stored by Yiwang is WGS 84 (EPSG:4326).  Chinese map services publish in GCJ-02, an official offset of WGS 84
that is a smooth function of the position.  The forward formula below is the widely published reconstruction of it (as
in the open-source `eviltransform` and `coordtransform` projects); the inverse has no closed form and is iterated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

#: Krasovsky 1940 ellipsoid, which the offset is defined on (metres, and first eccentricity squared).
_A = 6378245.0
_EE = 0.00669342162296594323
#: Mean radius of the earth in metres (IUGG).
EARTH_RADIUS_M = 6371008.8
#: The inverse stops when a step is below this many degrees (about 0.1 mm).
_TOLERANCE_DEG = 1e-9
_MAX_STEPS = 30

Position = tuple[float, float]


def in_china_box(lon: float, lat: float) -> bool:
    """Whether a position (degrees) lies in the coarse box in which the GCJ-02 offset applies."""
    return 73.66 < lon < 135.05 and 3.86 < lat < 53.55


def _offset_lat(x: float, y: float) -> float:
    value = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    value += (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    value += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    return value + (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0


def _offset_lon(x: float, y: float) -> float:
    value = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    value += (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    value += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    return value + (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0


def wgs84_to_gcj02(lon: float, lat: float) -> Position:
    """Shift a WGS 84 position (degrees) into GCJ-02.  Outside the box of China it is returned unchanged."""
    if not in_china_box(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    radians = math.radians(lat)
    curvature = 1 - _EE * math.sin(radians) ** 2
    d_lat = math.degrees(_offset_lat(x, y) / (_A * (1 - _EE) / curvature**1.5))
    d_lon = math.degrees(_offset_lon(x, y) / (_A / math.sqrt(curvature) * math.cos(radians)))
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> Position:
    """Undo `wgs84_to_gcj02` (degrees in, degrees out) by fixed-point iteration, to well under a millimetre.

    The offset changes by about 1e-3 of the step, so each round gains some three digits.
    """
    if not in_china_box(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(_MAX_STEPS):
        shifted_lon, shifted_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        step_lon, step_lat = lon - shifted_lon, lat - shifted_lat
        guess_lon, guess_lat = guess_lon + step_lon, guess_lat + step_lat
        if abs(step_lon) < _TOLERANCE_DEG and abs(step_lat) < _TOLERANCE_DEG:
            break
    return guess_lon, guess_lat


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance between two (lon, lat) positions in metres (haversine; within 0.5 % of the ellipsoid)."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def map_positions(coordinates: Any, move: Callable[[float, float], Position]) -> Any:
    """Apply `move` to every position of GeoJSON `coordinates` of any nesting depth; a new structure is returned."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return list(move(coordinates[0], coordinates[1]))
    return [map_positions(part, move) for part in coordinates]
