"""Generate cities/320200/grids.geojson: the fifth level, which no public list holds.

    python tools/cities/wuxi_grids.py

The outlines of streets, communities and grids of Wuxi are not public, so cells are GENERATED and every one is marked
`generated`: inside each real district outline a fixed set of sample points is bisected again and again, in proportion
to the number of grids on each side, first between streets, then between communities, then between grids; the middle
point of each grid is its seed, and the Voronoi cell of the seed clipped to the district is its outline. The cells of a
district share all their corners, so the outline of a community is the union of its grids, and of a street the union of
its communities. The result depends on the seed in city.toml, the two input files, and nothing else. A city with real
grids replaces the file.
"""

import csv
import json
import tomllib
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import MultiPoint, shape

TARGET = Path(__file__).parents[2] / "cities" / "320200"
GRIDS = {"community": 4, "village": 4, "virtual": 1}
SAMPLES_PER_GRID = 40
DECIMALS = 5  # about one metre


def samples(outline, count, random):
    """`count` points, even over the outline, as an array (count, 2) of degrees."""
    west, south, east, north = outline.bounds
    found = np.empty((0, 2))
    shapely.prepare(outline)
    while len(found) < count:
        tries = random.uniform((west, south), (east, north), (count, 2))
        found = np.vstack([found, tries[shapely.contains_xy(outline, tries[:, 0], tries[:, 1])]])
    return found[:count]


def split(points, parts):
    """Bisect points between parts [(key, weight), ...] along the longest axis; yields (key, points)."""
    if len(parts) == 1:
        yield parts[0][0], points
        return
    weights = np.cumsum([weight for _, weight in parts])
    middle = int(np.argmin(np.abs(weights[:-1] - weights[-1] / 2))) + 1
    centred = (points - points.mean(axis=0)) * (np.cos(np.radians(points[0, 1])), 1)
    axis = np.linalg.svd(centred, full_matrices=False)[2][0]
    axis = axis if axis[int(np.argmax(np.abs(axis)))] > 0 else -axis  # the sign of a singular vector is arbitrary
    order = np.argsort(centred @ axis, kind="stable")
    cut = round(len(points) * weights[middle - 1] / weights[-1])
    yield from split(points[order[:cut]], parts[:middle])
    yield from split(points[order[cut:]], parts[middle:])


def middle_point(points):
    """The point nearest to the mean, which, unlike the mean, lies inside a bent district."""
    return points[np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1))]


def district_cells(outline, tree, random):
    """Code -> cell of every grid of one district; `tree` is {street: {community: number of grids}}."""
    total = sum(sum(communities.values()) for communities in tree.values())
    seeds = {}
    streets = [(code, sum(communities.values())) for code, communities in tree.items()]
    for street, in_street in split(samples(outline, total * SAMPLES_PER_GRID, random), streets):
        for community, inside in split(in_street, list(tree[street].items())):
            grids = [(f"{community}{number:03d}", 1) for number in range(1, tree[street][community] + 1)]
            seeds |= {code: middle_point(points) for code, points in split(inside, grids)}
    sites = MultiPoint(list(seeds.values()))
    cells = shapely.voronoi_polygons(sites, extend_to=outline, ordered=True).geoms
    return {code: shapely.intersection(cell, outline) for code, cell in zip(seeds, cells, strict=True)}


def divisions():
    """District -> street -> community -> number of grids."""
    trees = {}
    with (TARGET / "divisions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["level"] == "4":
                streets = trees.setdefault(row["code"][:6], {})
                streets.setdefault(row["parent"], {})[row["code"]] = GRIDS[row["kind"]]
    return trees


def main():
    """Write the file, one feature a line."""
    seed = tomllib.loads((TARGET / "city.toml").read_text(encoding="utf-8"))["grids"]["seed"]
    outlines = json.loads((TARGET / "districts.geojson").read_text(encoding="utf-8"))["features"]
    trees, lines = divisions(), []
    for feature in outlines:
        code = feature["properties"]["code"]
        cells = district_cells(shape(feature["geometry"]), trees[code], np.random.default_rng([seed, int(code)]))
        lines += [line(grid, cell) for grid, cell in sorted(cells.items())]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    (TARGET / "grids.geojson").write_text(text, encoding="utf-8")


def line(code, cell):
    """One feature; corners rounded, which keeps shared corners shared."""
    rounded = shapely.transform(cell, lambda corners: corners.round(DECIMALS))
    rounded = rounded if rounded.is_valid else shapely.make_valid(rounded)
    polygons = [
        part for part in getattr(rounded, "geoms", [rounded]) if part.geom_type == "Polygon" and part.area > 1e-8
    ]
    geometry = shapely.geometry.mapping(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons))
    properties = {"code": code, "generated": True}
    return json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}, separators=(",", ":"))


if __name__ == "__main__":
    main()
