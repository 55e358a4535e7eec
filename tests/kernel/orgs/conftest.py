"""A small city to change, written into a folder that a test owns, and the real ones loaded."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from yiwang.kernel.calendar import cities_root
from yiwang.kernel.orgs import Directory, load_city

FILES = {
    "city.toml": """
code = "999900"
name = { zh = "示范市", en = "Model City" }
government = { zh = "示范市人民政府", en = "Model City Government" }
country = "CN"
time_zone = "Asia/Shanghai"
locale = "zh"
prefix = "9999"
centre = [120.0, 31.0]
datum = "WGS84"
[[sources]]
files = ["divisions.csv", "organisations.csv", "posts.csv", "categories.csv", "responsibility.csv", "calendar.toml"]
title = "Made up for a test"
licence = "CC0"
[[sources]]
files = ["districts.geojson", "grids.geojson"]
title = "Made up for a test"
licence = "CC0"
""",
    "calendar.toml": """
country = "CN"
published = "chinesecalendar"
[[season]]
from = "01-01"
hours = [["09:00", "17:00"]]
""",
    "divisions.csv": """code,parent,level,kind,name_zh,name_en
999900,,1,city,示范市,Model City
999901,999900,2,district,东区,East District
999902,999900,2,district,西区,West District
999901001,999901,3,street,东一街道,East One Subdistrict
999901002,999901,3,street,东二街道,East Two Subdistrict
999902001,999902,3,street,西一街道,West One Subdistrict
999901001001,999901001,4,community,甲社区居委会,Jia Community
999901001002,999901001,4,community,乙社区居委会,Yi Community
999901002001,999901002,4,community,丙社区居委会,Bing Community
999902001001,999902001,4,community,丁社区居委会,Ding Community
""",
    "organisations.csv": """code,parent,kind,division,name_zh,name_en,uscc
999900,,government,999900,示范市人民政府,Model City Government,
999900/12345,999900,command,999900,示范市指挥中心,Model City Command Centre,
999900/water,999900,utility,999900,示范市水务公司,Model City Water,
999901,999900,government,999901,东区人民政府,East Government,
999901/zhihui,999901,command,999901,东区指挥中心,East Command Centre,
999901/chengguan,999901,department,999901,东区城市管理局,East Urban Management,
999902,999900,government,999902,西区人民政府,West Government,
999902/zhihui,999902,command,999902,西区指挥中心,West Command Centre,
999902/chengguan,999902,department,999902,西区城市管理局,West Urban Management,
999901001,999901,street,999901001,东一街道办事处,East One Office,
999901002,999901,street,999901002,东二街道办事处,East Two Office,
999902001,999902,street,999902001,西一街道办事处,West One Office,
999901001001,999901001,community,999901001001,甲社区居委会,Jia Community,
999901001002,999901001,community,999901001002,乙社区居委会,Yi Community,
999901002001,999901002,community,999901002001,丙社区居委会,Bing Community,
999902001001,999902001,community,999902001001,丁社区居委会,Ding Community,
""",
    "posts.csv": """kind,org,role,title_zh,title_en
command,999900/12345,intake,受理岗,Intake
command,999900/12345,admin,管理岗,Administration
command,*,dispatcher,派遣岗,Dispatch
command,*,supervisor,督办岗,Supervision
department,*,handler,承办岗,Handling
department,*,leader,负责人,Head
utility,*,handler,承办岗,Handling
street,*,handler,承办岗,Handling
grid,*,verifier,网格员,Grid worker
""",
    "categories.csv": """key,parent,name_zh,name_en
city,,市容,City appearance
city.litter,city,垃圾,Litter
water,,供水,Water
""",
    "responsibility.csv": """category,place,org,role
city,9999,{district}/chengguan,handler
city,999902001,{street},handler
city.litter,9999,{street},handler
city.litter,9999,{district}/chengguan,handler
water,9999,999900/water,handler
""",
    "districts.geojson": """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"code": "999901"}, "geometry":
 {"type": "Polygon", "coordinates": [[[120.0, 31.0], [120.2, 31.0], [120.2, 31.1], [120.0, 31.1], [120.0, 31.0]]]}},
{"type": "Feature", "properties": {"code": "999902"}, "geometry":
 {"type": "Polygon", "coordinates": [[[119.9, 31.0], [120.0, 31.0], [120.0, 31.1], [119.9, 31.1], [119.9, 31.0]]]}}
]}""",
    "grids.geojson": """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"code": "999901001001001", "generated": true}, "geometry":
 {"type": "Polygon", "coordinates": [[[120.0, 31.0], [120.1, 31.0], [120.1, 31.1], [120.0, 31.1], [120.0, 31.0]]]}},
{"type": "Feature", "properties": {"code": "999901002001001", "generated": true}, "geometry":
 {"type": "Polygon",
  "coordinates": [[[120.101, 31.0], [120.2, 31.0], [120.2, 31.1], [120.101, 31.1], [120.101, 31.0]]]}}
]}""",
}


class SmallCity:
    """A folder whose files a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            (folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def small_city(tmp_path: Path) -> SmallCity:
    folder = tmp_path / "999900"
    folder.mkdir()
    return SmallCity(folder)


@pytest_asyncio.fixture
async def town(rt, small_city):
    """The small city loaded: its directory."""
    await load_city(rt, small_city.folder)
    return rt.part(Directory)


@pytest.fixture
def wuxi_copy(tmp_path: Path) -> Path:
    """The real Wuxi in a folder that a test may change."""
    return Path(shutil.copytree(cities_root() / "320200", tmp_path / "320200"))


def people(count: int) -> list[UUID]:
    """Accounts that nobody has opened; organisations do not ask."""
    return [uuid4() for _ in range(count)]
