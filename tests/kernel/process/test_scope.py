"""Who sees what, two at once, and lists: on a real database as the application's role."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from tests.kernel.process.city import EAST, HQ, WATER, Town
from tests.kernel.process.test_flow import accepted
from yiwang.kernel.process import queries
from yiwang.kernel.process.errors import AlreadyDone, BadRequest
from yiwang.kernel.process.loops import mark_overdue, run_timers
from yiwang.kernel.process.queries import Filters
from yiwang.kernel.process.tasks import comment, complete_task

TABLES = ("instance", "task", "note", "log", "timer", "engine")


async def test_an_organisation_that_takes_no_part_sees_no_row_of_any_table(town: Town) -> None:
    instance, handling = await accepted(town)
    owner = town.person("handler", EAST)
    await town.do(comment, owner, handling["id"], "现场已看")
    for actor, sees in ((owner, True), (town.person("intake", HQ), True), (town.person("handler", WATER), False)):
        async with town.rt.read(actor) as db:
            for table in TABLES:
                found = await db.fetchval(f"select count(*) from process.{table}")
                assert bool(found) is sees, (actor.name, table)
    district = town.person("leader", EAST, areas=("9999",))
    async with town.rt.read(district) as db:
        assert await db.fetchval("select count(*) from process.task where instance = $1", instance) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "update process.task set state = 'done'", "delete from process.task", "update process.instance set org = 1",
        "delete from process.log", "update process.note set body = 'x'", "delete from process.attachment",
        "insert into process.engine values (gen_random_uuid(), '')", "delete from process.timer",
    ],
)  # fmt: skip
async def test_the_application_cannot_write_around_the_board(town: Town, statement: str) -> None:
    await accepted(town)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with town.rt.act(town.person("handler", EAST), "process.read", _process(town)) as act:
            await act.db.execute(statement)


def _process(town: Town):
    from yiwang.kernel.write import Resource

    return Resource(
        "process", "x", org=town.directory.org(EAST).id, attrs={"key": "requests", "subject_type": "incident"}
    )


async def test_of_many_who_complete_at_once_one_succeeds(town: Town) -> None:
    instance, handling = await accepted(town)
    people = [town.person("handler", EAST, f"第{n}人") for n in range(6)]
    results = await asyncio.gather(
        *(town.do(complete_task, p, handling["id"], {"result": p.name}) for p in people), return_exceptions=True
    )
    refused = [r for r in results if isinstance(r, AlreadyDone)]
    assert len(refused) == 5, results
    assert len({r.params["who"] for r in refused}) == 1
    assert (await town.live(instance))["step"] == "check"


async def test_workers_share_timers_and_deadlines_without_doing_anything_twice(town: Town) -> None:
    for n in range(5):
        await accepted(town)
        assert n >= 0
    town.rt.clock.advance(timedelta(days=5))
    fired = await asyncio.gather(*(run_timers(town.rt) for _ in range(3)))
    await run_timers(town.rt)
    marked = await asyncio.gather(*(mark_overdue(town.rt) for _ in range(3)))
    assert sum(fired) <= 5
    assert sum(marked) + await mark_overdue(town.rt) == 5
    async with town.rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from process.log where verb = 'timer'") == 5
        assert await db.fetchval("select count(*) from process.log where verb = 'overdue'") == 5
        assert await db.fetchval("select count(*) from process.timer") == 0


async def test_the_inbox_has_the_late_first_and_pages_on(town: Town) -> None:
    for n in range(7):
        await town.start(title=f"井盖缺失{n}", no=f"2026-{n}")
        town.rt.clock.advance(timedelta(hours=1))
    intake = town.person("intake", HQ)
    now = town.rt.clock.now()
    async with town.rt.read(intake) as db:
        seen, cursor = [], None
        while True:
            page = await queries.inbox(db, intake.posts, Filters(), now, after=cursor, limit=3)
            seen += [r["subject_no"] for r in page.rows]
            cursor = page.cursor
            if cursor is None:
                break
        assert seen == [f"2026-{n}" for n in range(7)]
        counts = await queries.desk_counts(db, intake.posts, intake.id, now)
        late = (await queries.inbox(db, intake.posts, Filters(overdue=True), now)).rows
        assert (counts["todo"], counts["overdue"]) == (7, len(late))
        with pytest.raises(BadRequest):
            await queries.inbox(db, intake.posts, Filters(), now, after="???")


async def test_a_search_finds_by_words_and_number_within_what_is_seen(town: Town) -> None:
    await town.start(title="人民路路灯不亮", no="2026-17")
    await town.start(title="井盖缺失", no="2026-18")
    intake, water = town.person("intake", HQ), town.person("handler", WATER)
    now = town.rt.clock.now()

    async def found(actor, filters: Filters, *, everywhere: bool = False) -> list[str]:
        async with town.rt.read(actor) as db:
            if everywhere:
                return [r["subject_no"] for r in (await queries.find_tasks(db, filters, now)).rows]
            return [r["subject_no"] for r in (await queries.inbox(db, actor.posts, filters, now)).rows]

    assert await found(intake, Filters(text="路灯")) == ["2026-17"]
    assert await found(intake, Filters(text="灯路")) == []
    assert await found(intake, Filters(text="2026-18")) == ["2026-18"]
    assert await found(intake, Filters(number="2026-1"), everywhere=True) == ["2026-17", "2026-18"]
    assert await found(intake, Filters(text="路灯不亮", tab="all"), everywhere=True) == ["2026-17"]
    assert await found(intake, Filters(steps=("handle",))) == []
    assert await found(intake, Filters(processes=("requests",), min_priority=0)) == ["2026-17", "2026-18"]
    assert await found(water, Filters(text="路灯", tab="all"), everywhere=True) == []


async def test_the_overlay_shows_where_it_is_and_where_it_was(town: Town) -> None:
    instance, _ = await accepted(town)
    async with town.rt.read(town.person("handler", EAST)) as db:
        marks = await queries.overlay(town.rt, db, instance)
        version, xml = await queries.definition_xml(db, "requests")
    assert (marks["accept"]["state"], marks["handle"]["state"], marks["handle"]["open"]) == ("done", "active", 1)
    assert version == 1
    assert "诉求办理" in xml
