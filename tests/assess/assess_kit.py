"""What tests of boards share: the first moment of their data, and a visitor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx

from yiwang.app import create_app
from yiwang.kernel.runtime import Runtime

FIRST = datetime(2026, 1, 5, 2, tzinfo=UTC)  # a Monday, ten o'clock in Wuxi
DAY = timedelta(days=1)


def visitor(rt: Runtime) -> httpx.AsyncClient:
    """Nobody in particular, who reads English."""
    headers = {"accept": "text/html", "accept-language": "en"}
    transport = httpx.ASGITransport(app=create_app(rt), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://yiwang.test", headers=headers)
