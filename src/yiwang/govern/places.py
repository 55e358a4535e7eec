"""Where an incident is: from a position on the map or from the divisions chosen, to codes and the levels above."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.govern.errors import OutsideCity
from yiwang.kernel.orgs import Directory, Division

DISTRICT, STREET, COMMUNITY = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Place:
    """The deepest division known, and its district, street and community; empty when nobody said where."""

    area: str = ""
    district: str | None = None
    street: str | None = None
    community: str | None = None

    @staticmethod
    def of(chain: list[Division]) -> Place:
        """From the divisions that hold it, the deepest last."""
        levels = {one.level: one.code for one in chain}
        area = chain[-1].code if chain else ""
        return Place(area, levels.get(DISTRICT), levels.get(STREET), levels.get(COMMUNITY))


def place_of(directory: Directory, *, lon: float | None, lat: float | None, area: str) -> Place:
    """Point in polygon when there is a position, else the division chosen.

    OutsideCity for a position that no division holds; UnknownDivision or DivisionRetired for a bad code.
    """
    if lon is not None and lat is not None:
        chain = directory.locate(lon, lat)
        if not chain:
            raise OutsideCity(f"{lon:.5f}, {lat:.5f} lies in no division", lon=lon, lat=lat)
        # The community chosen by hand is better knowledge than generated outlines only where it is more precise.
        return Place.of(chain)
    if area:
        directory.usable(area)
        return Place.of(directory.chain(area))
    return Place()
