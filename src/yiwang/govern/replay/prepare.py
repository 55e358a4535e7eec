"""A city ready for a replay: its data loaded, the packages of the city's processes installed."""

from __future__ import annotations

from pathlib import Path

import yiwang
from yiwang.govern.replay.errors import NoSuchFile
from yiwang.kernel.calendar import cities_root, city_folder
from yiwang.kernel.orgs import load_city
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios.installer import install
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.write import Actor

PACKAGE = "resident-requests"


async def prepare_city(rt: Runtime, actor: Actor) -> None:
    """Load the city when its files have changed, and install the package that handles requests when it is missing."""
    await load_city(rt, city_folder(rt.settings.city))
    await install(rt, actor, Package.read(_scenarios() / PACKAGE))


def _scenarios() -> Path:
    packed = Path(yiwang.__file__).parent / "_data" / "scenarios"
    return packed if packed.is_dir() else cities_root().parent / "scenarios"


def find_log(name: str, state_dir: Path) -> Path:
    """The file as given, or below data/, ../shared/data/ or the data folder of the state; NoSuchFile names them."""
    given = Path(name).expanduser()
    places = [given] if given.is_absolute() else [given, *(p / given for p in data_folders(state_dir))]
    for place in places:
        if place.is_file():
            return place
    where = ", ".join(str(place) for place in places)
    raise NoSuchFile(f"there is no file {name}; looked for {where}", file=name)


def data_folders(state_dir: Path) -> list[Path]:
    """Where data files are looked for when no path leads to them."""
    return [Path("data"), Path("../shared/data"), state_dir / "data"]
