"""Keys of the shared demo city for the addresses of pages."""

from __future__ import annotations

import pytest_asyncio
from tests.demo_city import Demo
from tests.pages.site_map import Known


@pytest_asyncio.fixture(scope="session")
async def known(demo_shared: Demo) -> Known:
    """Real keys by name."""
    return await Known.of(demo_shared)
