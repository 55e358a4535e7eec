"""`process.ratio`, `process.flat`: steps of people through the kernel's whole write path, against bare SpiffWorkflow.

A step is one human task completed: policy, row lock, form, engine, rows, audit row, events and a durable commit. 16
instances move at once. The peer is bare SpiffWorkflow on the same file in memory, which decides, checks and stores
nothing. Both take turns, so that a noisy machine disturbs both alike.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import statistics
import time

import asyncpg
import uvloop

from bench.process.bare import Bare
from bench.process.town import GRID, Town, town
from bench.report import Report
from bench.stack import new_state
from bench.stored import Shape, store_processes
from yiwang.kernel.servers import EmbeddedPostgres

INSTANCES = 16
#: Human steps of one instance in the comparison: bare SpiffWorkflow slows down as its tree grows, so short is hard.
STEPS = 25
LONG = 400
STORED = 1_000_000
TURNS = 7


def run(report: Report) -> None:
    """One server; an empty database and, beside it, one with a million stored instances."""
    state = new_state()
    server = EmbeddedPostgres(state)
    server.start()
    try:
        uvloop.run(_measure(report, server, state))
    finally:
        server.stop()
        shutil.rmtree(state, ignore_errors=True)


async def _measure(report: Report, server: EmbeddedPostgres, state) -> None:
    async with town(server, state, "empty") as empty, town(server, state, "full") as full:
        await _steps(empty, STEPS)
        bare, ours = [], []
        for _ in range(TURNS):
            bare.append(_bare(STEPS))
            ours.append(await _steps(empty, STEPS))
        report.add("process.bare", statistics.median(bare), "steps/s", better="higher")
        report.add("process.rate", statistics.median(ours), "steps/s", better="higher")
        ratio = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
        report.add("process.ratio", ratio, "", better="higher", limit=0.25,
                   against="bare SpiffWorkflow in memory; limit 0.25")  # fmt: skip
        long = await _along(empty)
        report.add(
            "process.flat_long", long, "", better="higher", limit=0.9, against="steps 350-400 / steps 1-50; limit 0.9"
        )
        wide = await _stored(server, empty, full)
        report.add("process.flat_stored", wide, "", better="higher", limit=0.9,
                   against=f"rate at {STORED:,} stored instances / empty; limit 0.9")  # fmt: skip
        report.add(
            "process.flat", min(long, wide), "", better="higher", limit=0.9, against="the lower of both; limit 0.9"
        )


async def _steps(place: Town, steps: int) -> float:
    """Steps per second of 16 instances that each make ``steps`` steps."""
    tasks = [await place.start(steps + 10) for _ in range(INSTANCES)]

    async def work(task) -> None:
        for _ in range(steps):
            task = await place.step(task)

    gc.collect()
    began = time.perf_counter()
    await asyncio.gather(*(work(task) for task in tasks))
    return INSTANCES * steps / (time.perf_counter() - began)


def _bare(steps: int) -> float:
    runs = [Bare({"n": 0, "rounds": steps + 10, "number": n}) for n in range(INSTANCES)]
    gc.collect()
    began = time.perf_counter()
    for _ in range(steps):
        for one in runs:
            one.step()
    return INSTANCES * steps / (time.perf_counter() - began)


async def _along(place: Town) -> float:
    """How the rate at the end of long instances compares with that at their beginning.

    Two groups half a life apart move by turns of one step each, so that first and last steps are measured together.
    """
    ratios = []
    old = await _move(place, [await place.start(2 * LONG) for _ in range(INSTANCES)], LONG - 50)
    for _ in range(2):
        young = [await place.start(2 * LONG) for _ in range(INSTANCES)]
        groups = {"young": young, "old": old}
        times: dict[str, list[float]] = {"young": [], "old": []}
        for turn in range(50):
            for name in ("young", "old") if turn % 2 else ("old", "young"):
                began = time.perf_counter()
                groups[name] = await _move(place, groups[name], 1)
                times[name].append(time.perf_counter() - began)
        old = groups["old"]
        ratios.append(statistics.median(times["young"]) / statistics.median(times["old"]))
    return statistics.mean(ratios)


async def _move(place: Town, tasks: list, steps: int) -> list:
    async def work(task):
        for _ in range(steps):
            task = await place.step(task)
        return task

    return list(await asyncio.gather(*(work(task) for task in tasks)))


async def _stored(server: EmbeddedPostgres, empty: Town, full: Town) -> float:
    post = full.handler.post or 0
    steps = (("handle", "承办", "Handle", "handle"), ("check", "核实", "Check", "check"))
    began = time.perf_counter()
    await store_processes(
        server.url("full"), Shape("rounds", 1, full.org, GRID, ((post, full.org),), steps), STORED
    )  # fmt: skip
    raw = await asyncpg.connect(server.url("full"))
    held = await raw.fetchval("select count(*) from process.instance")
    await raw.close()
    print(f"    ({held:,} instances stored in {time.perf_counter() - began:.0f} s)", flush=True)
    await _steps(full, STEPS)
    ratios = []
    for turn in range(2 * TURNS):
        pair = [empty, full] if turn % 2 else [full, empty]
        rates = {id(p): await _steps(p, STEPS) for p in pair}
        ratios.append(rates[id(full)] / rates[id(empty)])
    return statistics.median(ratios)
