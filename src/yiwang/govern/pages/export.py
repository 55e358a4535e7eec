"""The list as a file for a spreadsheet. Who exported what is in the audit log; no contact of a reporter is in it."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any

from starlette.responses import Response

from yiwang.govern.listing import MOST, Filters, list_incidents
from yiwang.govern.pages.listing import line
from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Resource
from yiwang.web.http import Context, Ctx, router

pages = router("govern")
COLUMNS = (
    "number", "title", "category", "state", "urgency", "source", "place", "address", "department", "opened_at",
    "due_at", "closed_at", "on_time", "satisfied", "reopened", "supervised",
)  # fmt: skip
#: A spreadsheet runs what begins with these (CWE-1236); a leading quote makes it text.
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@pages.get("/incidents/export.csv")
async def export(ctx: Ctx) -> Response:
    """What the list shows under the same filters, up to 20,000 rows, UTF-8 with a mark that spreadsheets know."""
    ctx.need_staff()
    filters = Filters.read(ctx.request.query_params)
    directory = await ctx.rt.part(Directory).fresh()
    org = directory.post(ctx.actor.post).org if ctx.actor.post else None
    on = Resource("incident", None, org=org, area=ctx.actor.areas[0] if ctx.actor.areas else "")
    async with ctx.rt.act(ctx.actor, "incident.export", on) as act:
        found = await list_incidents(act.db, filters, ctx.now, ctx.zone, limit=MOST)
        text = as_csv(ctx, [line(ctx, directory, row) for row in found.rows])
        body = text.encode("utf-8-sig")
        digest = hashlib.sha256(body).hexdigest()
        act.record(after={"filters": ctx.request.url.query[:500]}, count=len(found.rows), digest=digest)
    name = f"incidents-{ctx.now.astimezone(ctx.zone):%Y%m%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(ctx: Context, rows: list[dict[str, Any]]) -> str:
    """The rows under headings in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([ctx.t(f"govern.column.{name}") for name in COLUMNS])
    for row in rows:
        writer.writerow([harmless(_cell(ctx, name, row)) for name in COLUMNS])
    return out.getvalue()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _cell(ctx: Context, name: str, row: dict[str, Any]) -> str:
    if name in ("category", "department"):
        return str(row[f"{name}_name"])
    value = row[name]
    if value is None or value == "":
        return ""
    if name.endswith("_at"):
        return str(value.astimezone(ctx.zone).strftime("%Y-%m-%d %H:%M"))
    if name == "on_time":
        return ctx.t("web.yes") if value else ctx.t("web.no")
    if name in ("state", "urgency", "source", "satisfied"):
        return ctx.t(f"govern.{name}.{value}")
    return str(value)
