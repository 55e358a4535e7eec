"""Maps of the city from its own outlines: configurations for the map island, and the outlines themselves as GeoJSON."""

from __future__ import annotations

from typing import Any

from shapely import bounds, simplify
from shapely.geometry import mapping

from yiwang.kernel.orgs import Directory
from yiwang.web.context import Context

#: About a hundred metres: enough for an overview, a tenth of the size.
TOLERANCE = 0.001
WORDS = {
    "Map.Title": "web.map.title", "NavigationControl.ZoomIn": "web.map.zoom_in",
    "NavigationControl.ZoomOut": "web.map.zoom_out", "Marker.Title": "web.map.marker",
    "CooperativeGesturesHandler.MobileHelpText": "web.map.two_fingers",
    "CooperativeGesturesHandler.WindowsHelpText": "web.map.ctrl",
    "CooperativeGesturesHandler.MacHelpText": "web.map.ctrl",
}  # fmt: skip


def city_map(ctx: Context, code: str | None = None, *, links: bool = False, **more: Any) -> dict[str, Any] | None:
    """The configuration of a map of a division (default: the city) and those below it, or None.

    ``more`` goes to the island: ``layers`` (added above), ``pick``, ``at``. With ``links`` an area leads to its page.
    """
    directory = ctx.rt.part(Directory)
    place = code or directory.city.code
    frame = frame_of(directory, place)
    if frame is None:
        return None
    area = {"id": "areas", "kind": "area", "src": f"/map/{place}.json?lang={ctx.locale}", "label": "name"}
    if links:
        area["href"] = "href"
    return {"bounds": frame, "layers": [area, *more.pop("layers", ())], **more}


def frame_of(directory: Directory, code: str) -> list[float] | None:
    """West, south, east, north of a division: its own outline's, or that of those below it."""
    own = directory.outline(code)
    shapes = [own] if own is not None else [directory.outline(one.code) for one in directory.divisions_below(code)]
    boxes = [bounds(shape) for shape in shapes if shape is not None]
    if not boxes:
        return None
    return [
        float(min(box[0] for box in boxes)), float(min(box[1] for box in boxes)),
        float(max(box[2] for box in boxes)), float(max(box[3] for box in boxes)),
    ]  # fmt: skip


def outlines(directory: Directory, code: str, locale: str) -> dict[str, Any]:
    """GeoJSON of the divisions below one that have an outline, else of the division itself."""
    below = [one for one in directory.divisions_below(code) if directory.outline(one.code) is not None]
    shown = below or [directory.division(code)]
    features = []
    for one in shown:
        shape = directory.outline(one.code)
        if shape is not None:
            properties = {
                "id": one.code,
                "name": one.name(locale),
                "href": f"/orgs/place/{one.code}",
                "here": one.code == code,
            }
            features.append(
                {"type": "Feature", "properties": properties, "geometry": mapping(simplify(shape, TOLERANCE))}
            )
    return {"type": "FeatureCollection", "features": features}
