"""A living style guide: every part of the shell on one page, in every state. For those who build pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from yiwang.kernel.errors import Invalid
from yiwang.kernel.forms import Form
from yiwang.web.context import Context
from yiwang.web.forms import FormView, errors_of
from yiwang.web.http import Ctx, page, router

pages = router("web")


def _words(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


PARTS = {"kerb": _words("路缘石", "Kerb"), "paving": _words("铺装", "Paving"), "drain": _words("雨水口", "Drain")}
SAMPLE_FORM = Form.load(
    {
        "type": "object",
        "required": ["confirmed", "note", "kind"],
        "properties": {
            "confirmed": {
                "type": "boolean",
                "x-ui": {"title": _words("问题属实", "It is as reported")},
            },
            "kind": {
                "type": "string",
                "enum": ["road", "light", "waste"],
                "x-ui": {
                    "title": _words("属于哪一类", "What is it?"),
                    "options": {
                        "road": _words("路面破损", "Damaged road"),
                        "light": _words("路灯不亮", "Street light out"),
                        "waste": _words("垃圾堆放", "Dumped rubbish"),
                    },
                },
            },
            "note": {
                "type": "string",
                "minLength": 5,
                "maxLength": 500,
                "x-ui": {
                    "title": _words("现场情况", "What you found"),
                    "help": _words("写清位置、范围和是否影响通行。", "Where, how large, does it block the way?"),
                },
            },
            "crew": {
                "type": "integer",
                "minimum": 1,
                "maximum": 20,
                "x-ui": {"title": _words("需要几人", "People needed"), "unit": _words("人", "people")},
            },
            "planned": {"type": "string", "format": "date", "x-ui": {"title": _words("计划日期", "Planned for")}},
            "parts": {
                "type": "array",
                "items": {
                    "type": "string",
                    "enum": list(PARTS),
                    "x-ui": {"title": _words("部位", "Part"), "options": PARTS},
                },
                "x-ui": {"title": _words("涉及部位", "Parts concerned"), "options": PARTS},
            },
            "place": {
                "type": "object",
                "format": "point",
                "x-ui": {"title": _words("准确位置", "Exact place")},
            },
        },
        "x-ui": {"title": _words("现场核实", "Verify on the spot")},
    }
)


@pages.get("/styleguide")
async def styleguide(ctx: Ctx) -> Response:
    """Everything once; the samples are about a street, as the real pages are."""
    ctx.need_staff()
    now = ctx.now
    times = {
        "soon": now + timedelta(hours=2), "later": now + timedelta(days=3), "late": now - timedelta(hours=5),
        "before": now - timedelta(minutes=40), "paused": now + timedelta(days=1),
    }  # fmt: skip
    typed = {"kind": "road", "note": "短", "confirmed": True}
    try:
        SAMPLE_FORM.validate(typed)
        form = FormView.of(ctx, SAMPLE_FORM, typed)
    except Invalid as error:
        form = FormView.of(ctx, SAMPLE_FORM, typed, errors_of(ctx, error))
    return page(ctx, "styleguide.html", times=times, form=form, chart=_chart(ctx), place=_place(ctx))


def _chart(ctx: Context) -> dict[str, Any]:
    on_time = [81, 84, 83, 88, 86, 90, 91, 89, 92, 93, 92, 95]
    satisfied = [72, 74, None, 79, 77, 82, 84, 83, 86, 85, 88, 89]
    return {
        "kind": "line", "unit": "%", "axis": ctx.pick(_words("周", "Week")),
        "categories": [f"W{n}" for n in range(1, 13)],
        "series": [
            {"name": ctx.pick(_words("按时办结", "On time")), "values": on_time},
            {"name": ctx.pick(_words("满意", "Satisfied")), "values": satisfied},
        ],
    }  # fmt: skip


def _place(ctx: Context) -> dict[str, Any]:
    square = [[120.2, 31.45], [120.42, 31.45], [120.42, 31.62], [120.2, 31.62], [120.2, 31.45]]
    areas = _feature("Polygon", [square], ctx.pick(_words("梁溪", "Liangxi")))
    points = _feature("Point", [120.31, 31.55], ctx.pick(_words("三阳广场", "Sanyang Plaza")))
    return {
        "bounds": [120.15, 31.42, 120.47, 31.66],
        "layers": [
            {"id": "areas", "kind": "area", "label": "name", "data": areas},
            {"id": "points", "kind": "point", "label": "name", "colour": "--color-accent", "data": points},
        ],
    }


def _feature(kind: str, coordinates: list[Any], name: str) -> dict[str, Any]:
    feature = {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": {"name": name}}
    return {"type": "FeatureCollection", "features": [feature]}
