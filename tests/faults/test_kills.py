"""SIGKILL for web, worker, NATS and PostgreSQL in turn, under load.

Nothing acknowledged is lost, nothing happens twice, the audit chain is whole, every desk shows what it should.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from bench.http_load import Answer, Client
from bench.stack import Stack, launch, new_state

from tests.faults.town import CATEGORY, DISTRICT, FORMS, STATES, People, Told, children, gone, kill
from yiwang.app import build_runtime
from yiwang.kernel.audit import verify_chain
from yiwang.kernel.events import reconcile
from yiwang.kernel.settings import Settings

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
WORKERS = 6
#: The reports of this load; the demo has some of its own.
OURS = "i.description ~ '^路灯不亮 [0-9a-f]{32}$'"
SITE = Path(__file__).parent / "site"
EACH_S = 4.0


@pytest.fixture
def stack():
    state = new_state()
    paths = [str(SITE), *filter(None, [os.environ.get("PYTHONPATH")])]
    running = launch(state, PYTHONPATH=os.pathsep.join(paths))
    yield running
    running.stop()
    left = gone(state)
    shutil.rmtree(state, ignore_errors=True)
    assert not left, left


class Load:
    """People who report and work, and remember what was acknowledged."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.told: list[Told] = []
        self.cut = 0
        self.stopping = False

    async def work(self) -> None:
        clients = self.people.clients()
        while not self.stopping:
            told = Told(uuid4().hex)
            self.told.append(told)
            if await self._report(clients["intake"], told):
                for who, data in FORMS:
                    if not await self._complete(clients[who], told, data):
                        break

    async def _report(self, client: Client, told: Told) -> bool:
        body = {"description": f"路灯不亮 {told.key}", "category": CATEGORY, "area": DISTRICT, "anonymous": True}
        # The same key gives the same incident: an answer that was cut off is asked for again.
        while True:
            answer = await self._try(client.json("POST", "/api/v1/incidents", body, Idempotency_Key=told.key))
            if answer is not None and answer.status in (200, 201):
                told.id = answer.json()["id"]
                return True
            if self.stopping:
                return False
            await asyncio.sleep(0.1)

    async def _complete(self, client: Client, told: Told, data: dict) -> bool:
        answer = await self._try(client.json("POST", f"/api/v1/incidents/{told.id}/complete", {"data": data}))
        if answer is not None and answer.status == 200:
            told.forms += 1
            return True
        # Nothing came back, or an error of the server: it may have happened or not, the next look tells.
        told.unsure = True
        return False

    async def _try(self, asked) -> Answer | None:
        try:
            answer = await asyncio.wait_for(asked, 20)
        except (OSError, EOFError, ValueError, TimeoutError):
            self.cut += 1
            return None
        assert answer.status not in (401, 403, 404, 422), answer.body[:500]
        if answer.status >= 400:
            self.cut += 1
        return answer


async def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(stack: Stack) -> None:
    people = People(stack)
    await people.come()
    load = Load(people)
    workers = [asyncio.create_task(load.work()) for _ in range(WORKERS)]
    await asyncio.sleep(EACH_S)
    for victim in ("web", "worker", "nats", "postgres"):
        before = sum(t.forms for t in load.told)
        for pid in children(stack)[victim]:
            kill(pid)
        await _until_it_goes_on(load, before)
        await asyncio.sleep(EACH_S)
    load.stopping = True
    await asyncio.gather(*workers)
    assert load.cut, "no call was cut off: the kills missed the load"
    assert sum(t.forms for t in load.told) > 50
    rt = build_runtime(Settings(state_dir=stack.state), stack.database_url())
    try:
        await rt.start()
        await _quiet(rt)
        await _acknowledged_is_there(stack, load.told)
        await _books_balance(rt)
        await _desks_are_right(stack)
        verdict = await verify_chain(rt)
        assert verdict.ok, verdict.problems
        assert verdict.waiting == 0
    finally:
        await rt.close()


async def _until_it_goes_on(load: Load, before: int) -> None:
    deadline = time.monotonic() + 40
    while sum(t.forms for t in load.told) < before + 10:
        assert time.monotonic() < deadline, "the city did not come back"
        await asyncio.sleep(0.2)


async def _quiet(rt) -> None:
    """Until the worker has relayed, applied and sealed everything."""
    deadline = time.monotonic() + 60
    while True:
        async with rt.db.transaction("owner", readonly=True) as db:
            left = await db.fetchval(
                "select (select count(*) from event.pending) + (select count(*) from event.delivery)"
                " + (select count(*) from audit.pending)"
            )
        if not left:
            return
        assert time.monotonic() < deadline, f"{left} rows still wait"
        await asyncio.sleep(0.3)


async def _acknowledged_is_there(stack: Stack, told: list[Told]) -> None:
    raw = await asyncpg.connect(stack.database_url())
    try:
        incidents = {
            str(r["id"]): r
            for r in await raw.fetch(f"select id, state, description from govern.incident i where {OURS}")
        }
        audited = Counter(
            (r["resource_id"], r["action"]) for r in await raw.fetch("select resource_id, action from audit.entry")
        )
        done: Counter[str] = Counter()
        for row in await raw.fetch("select id, subject_id from process.task where state = 'done' and kind = 'main'"):
            done[str(row["subject_id"])] += 1
            assert audited[str(row["id"]), "task.complete"] == 1, "a completed task has exactly one audit row"
    finally:
        await raw.close()
    keys = Counter(r["description"].rsplit(" ", 1)[1] for r in incidents.values())
    assert max(keys.values()) == 1, "a report that was sent twice became two"
    for one in told:
        if not one.id:
            continue
        assert one.id in incidents, "an acknowledged report is gone"
        assert audited[one.id, "incident.open"] == 1
        forms = done[one.id]
        # What was acknowledged happened; what was cut off happened wholly or not at all.
        assert one.forms <= forms <= one.forms + one.unsure, (one, forms)
        expected = STATES[forms]
        assert expected is None or incidents[one.id]["state"] == expected, (one, forms, incidents[one.id]["state"])


async def _books_balance(rt) -> None:
    counts = await reconcile(rt)
    assert counts, "no reaction heard of anything"
    for book in counts:
        assert book.balanced, book
        assert book.waiting == 0, book
        assert book.dead == 0, book
        assert book.made == book.applied, book


async def _desks_are_right(stack: Stack) -> None:
    """One open task for an open incident and none for a closed one; every event took effect exactly once."""
    raw = await asyncpg.connect(stack.database_url())
    try:
        rows = await raw.fetch(
            "select i.id, i.state, count(t.id) filter (where t.live) as live from govern.incident i"
            f" left join process.task t on t.subject_id = i.id where {OURS} group by i.id, i.state"
        )
        effects = Counter((r["kind"], r["subject"]) for r in await raw.fetch("select kind, subject from effect.row"))
        done = {
            r["id"]
            for r in await raw.fetch(
                "select t.id from process.task t join govern.incident i on i.id = t.subject_id"
                f" where t.state = 'done' and t.kind = 'main' and {OURS}"
            )
        }
    finally:
        await raw.close()
    wrong = [dict(r) for r in rows if r["live"] != (r["state"] != "closed")]
    assert not wrong, wrong[:5]
    assert max(effects.values()) == 1, "an event took effect twice"
    assert {r["id"] for r in rows} <= {subject for kind, subject in effects if kind == "opened"}
    assert done <= {subject for kind, subject in effects if kind == "completed"}
