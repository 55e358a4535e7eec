"""`inbox.p95_ms`, `inbox.max_rate`: a post's inbox and a search in it, at 1.2 million stored tasks, under an open loop.

The whole stack and the load generator share the machine. Two requests alternate over HTTP with a session: the first
page of the post's inbox, and the same narrowed by a filter and words to search for.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import replace
from urllib.parse import quote

import asyncpg
import uvloop

from bench.bench_lifecycle import DISTRICT, Office
from bench.http_load import Answer, Client, Measured, open_loop
from bench.report import Report
from bench.stack import Stack, running
from bench.stored import Shape, store_processes

INSTANCES, STEPS, LIVE = 400_000, 3, 120_000
RATE, LIMIT_MS, SECONDS = 200.0, 40.0, 12.0
FIRST = "/api/v1/tasks?desk={post}"
SEARCH = "/api/v1/tasks?desk={post}&q={words}&step=handle"
WORDS = ("路灯", "井盖缺失", "垃圾堆积", "电梯", "油烟", "积水")


def run(report: Report) -> None:
    """One stack with 1.2 million tasks, 120,000 of them open on the desks of all handlers of the city."""
    with running() as stack:
        uvloop.run(_measure(report, stack))


class Desk:
    """A handler's session over some connections, one request at a time on each."""

    def __init__(self, office: Office, post: int, connections: int = 32) -> None:
        self._free: deque[Client] = deque(office.people["lamps"].client() for _ in range(connections))
        self._office, self._post = office, post

    async def ask(self, number: int) -> Answer:
        """The inbox and the search by turns."""
        words = WORDS[number // 2 % len(WORDS)]
        path = (SEARCH if number % 2 else FIRST).format(post=self._post, words=quote(words))
        client = self._free.popleft() if self._free else self._office.people["lamps"].client()
        try:
            return await client.request("GET", path, Accept="application/json")
        finally:
            self._free.append(client)

    async def offer(self, rate: float, seconds: float) -> Measured:
        """The open loop."""
        return await open_loop(rate, seconds, self.ask)


async def _shape(office: Office, database_url: str) -> tuple[Shape, int]:
    """As stored cases of the lifecycle, but on the desks of every handler of the city; and the post of ours."""
    shape = await office.shape()
    raw = await asyncpg.connect(database_url)
    try:
        posts = await raw.fetch("select id, org from org.post where role = 'handler' order by id limit 200")
    finally:
        await raw.close()
    ours = shape.posts[0]
    desks = (ours, *((r["id"], r["org"]) for r in posts if r["id"] != ours[0]))
    steps = (shape.steps[0], ("note", "登记", "Note", "handle"), shape.steps[1])
    return replace(shape, posts=desks, steps=steps, area=DISTRICT), ours[0]


async def _measure(report: Report, stack: Stack) -> None:
    office = await Office.open(stack)
    shape, post = await _shape(office, stack.database_url())
    began = time.monotonic()
    await store_processes(stack.database_url(), shape, INSTANCES, live=LIVE)
    print(f"    ({INSTANCES * STEPS:,} tasks stored in {time.monotonic() - began:.0f} s)", flush=True)
    desk = Desk(office, post)
    for number in (0, 1):
        answer = await desk.ask(number)
        found = len(answer.json()["items"]) if answer.status == 200 else answer.body[:300]
        print(f"    {'search' if number else 'first page'}: {answer.status}, {found} tasks", flush=True)
        if answer.status != 200 or not found:
            raise RuntimeError("the inbox does not show the stored tasks")
    await desk.offer(50, 3)
    runs = [await desk.offer(RATE, SECONDS) for _ in range(3)]
    p95 = sorted(r.quantile_ms(0.95) for r in runs)[1]
    report.add("inbox.p95_ms", p95, "ms", better="lower", limit=LIMIT_MS, against=f"{RATE:g}/s offered; limit 40 ms")
    report.add("inbox.errors", sum(len(r.errors) for r in runs), "", better="lower", limit=0)
    report.add("inbox.max_rate", await _highest(desk), "1/s", better="higher", limit=RATE, against="p95 of 40 ms kept")


async def _highest(desk: Desk) -> float:
    """The highest rate, in steps of a tenth, whose p95 keeps the limit; a step that fails is tried twice."""
    kept, rate = 0.0, 60.0
    while rate < 5000:
        for _ in range(2):
            got = await desk.offer(rate, 5.0)
            fits = got.quantile_ms(0.95) <= LIMIT_MS and not got.errors
            await asyncio.sleep(0.5)
            if fits:
                break
        else:
            return kept
        kept, rate = rate, round(rate * 1.1)
    return kept
