"""``/healthz``, ``/readyz`` and ``/metrics``: for supervisors and monitoring, without sign-in and without detail."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request, Response

from yiwang.kernel.errors import NotFound
from yiwang.kernel.observe.health import check_health
from yiwang.kernel.observe.metrics import metrics_text

router = APIRouter(tags=["observe"])


@router.get("/healthz", summary="Is this process alive?")
async def healthz() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can this process serve?", responses={503: {"description": "A part is not ready."}})
async def readyz(request: Request, response: Response) -> dict[str, object]:
    """Whether every part that we need answers; 503 when one does not. Names parts, never addresses."""
    checks = await check_health(request.app.state.rt)
    ready = all(c.ok for c in checks)
    response.status_code = 200 if ready else 503
    return {"status": "ready" if ready else "not ready", "checks": {c.name: c.ok for c in checks}}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Prometheus metrics, for addresses of private networks only: a public proxy must not pass this on."""
    host = request.client.host if request.client else ""
    forwarded = "x-forwarded-for" in request.headers
    try:
        local = ipaddress.ip_address(host).is_private
    except ValueError:
        local = False
    if forwarded or not local:
        raise NotFound("metrics are for the private network")
    text, kind = await metrics_text(request.app.state.rt)
    return Response(text, media_type=kind)
