"""The public list of items: published, replaced, found by Chinese words, opened by the net that registered for them."""

from __future__ import annotations

import json

import pytest

from yiwang.kernel.write import Actor, Resource
from yiwang.serve.contract import Item, popular_items, put_items
from yiwang.serve.errors import KeyTaken, NoSuchItem
from yiwang.serve.store import find_items, opens_at, read_item

SYSTEM = Actor.system("test")
LIGHT = Item(
    key="light", title_zh="路灯报修", title_en="Street lights", owner_zh="市政园林局", kind="report", entry="/report",
    keywords=("灯不亮",),
)  # fmt: skip
LICENCE = Item(key="licence", title_zh="食品经营许可", code="511X", audience=("enterprise",), owner_zh="市场监管局")


async def publish(rt, items, source="test"):
    async with rt.act(SYSTEM, "item.publish", Resource("item", source)) as act:
        removed = await put_items(act, source, items)
        act.record(after={"items": len(items)}, count=len(items))
    return removed


async def found(rt, **asked):
    async with rt.read(Actor.anonymous()) as db:
        result = await find_items(db, **asked)
    return [row["key"] for row in result.items]


async def test_items_are_found_by_words_audience_and_owner(rt):
    await publish(rt, [LICENCE, LIGHT])
    assert await found(rt) == ["light", "licence"]  # what can be done online comes first
    assert await found(rt, text="路灯") == ["light"]
    assert await found(rt, text="灯不亮") == ["light"]
    assert await found(rt, text="许可 食品") == ["licence"]
    assert await found(rt, text="511x") == ["licence"]
    assert await found(rt, text="噪声") == []
    assert await found(rt, text="！？") == []
    assert await found(rt, audience="enterprise") == ["licence"]
    assert await found(rt, owner="市政园林局") == ["light"]
    assert await found(rt, online=True) == ["light"]


async def test_a_list_is_replaced_as_a_whole_and_others_stay(rt):
    await publish(rt, [LIGHT])
    await publish(rt, [LICENCE], source="other")
    assert await publish(rt, []) == 1
    assert await found(rt) == ["licence"]
    with pytest.raises(KeyTaken):
        await publish(rt, [LICENCE])
    async with rt.read(Actor.anonymous()) as db:
        with pytest.raises(NoSuchItem):
            await read_item(db, "light")


async def test_an_item_is_opened_by_whoever_registered_for_its_kind(rt):
    await publish(rt, [LIGHT, LICENCE])
    async with rt.read(Actor.anonymous()) as db:
        light, licence = await read_item(db, "light"), await read_item(db, "licence")
    assert opens_at(rt, light) == "/report?item=light"
    assert opens_at(rt, licence) is None
    assert [(p.title, p.href) for p in await popular_items(rt, "en")] == [("Street lights", "/report?item=light")]


async def test_the_items_of_a_real_county(rt, real_data):
    rows = json.loads((real_data / "services" / "guangan_service_items.json").read_text("utf-8"))
    items = {
        r["item_code"]: Item(key=r["item_code"], code=r["item_code"], title_zh=r["name"], owner_zh=r["department"])
        for r in rows
    }
    await publish(rt, list(items.values()), source="guangan")
    async with rt.read(Actor.anonymous()) as db:
        everything = await find_items(db)
        schools = await find_items(db, text="入学", size=100)
    assert everything.total == len(items)
    expected = sum("入学" in r["name"] or "入学" in r["department"] for r in items_by_code(rows))
    assert schools.total == expected > 0


def items_by_code(rows):
    return {r["item_code"]: r for r in rows}.values()
