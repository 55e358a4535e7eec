"""The second lock: what the application's role can and cannot do, and that nothing is lost in silence."""

from __future__ import annotations

import asyncio
import contextlib

import asyncpg
import pytest

from yiwang.kernel.errors import Invalid, LostWork
from yiwang.kernel.write import Actor, unit

#: Tables of the application's role without row-level security: what they hold is public, or names no person.
OPEN = {
    "assess.board", "assess.indicator", "audit.pending", "audit.seal", "event.dead_letter", "event.delivery",
    "event.pending", "event.tally", "govern.entry", "govern.stage", "govern.suspect", "identity.scope", "org.alias",
    "org.category", "org.city", "org.division", "org.organisation", "org.outline", "org.post", "org.responsibility",
    "org.version", "policy.package_file", "policy.revision", "process.decision", "process.definition", "process.form",
    "scenario.package", "scenario.revision", "scenario.version", "serve.item", "share.batch", "share.dataset",
}  # fmt: skip


async def test_every_function_with_the_owner_s_rights_pins_its_search_path_and_is_not_for_everybody(rt):
    async with rt.db.transaction("owner") as db:
        rows = await db.fetch(
            "select p.oid::regprocedure::text as name, p.proconfig, has_function_privilege('public', p.oid, 'execute') "
            "as everybody from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
            "where p.prosecdef and n.nspname not like 'pg%'"
        )
    assert len(rows) > 40
    for row in rows:
        paths = [one for one in row["proconfig"] or () if one.startswith("search_path=")]
        assert paths and paths[0].endswith("pg_temp"), row["name"]
        assert not row["everybody"], row["name"]


async def test_a_new_table_is_behind_row_level_security_or_named_here(rt):
    async with rt.db.transaction("owner") as db:
        rows = await db.fetch(
            "select n.nspname || '.' || c.relname as name "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' "
            "and not c.relrowsecurity and n.nspname not in ('pg_catalog', 'information_schema') "
            "and (has_table_privilege('yiwang_app', c.oid, 'select') or has_table_privilege('yiwang_app', c.oid, "
            "'insert') or has_table_privilege('yiwang_app', c.oid, 'update'))"
        )
    assert {row["name"] for row in rows} <= OPEN


@pytest.mark.parametrize("table", ["govern.incident", "process.task", "audit.entry", "serve.case"])
async def test_without_a_unit_of_work_nothing_is_seen(rt, table):
    async with rt.db.raw("app") as raw:
        await raw.execute("begin; select set_config('yw.orgs', '', true), set_config('yw.areas', '', true)")
        with pytest.raises(asyncpg.PostgresError):
            await raw.fetch(f"select * from {table} order by 1 limit 1")
            await raw.fetchval("select yw.sees(1, '{}', '')")  # an empty table asks no row's policy
        await raw.execute("rollback")


async def test_a_swallowed_database_error_is_not_told_as_success(rt):
    with pytest.raises(LostWork):
        async with unit(rt, Actor.system("test")) as work:
            work.bookkeeping()
            await work.db.execute("update policy.revision set number = number + 1")
            with contextlib.suppress(asyncpg.PostgresError):
                await work.db.execute("select 1 / 0")


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
async def test_a_character_that_cannot_be_stored_is_the_sender_s_mistake(rt, text):
    with pytest.raises(Invalid):
        async with rt.read(Actor.anonymous()) as db:
            await db.fetchval("select $1::text", text)
    with pytest.raises(Invalid):
        async with rt.read(Actor.anonymous()) as db:
            await db.fetchval("select $1::jsonb", {"said": text})


async def test_a_mistake_of_ours_stays_one(rt):
    with pytest.raises(asyncpg.DataError):
        async with rt.read(Actor.anonymous()) as db:
            await db.fetchval("select $1::int", "no number")


async def test_a_cancelled_request_leaves_no_scope_behind(rt):
    """Cancelled at every moment between the beginning and the commit, twice, as a broken connection does."""

    async def work() -> None:
        async with rt.unit(Actor.system("test")) as one:
            one.bookkeeping()
            await one.db.execute("update policy.revision set number = number + 1")
            await one.db.fetchval("select pg_sleep(0.004)")

    for step in range(80):
        task = asyncio.create_task(work())
        await asyncio.sleep(step * 0.0002)
        task.cancel()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with rt.read(Actor.anonymous()) as db:
            assert await db.fetchval("select current_setting('yw.all')") == "off"
            assert not await db.fetchval("select pg_current_xact_id_if_assigned() is not null")
