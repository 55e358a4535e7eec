"""Boards: numbers of the city, each with its target, its breakdown, its time and how it is computed."""

from __future__ import annotations

import csv
import io
from typing import Any

from starlette.responses import Response

from yiwang.assess.compute import compute, notes_on, source_named
from yiwang.assess.model import Indicator, Line
from yiwang.assess.store import all_boards, all_indicators, board_named, chosen
from yiwang.assess.view import SHOWN, chart, default_board, ordered, read_query
from yiwang.kernel.write import Resource
from yiwang.kit.cells import neutral
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router

pages = router("assess")


async def may_read(ctx: Context) -> None:
    """Raises Refused unless this reader may see the city's numbers."""
    await ctx.rt.may(ctx.actor, "indicator.read", Resource("indicator"))


@pages.get("/assess")
async def boards(ctx: Ctx) -> Response:
    """The first board, or a page that says how a board comes to be."""
    ctx.need_staff()
    async with ctx.rt.read(ctx.actor) as db:
        found = await all_boards(db)
    first = default_board(found)
    if first is not None:
        return redirect(ctx, f"/assess/{first.package}/{first.id}")
    return page(ctx, "assess/empty.html")


# Before the board: its path would take the name of the export for a board's.
@pages.get("/assess/{package}/{name}.csv")
async def export(ctx: Ctx, package: str, name: str) -> Response:
    """The whole breakdown as CSV (UTF-8 with a mark, as spreadsheets expect; cells cannot become formulas)."""
    shown = await _answer(ctx, package, name)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([shown["axis"], *(neutral(ctx.pick(i.title)) for i in shown["indicators"])])
    for line in shown["all_lines"]:
        values = [line.values[i.id] for i in shown["indicators"]]
        missing = ctx.t("assess.not_recorded")
        writer.writerow([neutral(line.label), *(missing if v is None else v for v in values)])
    headers = {"Content-Disposition": f'attachment; filename="{package}-{name}.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@pages.get("/assess/{package}/{name}")
async def board(ctx: Ctx, package: str, name: str) -> Response:
    """One board: the totals, a chart, and the breakdown."""
    shown = await _answer(ctx, package, name)
    return page(ctx, "assess/board.html", **shown)


async def _answer(ctx: Context, package: str, name: str) -> dict[str, Any]:
    ctx.need_staff()
    await may_read(ctx)
    async with ctx.rt.read(ctx.actor) as db:
        found, every, wanted = await all_indicators(db), await all_boards(db), await board_named(db, package, name)
    indicators = chosen(found, package, wanted.indicators)
    dimensions = [d for d in indicators[0].by if all(d in i.by for i in indicators)]
    today = ctx.now.astimezone(ctx.zone).date()
    asked = read_query(ctx.request.query_params, dimensions, wanted.by, today)
    answer = await compute(ctx.rt, asked.question(indicators, ctx.zone), ctx.locale)
    lines = ordered(answer.lines, asked.by, indicators[0].id)
    return {
        "boards": every, "board": wanted, "indicators": indicators, "asked": asked, "answer": answer,
        "dimensions": [(d, ctx.t(f"assess.dimension.{d}")) for d in dimensions],
        "axis": ctx.t(f"assess.dimension.{asked.by}") if asked.by else "",
        "lines": lines[:SHOWN], "all_lines": lines, "more": max(0, len(lines) - SHOWN),
        "charts": _charts(ctx, indicators, lines, asked.by),
        "source": source_named(ctx.rt, indicators[0].source).name,
        "notes": await notes_on(ctx.rt, indicators[0].source, ctx.locale),
        "filters": [(d, ctx.t(f"assess.dimension.{d}"), v) for d, v in asked.where.items()],
    }  # fmt: skip


def _charts(ctx: Context, indicators: tuple[Indicator, ...], lines: list[Line], by: str | None) -> list[Any]:
    if by is None or not lines:
        return []
    rates = [i for i in indicators if i.over is not None][:1]
    names = {"axis": ctx.t(f"assess.dimension.{by}")}
    return [
        chart(lines, i, by, names | {"title": ctx.pick(i.title), "unit": ctx.t(f"assess.unit.{i.unit}")})
        for i in (indicators[0], *rates)
    ]
