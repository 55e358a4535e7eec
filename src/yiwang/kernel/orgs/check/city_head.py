"""city.toml: names in both languages, a code that is the folder's, a prefix that the code agrees with."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.orgs.files import CityFiles

RULE = "city"


def check(files: CityFiles) -> Iterator[tuple[str, str]]:
    """Compare the head of the city with itself and with its folder."""
    city = files.city
    if city is None:
        return
    if city.code != files.folder.name:
        yield "city.toml", f"code is {city.code!r}, expected the folder's name {files.folder.name!r}"
    for what, names in (("name", city.name), ("government", city.government)):
        for locale in ("zh", "en"):
            if not isinstance(names, dict) or not names.get(locale):
                yield "city.toml", f"{what} needs a text in {locale}"
    if not city.prefix or not city.code.startswith(city.prefix):
        yield "city.toml", f"prefix {city.prefix!r} must be what the code {city.code!r} begins with"
    lon, lat = city.centre
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        yield "city.toml", f"centre {lon}, {lat} is no longitude and latitude"
    if city.extra.get("datum") != "WGS84":
        yield "city.toml", 'datum must be "WGS84": convert outlines and the centre before they come here'
    if city.locale not in {"zh", "en"}:
        yield "city.toml", f"locale is {city.locale!r}, expected zh or en"
