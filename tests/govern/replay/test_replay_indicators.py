"""Indicators over an imported log equal an independent query over the file: by department, category, place, week."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.govern.replay.independent import KEYS, Independent
from yiwang.assess.contract import Question, all_indicators, compute
from yiwang.govern.replay.load import load_log
from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")
NAMES = ("opened", "closed", "open-now", "closed-rate", "on-time-rate", "satisfied-rate", "reopened-rate")


async def computed(rt, by):
    async with rt.read_as_system() as db:
        known = await all_indicators(db)
    asked = Question(tuple(known[f"resident-requests/{name}"] for name in NAMES), by)
    answer = await compute(rt, asked, "en")
    if by is None:
        return {"all": answer.total}
    directory = rt.part(Directory)
    found = {}
    for line in answer.lines:
        key = directory.org(int(line.key)).code if by == "department" and line.key is not None else line.key
        found[key] = line.values
    return found


async def compare(rt, log):
    theirs = Independent(log)
    for by in (None, *KEYS):
        expected = {}
        for key, (opened, closed, on_time, due) in theirs.lines(by).items():
            expected[key] = {
                "opened": opened, "closed": closed, "open-now": opened - closed,
                "closed-rate": round(closed / opened * 100, 1), "on-time-rate": round(on_time / due * 100, 1),
                "satisfied-rate": None, "reopened-rate": None,  # not recorded
            }  # fmt: skip
        found = await computed(rt, by)
        assert found.keys() == expected.keys()
        assert {k: v for k, v in found.items() if v != expected[k]} == {}, (by, expected)
    return theirs


async def test_the_indicators_equal_an_independent_query(nyc, mapping, small_log):
    done = await load_log(nyc, SYSTEM, mapping, small_log)
    assert (done.rows, done.imported, done.quarantined) == (1500, 1460, 40)
    await compare(nyc, small_log)


@pytest.mark.timeout(170)
async def test_the_indicators_over_the_whole_log_equal_an_independent_query(nyc, mapping, real_data: Path):
    log = real_data / "requests" / "nyc_constituent_requests.csv.gz"
    done = await load_log(nyc, SYSTEM, mapping, log)
    assert (done.rows, done.imported, done.quarantined) == (341_299, 341_194, 105)
    theirs = await compare(nyc, log)
    async with nyc.read_as_system() as db:
        refused = await db.fetch("select line, key, reason from govern.quarantine order by line")
        first = await db.fetch(
            "select number, title from govern.incident where number = any ($1)", [r["key"] for r in refused]
        )
    assert {r["reason"] for r in refused} == {"repeated-key"}
    assert len({r["key"] for r in refused}) == 105
    kept = dict(theirs.db.execute("select unique_key, descriptor from log where descriptor is not null").fetchall())
    assert all(row["title"] == kept[row["number"]] for row in first if kept.get(row["number"]))
