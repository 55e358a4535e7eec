"""Stored history, made set-based: closed cases with their finished instances and tasks, and desks full of open tasks.

Rows have the shape that the kernel and govern write (words to search by included). Indexes are dropped and built again
around the load, foreign keys are not checked: a million cases take minutes, not hours.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from yiwang.kit.chinese import bigrams

TITLES = (
    "路灯不亮，晚上看不见路", "小区门口垃圾堆积多日无人清运", "人行道地砖破损，老人摔倒", "工地夜间施工噪声扰民",
    "下水道堵塞，污水外溢", "占道经营影响通行", "公交站台顶棚漏雨", "楼道堆放杂物存在消防隐患", "河道水体发黑有异味",
    "电动自行车乱停乱放", "井盖缺失，请尽快处理", "树木倒伏压坏围墙", "物业不作为，电梯经常停运", "餐馆油烟直排",
    "自来水水压不足", "交通信号灯故障", "违法建设举报", "广场舞音量过大", "道路积水严重", "养犬不牵绳",
)  # fmt: skip
#: Key of the n-th row: version 7 in form, growing, one block of numbers for each table.
_KEY = "('01850000-{block}-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"


@dataclass(frozen=True)
class Shape:
    """What the made-up rows refer to: an installed process, the owning organisation, posts with their organisations."""

    process: str
    version: int
    org: int
    area: str
    posts: tuple[tuple[int, int], ...]  # (post, organisation)
    steps: tuple[tuple[str, str, str, str], ...]  # (step, zh, en, form)


def _values(rows: Any) -> str:
    return ", ".join("(" + ", ".join(_literal(v) for v in row) + ")" for row in rows)


def _literal(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "array[" + ", ".join(_literal(v) for v in value) + "]::text[]"
    return "'" + str(value).replace("'", "''") + "'"


_TITLES = _values((n, t, bigrams(t)) for n, t in enumerate(TITLES))


@contextlib.asynccontextmanager
async def _loading(url: str, *tables: str) -> AsyncIterator[asyncpg.Connection]:
    raw = await asyncpg.connect(url)
    try:
        await raw.execute(
            "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB';"
            "set max_parallel_maintenance_workers = 1"
        )
        schema, names = tables[0].split(".")[0], [t.split(".")[1] for t in tables]
        # Keys stay: rows come in their order.
        indexes = await raw.fetch(
            "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text from pg_index i "
            "join pg_class c on c.oid = i.indrelid where c.relnamespace = $1::text::regnamespace "
            "and c.relname = any ($2::text[]) and not exists (select from pg_constraint k where k.conindid = i.indexrelid)",
            schema, names,
        )  # fmt: skip
        for index in indexes:
            await raw.execute(f"drop index {index['name']}")
        yield raw
        for index in indexes:
            await raw.execute(index["text"])
    finally:
        await raw.close()


async def store_processes(url: str, shape: Shape, count: int, *, live: int = 0) -> None:
    """``count`` instances with a task for each step of ``shape``. The first ``live`` instances still run, with one
    task open on a desk (posts in turn, one in ten overdue); the others have ended."""
    posts, steps = (
        _values((n, *p) for n, p in enumerate(shape.posts)),
        _values((n, *s) for n, s in enumerate(shape.steps)),
    )
    key, task = (
        _KEY.format(block="0001"),
        "('01850000-0002-7' || lpad(s.k::text, 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
    )
    base = (
        f"select n, {key} as id, t.title, t.grams, to_char(timestamptz '2024-01-01' + n * interval '25 s', 'YYYYMMDD') || '-' "
        f"|| lpad((n % 100000)::text, 5, '0') as no, timestamptz '2024-01-01' + n * interval '25 s' as at, n <= {live} as runs "
        f"from generate_series(1, {count}) n join (values {_TITLES}) t (k, title, grams) on t.k = n % {len(TITLES)} order by n"
    )
    async with _loading(url, "process.instance", "process.words", "process.task") as raw:
        await raw.execute(
            "insert into process.instance (id, key, version, subject_type, subject_id, subject_no, title, state, org, parties,"
            " area, started_name, started_at, ended_at, stamp, latest, result) "
            f"select id, '{shape.process}', {shape.version}, 'incident', {_KEY.format(block='0003')}, no, title,"
            f" case when runs then 'running' else 'done' end, {shape.org}, '{{}}', '{shape.area}', '热线', at,"
            " case when runs then null else at + interval '3 days' end, n, at,"
            " case when runs then null else jsonb_build_object('data', jsonb_build_object('title', title, 'outcome', 'solved')) end"
            f" from ({base}) b"
        )
        await raw.execute(
            "insert into process.words (instance, words, grams) select id, no || ' ' || title,"
            f" array[split_part(no, '-', 1), split_part(no, '-', 2)] || grams from ({base}) b"
        )
        last = len(shape.steps) - 1
        await raw.execute(
            "insert into process.task (id, instance, subject_type, subject_id, subject_no, title, step, step_name_zh,"
            " step_name_en, form, kind, post, assigned, org, parties, area, state, opened_at, due_at, done_at, done_name, data) "
            f"select {task}, id, 'incident', {_KEY.format(block='0003')}, no, title, s.step, s.zh, s.en, s.form, 'main', p.post,"
            f" p.post, p.org, '{{{shape.org}}}', '{shape.area}', case when runs and s.k = {last} then 'open' else 'done' end,"
            " at + s.k * interval '1 hour',"
            " case when runs then timestamptz '2027-01-01' - (n % 10 = 0)::int * interval '400 days' + n * interval '1 s'"
            " else at + interval '5 days' end,"
            f" case when runs and s.k = {last} then null else at + s.k * interval '1 hour' + interval '40 min' end, '吴文斌',"
            ' \'{"outcome": "solved"}\' '
            f"from ({base}) b cross join (values {steps}) s (k, step, zh, en, form)"
            f" join (values {posts}) p (k, post, org) on p.k = n % {len(shape.posts)}"
        )
    await _analyse(url, "process.instance", "process.words", "process.task")


async def store_incidents(url: str, shape: Shape, count: int) -> None:
    """``count`` closed incidents, whose instances are those of ``store_processes``, with words and a line of their log."""
    key = _KEY.format(block="0003")
    at = "timestamptz '2024-01-01' + n * interval '25 s'"
    number = f"to_char({at}, 'YYYYMMDD') || '-' || lpad((n % 100000)::text, 5, '0')"
    titles = f"generate_series(1, {count}) n join (values {_TITLES}) t (k, title, grams) on t.k = n % {len(TITLES)} order by n"
    async with _loading(url, "govern.incident", "govern.words", "govern.incident_log") as raw:
        await raw.execute(
            "insert into govern.incident (id, number, type, category, title, description, source, area, state, org, department,"
            " opened_at, opened_on, accepted_at, due_at, closed_at, on_time, outcome, result, process) "
            f"select {key}, {number}, 'resident-requests', 'road.light', title, title || '，请有关部门尽快处理。', 'web',"
            f" '{shape.area}', 'closed', {shape.org}, {shape.posts[0][1]}, {at}, ({at})::date, {at} + interval '1 hour',"
            f" {at} + interval '5 days', {at} + interval '3 days', true, 'solved', '已处理', '{shape.process}' from {titles}"
        )
        await raw.execute(
            f"insert into govern.words select {key}, array[to_char({at}, 'YYYYMMDD'), lpad((n % 100000)::text, 5, '0')] || grams"
            f" from {titles}"
        )
        await raw.execute(
            "insert into govern.incident_log (incident, at, kind, public, actor_name) "
            f"select {key}, {at} + interval '3 days', 'closed', true, '吴文斌' from generate_series(1, {count}) n"
        )
    await _analyse(url, "govern.incident", "govern.words", "govern.incident_log")


async def _analyse(url: str, *tables: str) -> None:
    raw = await asyncpg.connect(url)
    try:
        for table in tables:
            await raw.execute(f"vacuum (analyze) {table}")
        await raw.execute("checkpoint")
    finally:
        await raw.close()


async def store_cases(url: str, shape: Shape, count: int) -> None:
    """Incidents and their processes, both at once: two cores build the indexes."""
    await asyncio.gather(store_processes(url, shape, count), store_incidents(url, shape, count))
