"""The status page: is everything running, in words for anybody. Programs ask /readyz."""

from __future__ import annotations

from starlette.responses import Response

from yiwang.kernel.observe import check_health
from yiwang.web.http import Ctx, page, router

pages = router("web")


@pages.get("/status")
async def status(ctx: Ctx) -> Response:
    """Every part with its state; details only for staff, since they name versions."""
    checks = await check_health(ctx.rt)
    ready = all(check.ok for check in checks)
    return page(ctx, "status.html", status=200 if ready else 503, checks=checks, ready=ready)
