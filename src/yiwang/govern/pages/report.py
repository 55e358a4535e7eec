"""Report a problem: one page that works on any phone, without script, without an account, without a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from yiwang.govern import actions
from yiwang.govern.entries import Entries
from yiwang.govern.errors import BadPhoto, OutsideCity, ReportInvalid
from yiwang.govern.pages.choices import category_tiles, communities, streets
from yiwang.govern.pages.photos import MOST, dump, read_photos
from yiwang.govern.pages.progress import progress_of
from yiwang.govern.report import Report, read_report
from yiwang.govern.throttle import count_report
from yiwang.govern.tracking import code_of_form, form_key_fits, new_form_key
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import StoredFile
from yiwang.web.http import Context, Ctx, page, router
from yiwang.web.maps import city_map

pages = router("govern")
_TYPED = (
    "description",
    "category",
    "lon",
    "lat",
    "street",
    "community",
    "address",
    "name",
    "phone",
    "anonymous",
    "item",
)

#: Questions that may have a sentence beside them.
_NAMED = (*_TYPED, "place", "photos", "title", "area")


@pages.get("/report")
async def report_form(ctx: Ctx) -> Response:
    """The blank form."""
    asked = {name: ctx.request.query_params.get(name, "")[:60] for name in ("category", "item", "street")}
    return await _form(ctx, asked, new_form_key())


@pages.get("/report/communities")
async def communities_of_street(ctx: Ctx, street: str = "") -> Response:
    """The communities of a street, for the script that fills the second choice."""
    directory = await ctx.rt.part(Directory).fresh()
    found = communities(directory, street[:15], ctx.locale)
    return JSONResponse([{"value": code, "label": name} for code, name in found])


@pages.post("/report")
async def send_report(ctx: Ctx) -> Response:
    """Take the report in, or show the form again with what is wrong; nothing typed is lost."""
    form, typed = await ctx.form(), await ctx.fields()
    key = typed.get("key", "")
    if not form_key_fits(key):
        key = new_form_key()
    values = {name: typed.get(name, "") for name in _TYPED}
    photos: tuple[StoredFile, ...] = ()
    try:
        photos = await read_photos(ctx, form)
        if typed.get("step") or form.getlist("drop"):
            return await _form(ctx, values, key, photos=photos)
        if typed.get("website"):  # a field that no person sees
            return await _form(ctx, values, key, photos=photos, status=422, again=True)
        report = _report(ctx, values)
        await count_report(ctx)
        await actions.open_incident(ctx.rt, ctx.actor, report, form_key=key, photos=photos)
    except (ReportInvalid, OutsideCity, BadPhoto, Invalid) as error:
        return await _form(ctx, values, key, photos=photos, status=error.status, errors=_sentences(ctx, error))
    return RedirectResponse(f"/report/received?key={key}", 303)


@pages.get("/report/received")
async def received(ctx: Ctx, key: str = "") -> Response:
    """The receipt: number, tracking code, what happens next. Loading it again shows the same."""
    if not form_key_fits(key):
        raise NotFound("no such receipt")
    code = code_of_form(ctx.rt, key)
    incident = await actions.find_tracked(ctx.rt, code)
    progress = await progress_of(ctx, incident)
    own = ctx.actor.kind == "resident" and incident.reporter == ctx.actor.id
    return page(ctx, "govern/received.html", code=code, incident=incident, progress=progress, own=own)


def _report(ctx: Context, values: Mapping[str, str]) -> Report:
    data: dict[str, Any] = {**values, "area": values["community"] or values["street"]}
    if data["lon"] and data["lat"]:
        data["area"] = ""
    own = ctx.actor.kind == "resident"
    if own:
        data |= {"name": "", "phone": ""}
    return read_report(data, source="staff" if ctx.is_staff else "web")


def _sentences(ctx: Context, error: Invalid) -> dict[str, str]:
    if error.problems:
        return {p.where: ctx.t(p.key, **p.params) for p in error.problems}
    field = "photos" if isinstance(error, BadPhoto) else "place"
    detail, next_ = ctx.t(f"{error.key}.detail", **error.params), ctx.t(f"{error.key}.next", **error.params)
    return {field: f"{detail}{next_}" if ctx.locale == "zh" else f"{detail} {next_}"}


async def _form(
    ctx: Context,
    values: Mapping[str, str],
    key: str,
    *,
    photos: tuple[StoredFile, ...] = (),
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    again: bool = False,
) -> Response:
    directory = await ctx.rt.part(Directory).fresh()
    entry = await ctx.rt.part(Entries).named(values.get("item", ""))
    more: dict[str, Any] = {"at": [float(values["lon"]), float(values["lat"])]} if _position(values) else {}
    return page(
        ctx, "govern/report.html", status=status, values={name: values.get(name, "") for name in _TYPED}, key=key,
        errors=dict.fromkeys(_NAMED, "") | dict(errors or {}), wrong=list((errors or {}).items()),
        again=again, tiles=category_tiles(directory, ctx.locale),
        streets=streets(directory, ctx.locale), most=MOST,
        communities=communities(directory, values.get("street", ""), ctx.locale),
        photos=[(photo.name, dump(ctx.rt, photo)) for photo in photos], title=entry.title(ctx.locale) if entry else "",
        map=city_map(ctx, pick=True, **more),
    )  # fmt: skip


def _position(values: Mapping[str, str]) -> bool:
    try:
        return -180 <= float(values.get("lon", "")) <= 180 and -90 <= float(values.get("lat", "")) <= 90
    except ValueError:
        return False
