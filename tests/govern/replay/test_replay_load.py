"""Rows in = imported + quarantined, each with its reason; the same file twice adds nothing; times are generated."""

from __future__ import annotations

import csv
import gzip
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.govern.replay.replay_kit import HEADING
from yiwang.govern.replay.deadlines import Deadlines
from yiwang.govern.replay.errors import BadFile, BadMapping, NoMapping, NoSuchFile
from yiwang.govern.replay.load import load_log
from yiwang.govern.replay.mapping import read_mapping
from yiwang.govern.replay.moments import DayShape
from yiwang.govern.replay.notes import notes
from yiwang.govern.replay.prepare import find_log
from yiwang.govern.replay.quarantine import batches, export, refused
from yiwang.govern.replay.records import Log
from yiwang.kernel.calendar import Span, city_folder, load_calendar, work_calendar
from yiwang.kernel.write import Actor

SYSTEM = Actor.system("test")
GOOD = "NYCC07,2023-02-01,2023-02-03,Parks,Trees,10024,Manhattan,New York,NYCC07,07 Manhattan"


def log_of(path: Path, *rows: str | bytes) -> Path:
    lines = [row if isinstance(row, bytes) else row.encode() for row in (HEADING, *rows)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


async def reasons_of(rt, batch):
    return {row["line"]: row["reason"] for row in [r async for r in refused(rt, batch)]}


async def test_every_row_that_cannot_be_taken_is_kept_with_its_reason(nyc, mapping, tmp_path):
    log = log_of(
        tmp_path / "bad.csv",
        f"A,{GOOD}",
        f"A,{GOOD.replace('Trees', 'another')}",
        f",{GOOD}",
        f"{'K' * 61},{GOOD}",
        "C,NYCC07,,2023-02-03,Parks,Trees,,,,,",
        "D,NYCC07,2023-02-30,2023-02-03,Parks,Trees,,,,,",
        "E,NYCC07,1899-01-01,,Parks,Trees,,,,,",
        "F,NYCC07,2999-01-01,,Parks,Trees,,,,,",
        "G,NYCC07,2023-02-01,yesterday,Parks,Trees,,,,,",
        "H,NYCC07,2023-02-02,2023-02-01,Parks,Trees,,,,,",
        "I,NYCC07,2023-02-02",
        b"J,NYCC07,2023-02-01,2023-02-03,Parks,Tr\xff\xfees,,,,,",
        b"K,NYCC07,2023-02-01,2023-02-03,Parks,a\0b,,,,,",
        'L,NYCC07,2023-02-01,,Parks,"two\nlines, quoted",,,,,\r',
        'M,NYCC07,2023-02-01,,Parks,"never closed,,,,,',
        "H,NYCC07,2023-02-02,2023-02-03,Parks,the first good line of H,,,,,",
    )
    done = await load_log(nyc, SYSTEM, mapping, log)
    assert done.rows == done.imported + done.quarantined == 16
    assert await reasons_of(nyc, done.batch) == {
        2: "repeated-key", 3: "no-key", 4: "key-too-long", 5: "no-opening-date", 6: "impossible-opening-date",
        7: "impossible-opening-date", 8: "impossible-opening-date", 9: "impossible-closing-date",
        10: "closed-before-opened",
        11: "wrong-number-of-cells", 12: "not-utf-8", 13: "control-characters", 15: "broken-row",
    }  # fmt: skip
    async with nyc.read_as_system() as db:
        kept = {r["number"]: r for r in await db.fetch("select * from govern.incident")}
        audit = await db.fetch("select count, digest from audit.entry where action = 'incident.import'")
        events = await db.fetch("select 1 from event.log where type = 'cn.yiwang.govern.history.imported.v1'")
    assert {k: r["title"] for k, r in kept.items()} == {
        "A": "Trees", "L": "two\nlines, quoted", "H": "the first good line of H"
    }  # fmt: skip
    assert [tuple(r) for r in audit] == [(16, done.digest)]
    assert len(events) == 1
    one = kept["A"]
    assert (one["category"], one["district"], one["street"], one["area"]) == ("parks", "nyc1", "nyc107", "nyc107")
    assert (one["state"], one["on_time"], one["satisfied"], one["first_closed_at"]) == ("closed", True, None, None)
    assert one["times_generated"]
    assert str(one["due_at"]) == "2023-02-08 22:00:00+00:00"  # five working days, end of business in New York
    assert kept["L"]["district"] is None


async def test_the_same_log_again_imports_nothing_and_says_so(nyc, mapping, small_log, tmp_path):
    first = await load_log(nyc, SYSTEM, mapping, small_log)
    packed = tmp_path / "again.csv.gz"
    packed.write_bytes(gzip.compress(small_log.read_bytes()))
    again = await load_log(nyc, SYSTEM, mapping, packed)
    assert again.before is not None
    assert again.batch == first.batch
    async with nyc.read_as_system() as db:
        assert await db.fetchval("select count(*) from govern.incident") == first.imported
        assert await db.fetchval("select count(*) from govern.batch") == 1


async def test_a_longer_log_brings_only_what_is_new(nyc, mapping, small_log, tmp_path):
    await load_log(nyc, SYSTEM, mapping, small_log)
    longer = tmp_path / "longer.csv"
    longer.write_text(small_log.read_text() + f"NEW1,{GOOD}\n")
    done = await load_log(nyc, SYSTEM, mapping, longer)
    assert (done.rows, done.imported, done.quarantined) == (1501, 1, 1500)
    reasons = await reasons_of(nyc, done.batch)
    assert set(reasons.values()) == {"already-imported"}
    assert [b.imported for b in await batches(nyc)] == [1, 1460]


async def test_times_are_the_same_in_every_load_and_fit_their_day(nyc, new_york, mapping, small_log):
    await load_log(nyc, SYSTEM, mapping, small_log)
    wanted = "select number, opened_at, closed_at, opened_on from govern.incident order by number"
    async with nyc.read_as_system() as db:
        here = [tuple(r) for r in await db.fetch(wanted)]
    async with new_york.city(nyc.clock.now() + timedelta(days=9)) as other:
        await load_log(other, SYSTEM, mapping, small_log)
        async with other.read_as_system() as db:
            assert [tuple(r) for r in await db.fetch(wanted)] == here
    calendar = work_calendar(nyc)
    for _, opened, closed, day in here:
        assert calendar.local(opened).date() == day
        assert time(7) <= calendar.local(opened).time() <= time(20)
        assert closed is None or closed > opened
    hours = [calendar.local(opened).hour for _, opened, _, _ in here]
    assert sum(9 <= hour < 17 for hour in hours) / len(hours) > 0.7


async def test_what_is_derived_is_told_beside_the_numbers(nyc, mapping, small_log):
    assert await notes(nyc, "en") == []
    await load_log(nyc, SYSTEM, mapping, small_log)
    (english,), (chinese,) = await notes(nyc, "en"), await notes(nyc, "zh")
    assert "1,460" in english
    assert "resident-requests/resident-request v1" in english
    assert "on or before the last working day" in english
    assert "没有记录期限" in chinese


async def test_the_quarantine_is_exported_without_formulas(nyc, mapping, tmp_path):
    log = log_of(tmp_path / "bad.csv", f"=cmd(),{GOOD.replace('2023-02-01', 'x')}")
    done = await load_log(nyc, SYSTEM, mapping, log)
    path = tmp_path / "out.csv"
    assert await export(nyc, done.batch, path, "en") == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, row = list(csv.reader(file))
    assert heading == ["row", "key", "reason", "explanation", "raw"]
    assert row[:3] == ["1", "'=cmd()", "impossible-opening-date"]
    assert row[4].startswith("'=cmd(),NYCC07")


async def test_a_file_of_another_kind_is_refused_and_nothing_stays(nyc, mapping, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(BadFile, match="unique_key"):
        await load_log(nyc, SYSTEM, mapping, other)
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress((HEADING + "\n" + f"A,{GOOD}\n" * 50_000).encode())[:-200])
    with pytest.raises(BadFile):
        await load_log(nyc, SYSTEM, mapping, broken)
    async with nyc.read_as_system() as db:
        assert await db.fetchval("select count(*) from govern.incident") == 0
        assert await db.fetchval("select count(*) from pg_inherits where inhparent = 'govern.incident'::regclass") == 0


async def test_nobody_writes_into_a_finished_batch(nyc, mapping, small_log):
    done = await load_log(nyc, SYSTEM, mapping, small_log)
    async with nyc.db.transaction("owner") as db:
        name = await db.fetchval("select govern.history_table($1)", done.batch)
        for right in ("insert", "select", "update", "delete"):
            assert not await db.fetchval("select has_table_privilege('yiwang_app', $1, $2)", f"govern.{name}", right)


@given(opened=st.dates(date(2014, 1, 1), date(2027, 12, 31)), days=st.integers(1, 40))
def test_deadlines_are_those_of_the_calendar(opened, days):
    calendar = load_calendar(city_folder("nyc"))
    deadlines = Deadlines.__new__(Deadlines)
    deadlines._calendar, deadlines._days, deadlines._years, deadlines._ends = calendar, [], set(), {}
    span = Span.parse(f"{days}wd")
    last, moment = deadlines.due(span, opened)
    assert moment == calendar.add(datetime.combine(opened, time(12), calendar.zone), span)
    assert last == calendar.local(moment).date()


@given(checksum=st.integers(0, 2**32 - 1))
def test_a_request_of_one_day_is_closed_after_it_was_opened(checksum):
    shape = DayShape(read_mapping(city_folder("nyc")).times)
    opened = shape.opened[checksum & 0xFFF]
    assert 7 * 3600 <= opened < 20 * 3600
    assert opened < shape.same_day(checksum, opened) < 21.5 * 3600


@given(
    rows=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8), min_size=2, max_size=4),
        max_size=30,
    )
)
def test_rows_are_read_as_the_csv_module_reads_them(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["a", "b"])
        writer.writerows(rows)
    log = Log(path)
    found = [[cell.decode() for cell in cells] for chunk in log.chunks() for _, cells in chunk]
    log.close()
    with path.open(encoding="utf-8", newline="") as file:
        assert found == list(csv.reader(file))[1:]


def test_a_log_is_found_where_data_lie(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "requests").mkdir(parents=True)
    (tmp_path / "data" / "requests" / "log.csv").write_text("x")
    assert find_log("requests/log.csv", tmp_path).is_file()
    with pytest.raises(NoSuchFile, match="looked for"):
        find_log("requests/none.csv", tmp_path)


def test_a_mapping_with_a_mistake_is_told_by_its_place(tmp_path):
    with pytest.raises(NoMapping):
        read_mapping(tmp_path)
    text = (city_folder("nyc") / "replay.toml").read_text()
    (tmp_path / "replay.toml").write_text(text.replace('key = "unique_key"', ""))
    with pytest.raises(BadMapping, match="columns.key"):
        read_mapping(tmp_path)
    (tmp_path / "replay.toml").write_text(text.replace("share = 0.10", "share = 0.90"))
    with pytest.raises(BadMapping, match="add up to 1"):
        read_mapping(tmp_path)
