"""Events over a real NATS: relayed, applied once, found again when a message is lost."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest_asyncio

from yiwang.kernel.events import reconcile, relay_events
from yiwang.kernel.events.deliver import deliver_due
from yiwang.kernel.runtime import Reaction, Room
from yiwang.kernel.supervise import run_worker
from yiwang.kernel.write import Actor, Decision, Resource
from yiwang.messages.base import Event


class Sent(Event):
    type = "cn.yiwang.test.sent.v1"
    number: int


class Everyone:
    async def decide(self, actor, action, resource, purpose, now):
        return Decision(True)


class Collected:
    def __init__(self) -> None:
        self.numbers: list[int] = []

    async def handle(self, unit, event) -> None:
        self.numbers.append(event.number)


@pytest_asyncio.fixture
async def city(rt_nats):
    collected = Collected()
    rt_nats.decider = Everyone()
    room = Room("test", "yiwang.kernel.audit", reactions=(Reaction("test.collect", (Sent,), collected.handle),))
    audit_and_events = [r for r in rt_nats.registry.rooms if r.name in {"audit", "event"}]
    rt_nats.registry.rooms = (*audit_and_events, room)
    return rt_nats, collected


async def send(rt, numbers) -> None:
    for number in numbers:
        async with rt.act(Actor.system("test"), "test.send", Resource("test", number)) as act:
            act.record()
            act.emit(Sent(number=number))


async def until(condition, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def test_two_workers_apply_every_event_once(city):
    rt, collected = city
    stop = asyncio.Event()
    workers = [asyncio.create_task(run_worker(rt, stop)) for _ in range(2)]
    try:
        await send(rt, range(60))
        await until(lambda: len(collected.numbers) >= 60)
        await asyncio.sleep(0.3)
    finally:
        stop.set()
        await asyncio.gather(*workers)
    assert sorted(collected.numbers) == list(range(60))
    (books,) = await reconcile(rt)
    assert (books.made, books.applied, books.waiting, books.dead) == (60, 60, 0, 0)


async def test_an_event_whose_message_was_lost_is_applied_by_the_sweep(city):
    rt, collected = city
    await send(rt, [1])
    await relay_events(rt)  # published, but nobody consumes: as if NATS had lost it
    assert await deliver_due(rt) == 0  # too early: the message may still be on its way
    rt.clock.advance(timedelta(minutes=1))
    assert await deliver_due(rt) == 1
    assert collected.numbers == [1]


async def test_the_envelope_is_cloudevents(city):
    rt, _ = city
    await send(rt, [7])
    async with rt.db.transaction("owner") as db:
        row = await db.fetchrow("select id, body from event.log")
    import orjson

    envelope = orjson.loads(row["body"])
    assert envelope["specversion"] == "1.0"
    assert UUID(envelope["id"]) == row["id"]
    assert envelope["type"] == "cn.yiwang.test.sent.v1"
    assert envelope["source"] == "/yiwang/320200/test"
    assert envelope["data"] == {"number": 7}
