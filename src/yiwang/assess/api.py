"""Indicators over HTTP: what there is, and the numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from yiwang.assess.compute import compute
from yiwang.assess.model import Indicator
from yiwang.assess.pages import may_read
from yiwang.assess.store import all_indicators, chosen
from yiwang.assess.view import ordered, read_query
from yiwang.web.http import Ctx, api_router

api = api_router("assess")


class IndicatorOut(BaseModel):
    """An indicator as declared by an installed package."""

    key: str = Field(description="package/id")
    title: dict[str, str]
    summary: dict[str, str]
    unit: str
    better: str
    by: list[str] = Field(description="Dimensions that it may be broken down by.")
    target: float | None

    @classmethod
    def of(cls, i: Indicator) -> IndicatorOut:
        """From the stored declaration."""
        return cls(key=i.key, title=dict(i.title), summary=dict(i.summary), unit=i.unit, better=i.better, by=list(i.by),
                   target=i.target)  # fmt: skip


class LineOut(BaseModel):
    """One group; a null key or value means not recorded."""

    key: str | None
    label: str
    value: float | None


class ValueOut(BaseModel):
    """The numbers of one indicator."""

    indicator: str
    at: datetime = Field(description="When it was computed.")
    total: float | None = Field(description="Null means not recorded.")
    by: str | None
    lines: list[LineOut]


@api.get("/api/v1/indicators", summary="The indicators that installed packages declare")
async def list_indicators(ctx: Ctx) -> list[IndicatorOut]:
    """Every indicator with its unit, direction, target and breakdowns."""
    await may_read(ctx)
    async with ctx.rt.read(ctx.actor) as db:
        return [IndicatorOut.of(i) for i in (await all_indicators(db)).values()]


@api.get("/api/v1/indicators/{package}/{name}", summary="The numbers of one indicator")
async def read_indicator(
    ctx: Ctx,
    package: str,
    name: str,
    by: Annotated[str | None, Query(max_length=60, description="A dimension of the indicator.")] = None,
    since: Annotated[date | None, Query(alias="from", description="First day included.")] = None,
    until: Annotated[date | None, Query(alias="to", description="Last day included.")] = None,
) -> ValueOut:
    """The total, and one line per value of the dimension; further query parameters name dimensions to filter by."""
    await may_read(ctx)
    async with ctx.rt.read(ctx.actor) as db:
        (indicator,) = chosen(await all_indicators(db), package, [name])
    dates = {"from": since.isoformat() if since else "", "to": until.isoformat() if until else ""}
    query = dict(ctx.request.query_params) | dates | {"by": by or ""}
    asked = read_query(query, indicator.by, None, ctx.now.astimezone(ctx.zone).date())
    answer = await compute(ctx.rt, asked.question([indicator], ctx.zone), ctx.locale)
    lines = [LineOut(key=n.key, label=n.label, value=n.values[name]) for n in ordered(answer.lines, asked.by, name)]
    return ValueOut(indicator=indicator.key, at=answer.at, total=answer.total.get(name), by=asked.by, lines=lines)
