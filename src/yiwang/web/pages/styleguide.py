"""A living style guide: every part of the shell on one page, in every state. For those who build pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from yiwang.web.forms import FormView
from yiwang.web.http import Ctx, page, router

pages = router("web")

SAMPLE_FORM: dict[str, Any] = {
    "title": {"zh": "现场核实", "en": "Verify on the spot"},
    "type": "object",
    "required": ["confirmed", "note", "kind"],
    "properties": {
        "confirmed": {"type": "boolean", "title": "confirmed"},
        "kind": {"type": "string", "enum": ["road", "light", "waste"]},
        "note": {"type": "string", "minLength": 5, "maxLength": 500},
        "crew": {"type": "integer", "minimum": 1, "maximum": 20},
        "on": {"type": "string", "format": "date"},
        "parts": {
            "type": "array",
            "items": {"type": "string", "enum": ["kerb", "paving", "drain"]},
            "uniqueItems": True,
        },
    },
    "x-ui": {
        "order": ["confirmed", "kind", "note", "crew", "on", "parts"],
        "fields": {
            "confirmed": {"title": {"zh": "问题属实吗", "en": "Is it as reported?"}},
            "kind": {
                "title": {"zh": "属于哪一类", "en": "What is it?"},
                "labels": {
                    "road": {"zh": "路面破损", "en": "Damaged road"},
                    "light": {"zh": "路灯不亮", "en": "Street light out"},
                    "waste": {"zh": "垃圾堆放", "en": "Dumped rubbish"},
                },
            },
            "note": {
                "title": {"zh": "现场情况", "en": "What you found"},
                "help": {
                    "zh": "写清位置、范围和是否影响通行。",
                    "en": "Where, how large, and whether it blocks the way.",
                },
                "widget": "textarea",
            },
            "crew": {"title": {"zh": "需要几人", "en": "People needed"}},
            "on": {"title": {"zh": "计划日期", "en": "Planned for"}},
            "parts": {
                "title": {"zh": "涉及部位", "en": "Parts concerned"},
                "labels": {
                    "kerb": {"zh": "路缘石", "en": "Kerb"},
                    "paving": {"zh": "铺装", "en": "Paving"},
                    "drain": {"zh": "雨水口", "en": "Drain"},
                },
            },
        },
    },
}


@pages.get("/styleguide")
async def styleguide(ctx: Ctx) -> Response:
    """Everything once; the samples are about a street, as the real pages are."""
    ctx.need_staff()
    now = ctx.now
    times = {
        "soon": now + timedelta(hours=2), "later": now + timedelta(days=3), "late": now - timedelta(hours=5),
        "before": now - timedelta(minutes=40), "paused": now + timedelta(days=1),
    }  # fmt: skip
    form = FormView.of(ctx, SAMPLE_FORM, {"kind": "road", "note": "短"}, {"note": ctx.t("web.form.short", n=5)})
    return page(ctx, "styleguide.html", times=times, form=form, chart=_chart(ctx), place=_place(ctx))


def _chart(ctx: Any) -> dict[str, Any]:
    return {
        "kind": "line", "unit": "%", "axis": ctx.pick({"zh": "周", "en": "Week"}),
        "categories": [f"W{n}" for n in range(1, 13)],
        "series": [
            {"name": ctx.pick({"zh": "按时办结", "en": "On time"}), "values": [81, 84, 83, 88, 86, 90, 91, 89, 92, 93, 92, 95]},
            {"name": ctx.pick({"zh": "满意", "en": "Satisfied"}), "values": [72, 74, None, 79, 77, 82, 84, 83, 86, 85, 88, 89]},
        ],
    }  # fmt: skip


def _place(ctx: Any) -> dict[str, Any]:
    square = [[120.2, 31.45], [120.42, 31.45], [120.42, 31.62], [120.2, 31.62], [120.2, 31.45]]
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [120.31, 31.55]},
        "properties": {"name": "三阳广场"},
    }
    area = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [square]}, "properties": {"name": "梁溪"}}
    return {
        "bounds": [120.15, 31.42, 120.47, 31.66],
        "layers": [
            {"id": "areas", "kind": "area", "label": "name", "data": {"type": "FeatureCollection", "features": [area]}},
            {"id": "points", "kind": "point", "label": "name", "colour": "--color-accent", "data": {"type": "FeatureCollection", "features": [point]}},
        ],
    }  # fmt: skip
