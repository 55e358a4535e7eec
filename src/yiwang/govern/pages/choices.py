"""What people choose from: categories in plain words with a drawing, streets by district, communities of a street."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.orgs import Directory

#: Drawings of well-known groups of categories; any other gets a plain dot.
ICONS = {
    "city": "trash-2", "road": "construction", "park": "trees", "traffic": "car", "environment": "volume-2",
    "housing": "house", "utility": "droplets", "market": "store", "labour": "users", "medical": "hospital",
    "education": "school", "civil": "heart-handshake", "safety": "shield-alert", "rural": "leaf", "culture": "ticket",
    "government": "landmark", "other": "ellipsis", "transportation": "bus", "sanitation": "trash-2",
    "public-safety": "siren", "parks": "trees", "utilities": "zap", "health": "hospital", "emergency": "flame",
    "consumer": "store", "quality-of-life": "volume-2", "legal": "scroll-text", "economy": "trending-up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """A group of categories, with examples of what belongs to it."""

    key: str
    name: str
    examples: str
    icon: str


def category_tiles(directory: Directory, locale: str) -> list[Tile]:
    """The groups of the city's categories in its order, each with up to three examples."""
    everything = directory.categories()
    joint = "、" if locale == "zh" else ", "
    tiles = []
    for group in everything:
        if group.parent is None:
            inside = [one.name(locale) for one in everything if one.parent == group.key][:3]
            tiles.append(Tile(group.key, group.name(locale), joint.join(inside), ICONS.get(group.key, "circle-dot")))
    return tiles


def category_options(directory: Directory, locale: str) -> list[tuple[str, str]]:
    """Every category for a select: the group's name before each that lies below one."""
    options = []
    for one in directory.categories():
        above = directory.category(one.parent) if one.parent else None
        options.append((one.key, f"{above.name(locale)} · {one.name(locale)}" if above else one.name(locale)))
    return options


def streets(directory: Directory, locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(district, [(code, street)]) of the whole city; a city without streets gives its districts in one group."""
    groups = []
    alone = []
    for district in directory.divisions_below(directory.city.code):
        below = [(one.code, one.name(locale)) for one in directory.divisions_below(district.code)]
        if below:
            groups.append((district.name(locale), below))
        else:
            alone.append((district.code, district.name(locale)))
    return [*groups, *([(directory.city.name(locale), alone)] if alone else [])]


def communities(directory: Directory, street: str, locale: str) -> list[tuple[str, str]]:
    """(code, name) of what lies below a street; empty for a code that is none."""
    try:
        directory.division(street)
    except YiwangError:
        return []
    return [(one.code, one.name(locale)) for one in directory.divisions_below(street)]


def category_name(directory: Directory, key: str, locale: str) -> str:
    """The name of a category; empty when it was left open."""
    found = directory.category(key) if key else None
    return found.name(locale) if found else ""


def place_name(directory: Directory, area: str, locale: str) -> str:
    """The full name of a place; empty when nobody said where."""
    if not area:
        return ""
    try:
        return directory.full_name(area, locale)
    except YiwangError:
        return ""
