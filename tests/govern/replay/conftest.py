"""New York with the first scenario installed, cloned for each test; logs to load into it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.conftest import ROOT, START
from tests.govern.replay.replay_kit import HEADING
from yiwang.app import rooms
from yiwang.govern.replay.mapping import Mapping, read_mapping
from yiwang.kernel.calendar import city_folder
from yiwang.kernel.runtime import Registry, Runtime
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings


@pytest_asyncio.fixture(scope="session")
async def new_york(server: EmbeddedPostgres, state_dir: Path) -> AsyncIterator[Theatre]:
    """The template city."""
    package = Package.read(ROOT / "scenarios" / "resident-requests")
    settings = Settings(state_dir=state_dir, city="nyc")
    async with Theatre(settings, Registry(rooms()), server.url("postgres"), [package]) as built:
        yield built


@pytest_asyncio.fixture
async def nyc(new_york: Theatre) -> AsyncIterator[Runtime]:
    """A running New York on Monday, 2 March 2026."""
    async with new_york.city(START) as rt:
        yield rt


@pytest.fixture(scope="session")
def mapping() -> Mapping:
    """How New York's log is read."""
    return read_mapping(city_folder("nyc"))


@pytest.fixture
def small_log(tmp_path: Path) -> Path:
    """1,500 invented rows without mistakes, of which 40 repeat an earlier key with other content."""
    chance = random.Random(20230418)
    rows, first = [HEADING], date(2022, 11, 1)
    for number in range(1500):
        key = f"NYCC{number if number < 1460 else chance.randrange(1460):08}"
        opened = first + timedelta(days=chance.randrange(120))
        closed = opened + timedelta(days=chance.choice([0, 0, 0, 1, 5, 7, 8, 14, 15, 21, 22, 23, 30, 90]))
        kind = chance.choice(["Parks", "Housing and Buildings", "Education", "Sanitation", "", "Select One", "EVNT"])
        board = chance.choice(["07 Manhattan", "7 Manhattan", "02 Staten Island", "Queens", "", "0230458"])
        borough = next((b for b in ("Manhattan", "Staten Island", "Queens") if b in board), "")
        borough = borough or chance.choice(["Brooklyn", ""])
        text = chance.choice(["Heat/Hot Water", '"Trees, dead or dying"', '"He said ""soon"""', ""])
        end = "" if chance.random() < 0.05 else closed
        rows.append(f"{key},NYCC07,{opened},{end},{kind},{text},10024,{borough},New York,NYCC07,{board}")
    path = tmp_path / "small.csv"
    path.write_text("\n".join(rows) + "\n")
    return path
