"""Migrations: from two processes at once, edited afterwards, newer than we are."""

import asyncio
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.conftest import create_database, drop_database
from yiwang.app import build_runtime
from yiwang.kernel.db import Database, Migrations, migrate
from yiwang.kernel.db.migrate import Migration, revert
from yiwang.kernel.errors import StartError
from yiwang.kernel.settings import Settings

ONE = Migration("demo", 1, "one", "create schema demo; create table demo.a (x int)", "drop schema demo cascade")
TWO = Migration("demo", 2, "two", "select pg_sleep(0.2); create table demo.b (x int)")


@pytest_asyncio.fixture
async def empty(server):
    name = f"test_{uuid4().hex[:12]}"
    await create_database(server, name)
    yield server.url(name)
    await drop_database(server, name)


async def test_two_processes_at_once_take_turns(empty):
    first, second = Database(empty), Database(empty)
    ran = await asyncio.gather(*(migrate(db, Migrations([ONE, TWO])) for db in (first, second)))
    assert sorted(ran) == [0, 2]
    await first.close()
    await second.close()


async def test_an_edited_file_is_named(empty):
    db = Database(empty)
    await migrate(db, Migrations([ONE]))
    edited = Migration("demo", 1, "one", ONE.sql + " ")
    with pytest.raises(StartError, match="demo/0001_one"):
        await migrate(db, Migrations([edited]))
    await db.close()


async def test_a_database_of_a_newer_version_is_left_alone(empty):
    db = Database(empty)
    await migrate(db, Migrations([ONE, TWO]))
    with pytest.raises(StartError, match="newer"):
        await migrate(db, Migrations([ONE]))
    await db.close()


async def test_a_failing_file_changes_nothing(empty):
    db = Database(empty)
    broken = Migration("demo", 2, "broken", "create table demo.b (x int); select 1/0")
    with pytest.raises(StartError, match="demo/0002_broken"):
        await migrate(db, Migrations([ONE, broken]))
    async with db.transaction("owner") as conn:
        assert await conn.fetchval("select to_regclass('demo.b') is null")
        assert await conn.fetchval("select count(*) from yw.migration") == 1
    await db.close()


async def test_a_file_with_a_way_back_can_be_taken_back(empty):
    db = Database(empty)
    await migrate(db, Migrations([ONE]))
    await revert(db, ONE)
    assert await migrate(db, Migrations([ONE])) == 1
    with pytest.raises(StartError, match="cannot be taken back"):
        await revert(db, TWO)
    await db.close()


async def test_all_rooms_migrate_an_empty_database_and_a_second_time_nothing(empty, state_dir):
    rt = build_runtime(Settings(state_dir=state_dir), empty)
    assert await migrate(rt.db, rt.registry.migrations()) == len(rt.registry.migrations().items)
    assert await migrate(rt.db, rt.registry.migrations()) == 0
    await rt.close()
