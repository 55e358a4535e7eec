"""A day is replayed person by person; nothing of it enters the indicators; it happens once."""

from __future__ import annotations

from datetime import date

import pytest
from rich.console import Console

from tests.govern.replay.replay_kit import HEADING
from yiwang.govern.measures import SOURCE
from yiwang.govern.replay.errors import NothingToReplay
from yiwang.govern.replay.live import replay_day
from yiwang.govern.replay.load import load_log
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")
DAY = date(2023, 2, 1)
QUIET = Console(quiet=True)
ROWS = [
    "A1,NYCC07,2023-02-01,2023-02-01,Parks,Trees,10024,Manhattan,New York,NYCC07,07 Manhattan",  # the same day
    "A2,NYCC07,2023-02-01,2023-02-06,Sanitation,Rubbish,,,,,",  # no place: nobody looks on the spot
    "A3,NYCC07,2023-02-01,2023-03-20,Parks,Benches,,Manhattan,,,07 Manhattan",  # late
    "A4,NYCC07,2023-02-01,,Parks,Paths,,Manhattan,,,07 Manhattan",  # never closed
    "A5,NYCC07,2023-02-01,2023-02-03,,,,Manhattan,,,07 Manhattan",  # no category, no subject
    "A6,NYCC07,2023-02-02,2023-02-03,Parks,Another day,,,,,",
]


async def test_a_day_is_replayed_by_people_at_the_recorded_times(nyc, mapping, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("\n".join([HEADING, *ROWS]) + "\n")
    await load_log(nyc, SYSTEM, mapping, log)
    counted = f"select count(*) from {SOURCE.relation}"
    async with nyc.read_as_system() as db:
        before = await db.fetchval(counted)
    outcome = await replay_day(nyc, mapping, DAY, QUIET)
    assert outcome.failures == []
    assert outcome.counts() == {"reported": 5, "closed": 4, "in time": 3, "late": 2, "supervised": 2, "open": 1}
    async with nyc.read_as_system() as db:
        assert await db.fetchval(counted) == before == 6
        rows = await db.fetch(
            "select substring(l.description from 'Request (\\w+)') as number, l.opened_at = h.opened_at as opened, "
            "l.closed_at is not distinct from h.closed_at as closed, l.satisfied, h.title from govern.incident l "
            "join govern.incident h on h.number = substring(l.description from 'Request (\\w+)') "
            "where l.source = 'replay'"
        )
        people = await db.fetch(
            "select distinct actor_kind from audit.entry where action in ('incident.open', 'task.complete')"
        )
        demo = await db.fetchval("select bool_and(demo) from identity.account where login like 'replay-%'")
    assert len(rows) == 5
    assert all(row["opened"] and row["closed"] for row in rows)
    assert {row["satisfied"] for row in rows} == {"unreached", None}  # no answer is made up
    assert {row["actor_kind"] for row in people} == {"resident", "staff"}
    assert demo


async def test_a_day_is_replayed_once(nyc, mapping, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("\n".join([HEADING, ROWS[0]]) + "\n")
    with pytest.raises(NothingToReplay):
        await replay_day(nyc, mapping, DAY, QUIET)
    await load_log(nyc, SYSTEM, mapping, log)
    assert (await replay_day(nyc, mapping, DAY, QUIET)).before == 0
    assert (await replay_day(nyc, mapping, DAY, QUIET)).before == 1
