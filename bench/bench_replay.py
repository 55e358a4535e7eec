"""`replay.ratio`: rows per second of the bulk load of a log, against a plain COPY of the same rows in the same run.

Both read the same gzip, both commit to the same durable server. The peer is COPY of the CSV as it stands into an
ordinary table of text columns without any index; the load parses, classifies, dates, judges, indexes, audits and
announces. Each is run three times in turns on fresh tables, and the medians are compared.
"""

from __future__ import annotations

import asyncio
import gzip
import shutil
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from bench.report import Report
from bench.stack import ROOT, new_state
from yiwang.app import build_runtime
from yiwang.govern.replay.load import load_log
from yiwang.govern.replay.mapping import read_mapping
from yiwang.govern.replay.prepare import prepare_city
from yiwang.kernel.calendar import city_folder
from yiwang.kernel.db import migrate
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor

LOG = ROOT.parent / "shared" / "data" / "requests" / "nyc_constituent_requests.csv.gz"
SYSTEM = Actor.system("bench")
ROUNDS = 3


def run(report: Report) -> None:
    """Three rounds of both."""
    if not LOG.is_file():
        print(f"    skipped: {LOG.name} is not beside this checkout")
        return
    state = new_state()
    server = EmbeddedPostgres(state)
    server.start()
    try:
        pairs = [asyncio.run(_round(server, state, number)) for number in range(ROUNDS)]
    finally:
        server.stop()
        shutil.rmtree(state, ignore_errors=True)
    load = statistics.median(rate for rate, _ in pairs)
    copy = statistics.median(rate for _, rate in pairs)
    report.add("replay.rows_per_s", load, "rows/s", better="higher", against=f"plain COPY {copy:,.0f} rows/s")
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    report.add("replay.ratio", ratio, "ratio", better="higher", limit=0.2)


async def _round(server: EmbeddedPostgres, state: Path, number: int) -> tuple[float, float]:
    """Rows per second of the load and of the COPY, in a database of their own."""
    name = f"replay_{number}"
    admin = await asyncpg.connect(server.url("postgres"))
    await admin.execute(f'create database "{name}" template template0 encoding utf8')
    await admin.close()
    rt = build_runtime(Settings(state_dir=state, city="nyc"), server.url(name))
    try:
        await migrate(rt.db, rt.registry.migrations())
        await rt.start()
        await prepare_city(rt, SYSTEM)
        copy = await _plain_copy(server.url(name))
        began = time.perf_counter()
        done = await load_log(rt, SYSTEM, read_mapping(city_folder("nyc")), LOG)
        load = done.rows / (time.perf_counter() - began)
    finally:
        await rt.close()
    assert done.rows == done.imported + done.quarantined == 341_299
    return load, copy


async def _plain_copy(url: str) -> float:
    with gzip.open(LOG, "rt", encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"create table plain ({', '.join(f'{c} text' for c in columns)})")
        began = time.perf_counter()
        status = await connection.copy_to_table("plain", source=_text(), format="csv", header=True)
        return int(status.rsplit(" ", 1)[-1]) / (time.perf_counter() - began)
    finally:
        await connection.close()


async def _text() -> AsyncIterator[bytes]:
    with gzip.open(LOG, "rb") as file:
        while block := file.read(1 << 18):
            yield block
