"""The head of a city's data: ``city.toml``, and where the folders of cities are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yiwang
from yiwang.kernel.errors import NotFound


class UnknownCity(NotFound):
    """There is no folder of that code below cities/."""

    key = "calendar.unknown_city"


@dataclass(frozen=True)
class City:
    """What `city.toml` says: code, names by locale, time zone, locale, and what all division codes begin with."""

    code: str
    name: Mapping[str, str]
    government: Mapping[str, str]
    country: str
    zone: ZoneInfo
    locale: str
    prefix: str
    centre: tuple[float, float]
    folder: Path
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> City:
        """Read a city's folder; UnknownCity when there is no city.toml, KeyError and ValueError for a broken one."""
        source = folder / "city.toml"
        if not source.is_file():
            raise UnknownCity(f"{source} does not exist: name a folder that holds a city", code=folder.name)
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        lon, lat = table["centre"]
        return cls(
            code=table["code"],
            name=table["name"],
            government=table["government"],
            country=table["country"],
            zone=ZoneInfo(table["time_zone"]),
            locale=table["locale"],
            prefix=table["prefix"],
            centre=(float(lon), float(lat)),
            folder=folder,
            extra=table,
        )


def cities_root() -> Path:
    """The folder of all cities: inside an installed package, or at the root of the repository."""
    package = Path(yiwang.__file__).parent
    packed = package / "_data" / "cities"
    return packed if packed.is_dir() else package.parents[1] / "cities"


def city_folder(code: str) -> Path:
    """The folder of one city by code (or a path to one); UnknownCity names those that exist."""
    direct = Path(code)
    if (direct / "city.toml").is_file():
        return direct
    folder = cities_root() / code
    if Path(code).name != code or not (folder / "city.toml").is_file():
        known = ", ".join(sorted(item.parent.name for item in cities_root().glob("*/city.toml")))
        raise UnknownCity(
            f"there is no city {code!r} below {cities_root()}; there are: {known}", code=code, known=known
        )
    return folder
