"""History in bulk: rows in = imported + quarantined, the first line of a key wins, one audit row, one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.govern.conftest import HEHUI
from yiwang.govern.contract import import_history
from yiwang.kernel.write import Actor, Resource

SYSTEM = Actor.system("test")
START = datetime(2025, 3, 1, 16, 30, tzinfo=UTC)  # past midnight in Wuxi


def row(line, key, *, title="路灯", opened=START, closed=START + timedelta(days=2), problem=None, due=None):
    return (
        line,
        key,
        "road.light",
        title,
        HEHUI,
        "",
        None,
        opened,
        closed,
        due,
        None,
        None,
        "import",
        problem,
        f"{key},raw",
    )


async def load(rt, wuxi, rows):
    org = wuxi.org("320200/12345").id
    async with rt.act(SYSTEM, "incident.import", Resource("incident", org=org)) as act:
        return await import_history(act, rows, source="test", item="resident-requests", org=org, digest="ab" * 32)


async def test_what_becomes_of_each_row(rt, wuxi):
    rows = [
        row(1, "A", title="first"), row(2, "A", title="second"), row(3, "B", closed=None),
        row(4, "C", problem="bad-date", opened=None), row(5, "D", opened=None),
        row(6, "E", closed=START - timedelta(days=1)), row(7, "F", due=START + timedelta(days=1)),
        row(8, "G", problem="bad"), row(9, "G", title="good after bad"),
    ]  # fmt: skip
    done = await load(rt, wuxi, iter(rows))
    assert (done.rows, done.imported, done.quarantined) == (9, 4, 5)
    async with rt.db.transaction("owner") as db:
        kept = {r["number"]: r for r in await db.fetch("select * from govern.incident")}
        reasons = {r["line"]: r["reason"] for r in await db.fetch("select * from govern.quarantine")}
        audit = await db.fetch("select count, digest from audit.entry where action = 'incident.import'")
        events = await db.fetch("select type from event.log")
        staged = await db.fetchval("select count(*) from govern.stage")
    assert {k: r["title"] for k, r in kept.items()} == {"A": "first", "B": "路灯", "F": "路灯", "G": "good after bad"}
    assert reasons == {2: "repeated-key", 4: "bad-date", 5: "no-opening-date", 6: "closed-before-opened", 8: "bad"}
    assert (kept["A"]["state"], kept["B"]["state"]) == ("closed", "handling")
    assert (kept["A"]["on_time"], kept["F"]["on_time"]) == (None, False)
    assert str(kept["A"]["opened_on"]) == "2025-03-02"
    assert (kept["A"]["street"], kept["A"]["district"]) == ("320211001", "320211")
    assert kept["A"]["satisfied"] is None
    assert [tuple(r) for r in audit] == [(9, "ab" * 32)]
    assert [r["type"] for r in events if ".govern." in r["type"]] == ["cn.yiwang.govern.history.imported.v1"]
    assert staged == 0


async def test_the_same_file_again_adds_nothing(rt, wuxi):
    rows = [row(1, "A"), row(2, "B")]
    await load(rt, wuxi, rows)
    again = await load(rt, wuxi, rows)
    assert (again.imported, again.quarantined) == (0, 2)
    async with rt.db.transaction("owner") as db:
        assert await db.fetchval("select count(*) from govern.quarantine where reason = 'already-imported'") == 2
