"""Metrics for Prometheus: requests by route and status, and the depth of every queue that must not grow.

Several web processes share one set of files (PROMETHEUS_MULTIPROC_DIR, set by ``yiwang up``), so that a scrape of any
of them tells of all.
"""

from __future__ import annotations

import logging
import os
import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yiwang.kernel.observe.health import gather_depths
from yiwang.kernel.observe.logs import request_id
from yiwang.kernel.runtime import Runtime

log = logging.getLogger("yiwang.access")
REQUESTS = Counter("yiwang_http_requests_total", "Requests answered.", ["method", "route", "status"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = Histogram(
    "yiwang_http_request_seconds", "Seconds from the request to the end of the answer.", ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip


class Observed:
    """The outermost layer: counts and times each request and writes one access line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                request_id.set(scope.get("yw.request_id", ""))
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - began
            # The route's pattern, never the address: addresses hold keys, and would make a series each.
            route = getattr(scope.get("route"), "path", "static" if scope["path"].startswith("/static") else "other")
            # A method is any word that a client invents: each new one would be a series that is never freed.
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(method, route, str(status)).inc()
            SECONDS.labels(method, route).observe(seconds)
            if log.isEnabledFor(logging.INFO) and route != "static":
                fields = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
                log.info("request", extra={**fields, "request_id": scope.get("yw.request_id", "")})


async def metrics_text(rt: Runtime) -> tuple[bytes, str]:
    """The exposition text and its content type."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    depths = CollectorRegistry()
    for name, (value, doc) in (await gather_depths(rt)).items():
        Gauge(f"yiwang_{name}", doc, registry=depths).set(value)
    return generate_latest(registry) + generate_latest(depths), CONTENT_TYPE_LATEST
