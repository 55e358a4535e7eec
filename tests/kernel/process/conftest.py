"""A small city whose process runs on a real database."""

from __future__ import annotations

from pathlib import Path

import pytest_asyncio

from tests.kernel.orgs.conftest import SmallCity
from tests.kernel.process.city import FORMS, REQUESTS, Town, install, parcel
from yiwang.kernel.orgs import load_city


@pytest_asyncio.fixture
async def town(rt, tmp_path: Path) -> Town:
    folder = tmp_path / "999900"
    folder.mkdir()
    await load_city(rt, SmallCity(folder).folder)
    await install(rt, parcel({"requests": REQUESTS}, FORMS))
    return Town(rt)
