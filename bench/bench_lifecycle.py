"""`lifecycle.rate`, `lifecycle.p95_ms`, `lifecycle.flat`, `lifecycle.burst_errors`: requests from report to close.

The whole stack (`yiwang up`: web, worker, PostgreSQL, NATS) and this load generator share the machine. A lifecycle is
four calls over HTTP with sessions: the hotline takes a report in, accepts it (the responsible post is found by
category and place, so this dispatches it), the handler handles it, the dispatcher closes it (nobody can be called
back). Each call passes policy, audit, events and process of scenarios/resident-requests as it stands.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import time
from dataclasses import dataclass, field

import asyncpg
import uvloop

from bench.http_load import Answer, Client, Measured
from bench.people import Person, put_on_posts, sign_in
from bench.report import Report
from bench.stack import Stack, launch, new_state
from bench.stored import Shape, store_cases

FEW, MANY = 10_000, 1_000_000
CLIENTS, BURST = 16, 200
SECONDS, TURNS = 15.0, 3
#: A place known to its district only: no grid worker is asked to verify, so a lifecycle is these four calls.
DISTRICT, CATEGORY, HANDLER = "320211", "road.light", "320200/shizheng"
PASSWORD = "bench-Lamps-2026"


def run(report: Report) -> None:
    """Two stacks take turns, one with few stored cases, one with many."""
    states = [new_state(), new_state()]
    stacks: list[Stack] = []
    try:
        for state in states:
            stacks.append(launch(state))
        uvloop.run(_measure(report, *stacks))
    finally:
        for stack in stacks:
            stack.stop()
        for state in states:
            shutil.rmtree(state, ignore_errors=True)


@dataclass
class Load:
    """What one run gave."""

    calls: Measured = field(default_factory=Measured)
    done: int = 0

    @property
    def rate(self) -> float:
        """Lifecycles per second."""
        return self.done / self.calls.seconds


class Office:
    """The people of one stack."""

    def __init__(self, stack: Stack, people: dict[str, Person]) -> None:
        self.stack, self.people = stack, people

    @staticmethod
    async def open(stack: Stack) -> Office:
        """Appoint and sign in."""
        await put_on_posts(stack.database_url(), stack.state, {"lamps": (HANDLER, "handler")}, PASSWORD)
        await asyncio.sleep(3)  # the web process looks every second whether somebody was appointed
        passwords = stack.passwords() | {"lamps": PASSWORD}
        return Office(
            stack, {who: await sign_in(stack.url, who, passwords[who]) for who in ("intake", "lamps", "dispatcher")}
        )

    async def shape(self) -> Shape:
        """What stored cases refer to."""
        raw = await asyncpg.connect(self.stack.database_url())
        try:
            version = await raw.fetchval("select max(version) from process.definition where key = 'resident-request'")
            intake = await raw.fetchval("select id from org.organisation where code = '320200/12345'")
            post = await raw.fetchrow(
                "select p.id, p.org from org.post p join org.organisation o on o.id = p.org "
                "where o.code = $1 and p.role = 'handler'",
                HANDLER,
            )
        finally:
            await raw.close()
        steps = (
            ("accept", "受理分类", "Accept and classify", "accept"), ("handle", "办理", "Handle", "handle"),
            ("conclude", "结案审核", "Conclude", "close"),
        )  # fmt: skip
        return Shape("resident-request", version, intake, DISTRICT, ((post["id"], post["org"]),), steps)

    async def quiet(self) -> float:
        """Wait until the worker has applied every event; seconds that it took."""
        began = time.monotonic()
        raw = await asyncpg.connect(self.stack.database_url())
        try:
            while await raw.fetchval(
                "select (select count(*) from event.pending) + (select count(*) from event.delivery)"
            ):
                if time.monotonic() - began > 120:
                    raise RuntimeError("the worker does not catch up")
                await asyncio.sleep(0.2)
        finally:
            await raw.close()
        return time.monotonic() - began


async def lifecycle(clients: dict[str, Client], load: Load) -> None:
    """One request from report to close."""
    report = {
        "description": "路灯不亮，晚上看不见路，请尽快派人维修", "category": CATEGORY, "area": DISTRICT,
        "anonymous": True, "source": "phone",
    }  # fmt: skip
    taken = await _call(clients["intake"], "/api/v1/incidents", report, load)
    if taken is None:
        return
    forms = (
        ("intake", {"decision": "accept", "category": CATEGORY}),
        ("lamps", {"outcome": "solved", "measures": "更换灯头和线路，已恢复照明"}),
        ("dispatcher", {"close_note": "照片显示已修复"}),
    )
    answer = None
    for who, data in forms:
        answer = await _call(clients[who], f"/api/v1/incidents/{taken.json()['id']}/complete", {"data": data}, load)
        if answer is None:
            return
    if answer is not None and answer.json()["state"] == "closed":
        load.done += 1
    else:
        load.calls.errors.append("not closed")


async def _call(client: Client, path: str, data: object, load: Load) -> Answer | None:
    try:
        answer = await client.json("POST", path, data)
    except (OSError, EOFError, ValueError) as error:
        load.calls.errors.append(repr(error))
        return None
    load.calls.latencies.append(answer.seconds)
    if answer.status >= 400:
        load.calls.errors.append(f"{answer.status} {answer.body[:200]!r}")
        return None
    return answer


async def drive(office: Office, clients: int, seconds: float, *, once: bool = False) -> Load:
    """``clients`` people at once, for some seconds or one lifecycle each."""
    load = Load()
    began = time.monotonic()

    async def work() -> None:
        own = {who: person.client() for who, person in office.people.items()}
        try:
            while True:
                await lifecycle(own, load)
                if once or time.monotonic() - began >= seconds:
                    return
        finally:
            for client in own.values():
                client.close()

    await asyncio.gather(*(work() for _ in range(clients)))
    load.calls.seconds = time.monotonic() - began
    return load


async def _measure(report: Report, small: Stack, big: Stack) -> None:
    offices = [await Office.open(small), await Office.open(big)]
    began = time.monotonic()
    for office, count in zip(offices, (FEW, MANY), strict=True):
        await store_cases(office.stack.database_url(), await office.shape(), count)
    print(f"    ({MANY:,} cases stored in {time.monotonic() - began:.0f} s)", flush=True)
    few, many = offices
    loads: dict[Office, list[Load]] = {few: [], many: []}
    drained = []
    for office in offices:
        await drive(office, CLIENTS, 3)
        await office.quiet()
    for turn in range(TURNS):
        for office in (few, many) if turn % 2 else (many, few):
            loads[office].append(await drive(office, CLIENTS, SECONDS))
            drained.append(await office.quiet())
    rate = statistics.median(load.rate for load in loads[many])
    report.add("lifecycle.rate", rate, "1/s", better="higher", limit=40, against=f"at {MANY:,} stored cases; limit 40")
    p95 = statistics.median(load.calls.quantile_ms(0.95) for load in loads[many])
    report.add("lifecycle.p95_ms", p95, "ms", better="lower", limit=250, against=f"{CLIENTS} clients; limit 250 ms")
    flat = statistics.median(m.rate / f.rate for f, m in zip(loads[few], loads[many], strict=True))
    report.add(
        "lifecycle.flat", flat, "", better="higher", limit=0.9, against=f"rate at {FEW:,} stored cases; limit 0.9"
    )
    report.add(
        "lifecycle.drained_s", max(drained), "s", better="lower", against="all events applied after the load ends"
    )
    burst = await drive(many, BURST, 0, once=True)
    errors = burst.calls.errors + [e for each in loads.values() for load in each for e in load.calls.errors]
    for line in sorted(set(errors))[:5]:
        print(f"    error: {line}", flush=True)
    report.add("lifecycle.burst_errors", len(burst.calls.errors), "", better="lower", limit=0,
               against=f"{BURST} clients at once, one lifecycle each")  # fmt: skip
    report.add("lifecycle.errors", len(errors), "", better="lower", limit=0, against="all calls of this bench")
