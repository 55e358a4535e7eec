"""Installing, upgrading and removing scenario packages, for administrators: first a check, then the same for real."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response

from yiwang.kernel.errors import Invalid, Refused, YiwangError
from yiwang.kernel.scenarios import (
    Package,
    PackageInvalid,
    StillOpen,
    check_package,
    install,
    list_scenarios,
    online,
    remove,
    scenario_detail,
)
from yiwang.kernel.scenarios.limits import MAX_ZIP_BYTES
from yiwang.kernel.scenarios.opens import opens
from yiwang.kernel.scenarios.problems import say
from yiwang.kernel.write import Resource
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.pages.signin_common import Told, told

pages = router("web")
SHOWN = 200


@pages.get("/scenarios/-/install")
async def form(ctx: Ctx) -> Response:
    """Choose a package; a .zip as another city exported it."""
    ctx.need_staff()
    await ctx.must("scenario.install", Resource("scenario"))
    return page(ctx, "scenarios/install.html", wrong=None, seen=None)


@pages.post("/scenarios/-/install")
async def check_or_install(ctx: Ctx) -> Response:
    """Say everything that is wrong with it and what it would open; install it when that was asked for."""
    ctx.need_staff()
    await ctx.must("scenario.install", Resource("scenario"))
    given = await ctx.form()
    try:
        package = Package.of_zip(await _upload(given.get("package")))
        if given.get("do") != "install":
            return await _seen(ctx, package)
        outcome = await install(ctx.rt, ctx.actor, package)
    except Refused:
        raise
    except PackageInvalid:
        return await _seen(ctx, package, status=422)
    except YiwangError as error:
        return page(ctx, "scenarios/install.html", status=error.status, wrong=told(ctx, error), seen=None)
    key = "web.scenarios.installed" if outcome.changed else "web.scenarios.unchanged"
    return redirect(ctx, f"/scenarios/{outcome.package}", say=key, version=outcome.version)


async def _upload(given: object) -> bytes:
    content = await given.read(MAX_ZIP_BYTES + 1) if isinstance(given, UploadFile) else b""
    if not content:
        raise Invalid("no package was chosen", key="web.scenarios.no_file")
    if len(content) > MAX_ZIP_BYTES:
        raise Invalid(f"the file is over {MAX_ZIP_BYTES} bytes", key="scenario.error.zip_too_large")
    return content


async def _seen(ctx: Context, package: Package, *, status: int = 200) -> Response:
    """What the check found: the problems, or what installing would bring and open."""
    problems = check_package(package, await online(ctx.rt))
    manifest = package.manifest
    here = {one.id: one for one in await list_scenarios(ctx.rt, ctx.actor)}
    seen = {
        "title": {"zh": manifest.title.zh, "en": manifest.title.en} if manifest else {},
        "version": manifest.version if manifest else "",
        "now": here[manifest.id].version if manifest and manifest.id in here else "",
        "problems": [(one.where, say(one, ctx.locale, ctx.rt.strings)) for one in problems[:SHOWN]],
        "count": len(problems),
        "opens": [one[ctx.locale] for one in opens(ctx.rt.registry, package)] if not problems else [],
    }
    return page(ctx, "scenarios/install.html", status=status, wrong=None, seen=seen)


@pages.get("/scenarios/{package}/remove")
async def ask(ctx: Ctx, package: str) -> Response:
    """What removing means, before it is done."""
    ctx.need_staff()
    await ctx.must("scenario.remove", Resource("scenario", package[:80]))
    return await _ask(ctx, package[:80])


@pages.post("/scenarios/{package}/remove")
async def do_remove(ctx: Ctx, package: str) -> Response:
    """Remove it; where work is open, retire it when that was chosen."""
    ctx.need_staff()
    retire = (await ctx.fields()).get("do") == "retire"
    try:
        retired = await remove(ctx.rt, ctx.actor, package[:80], retire=retire)
    except Refused:
        raise
    except YiwangError as error:
        return await _ask(ctx, package[:80], told(ctx, error), still_open=isinstance(error, StillOpen))
    return redirect(ctx, "/scenarios", say="web.scenarios.retired" if retired else "web.scenarios.removed")


async def _ask(ctx: Context, package: str, wrong: Told | None = None, *, still_open: bool = False) -> Response:
    detail = await scenario_detail(ctx.rt, ctx.actor, package, ctx.locale)
    return page(
        ctx, "scenarios/remove.html", status=409 if wrong else 200, one=detail.installed, wrong=wrong,
        still_open=still_open,
    )  # fmt: skip
