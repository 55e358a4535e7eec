"""Incidents from report to end, without a process: what each capability does, who sees what, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.govern.conftest import HEHUI, resident, staff
from yiwang.govern.actions import classify, find_tracked, hold, open_incident, rate, reveal_contact, withdraw
from yiwang.govern.capabilities import CAPABILITIES
from yiwang.govern.contacts import masked_contact
from yiwang.govern.errors import (
    BadCode,
    CannotRate,
    CannotWithdraw,
    NoSuchCode,
    NoSuchIncident,
    NotInThisState,
    OutsideCity,
)
from yiwang.govern.report import read_report
from yiwang.govern.search import find_incidents
from yiwang.govern.store import read
from yiwang.govern.tracking import new_form_key
from yiwang.kernel.errors import Refused
from yiwang.kernel.write import Actor, Resource

REPORT = {
    "description": "小区门口路灯不亮了，晚上很黑。请尽快修。", "category": "road.light", "area": HEHUI,
    "address": "惠河路12号", "name": "李华", "phone": "13812345678",
}  # fmt: skip
ANYBODY = Actor.anonymous()


async def opened(rt, **changes):
    return await open_incident(rt, ANYBODY, read_report(REPORT | changes))


async def call(rt, name, actor, **inputs):
    capability = next(c for c in CAPABILITIES if c.name == name)
    async with rt.act(actor, "event.react", Resource("event")) as act:
        act.record()
        return await capability.handle(act, {k: str(v) if k == "incident" else v for k, v in inputs.items()}, None)


async def current(rt, key):
    async with rt.read_as_system() as db:
        return await read(db, key)


SYSTEM = Actor.system("test")


async def test_a_report_is_numbered_by_day_and_found_by_its_code(rt, wuxi):
    first, second = await opened(rt), await opened(rt, description="另外一个问题")
    assert (first.number, second.number) == ("20260302-00001", "20260302-00002")
    incident = await find_tracked(rt, first.code.lower().replace("-", " "))
    assert (incident.number, incident.title, incident.state) == (first.number, "小区门口路灯不亮了，晚上很黑", "opened")
    assert (incident.district, incident.street, incident.community) == ("320211", "320211001", HEHUI)
    assert incident.org == wuxi.org("320200/12345").id
    rt.clock.advance(timedelta(days=1))
    assert (await opened(rt)).number == "20260303-00001"


async def test_the_same_form_sent_twice_makes_one_incident_and_one_code(rt, wuxi):
    key = new_form_key()
    report = read_report(REPORT)
    first = await open_incident(rt, ANYBODY, report, form_key=key)
    again = await open_incident(rt, ANYBODY, report, form_key=key)
    assert (first.id, first.number, first.code) == (again.id, again.number, again.code)
    assert (first.fresh, again.fresh) == (True, False)
    async with rt.db.transaction("owner") as db:
        assert await db.fetchval("select count(*) from govern.incident") == 1
        assert await db.fetchval("select count(*) from audit.entry where action = 'incident.open'") == 1


async def test_a_wrong_code_is_told_from_an_unknown_one(rt, wuxi):
    code = (await opened(rt)).code
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    with pytest.raises(BadCode):
        await find_tracked(rt, wrong)
    from yiwang.kit.ids import tracking_code

    with pytest.raises(NoSuchCode):
        await find_tracked(rt, tracking_code())


async def test_a_position_gives_the_chain_and_one_outside_is_refused(rt, wuxi):
    incident = await current(rt, (await opened(rt, lon=120.29, lat=31.55, area="")).id)
    assert incident.area.startswith("3202")
    assert len(incident.area) == 15
    with pytest.raises(OutsideCity):
        await opened(rt, lon=116.4, lat=39.9)


async def test_contact_is_sealed_masked_and_opened_only_by_posts_that_need_it(rt, wuxi):
    key = (await opened(rt)).id
    async with rt.db.transaction("owner") as db:
        row = await db.fetchrow("select * from govern.contact")
    assert "李华".encode() not in row["name_sealed"]
    assert b"13812345678" not in row["phone_sealed"]
    intake = staff(wuxi, "320200/12345", "intake")
    async with rt.read(intake) as db:
        assert (await masked_contact(db, key)).phone == "138****5678"
    assert (await reveal_contact(rt, intake, key, "电话核实地点")).phone == "+8613812345678"
    supervisor = staff(wuxi, "320200/12345", "supervisor")
    with pytest.raises(Refused):
        await reveal_contact(rt, supervisor, key, "看看")
    stranger = staff(wuxi, "320200/jiaoyu", "handler")
    with pytest.raises(NoSuchIncident):
        await reveal_contact(rt, stranger, key, "看看")
    async with rt.db.transaction("owner") as db:
        assert await db.fetchval("select note from audit.entry where action = 'incident.reveal'") == "电话核实地点"


async def test_who_sees_an_incident(rt, wuxi):
    mine = resident()
    key = (
        await open_incident(rt, mine, read_report({k: v for k, v in REPORT.items() if k not in ("name", "phone")}))
    ).id
    lights = staff(wuxi, "320200/shizheng", "handler")
    everybody = {
        "intake": (staff(wuxi, "320200/12345", "intake"), True),
        "its reporter": (mine, True),
        "another resident": (resident(), False),
        "a department before it takes part": (lights, False),
        "the supervisor of its district": (staff(wuxi, "320211/zhihui", "supervisor"), True),
        "the supervisor of another district": (staff(wuxi, "320205/zhihui", "supervisor"), False),
        "anybody": (ANYBODY, False),
    }
    for who, (actor, sees) in everybody.items():
        async with rt.read(actor) as db:
            found = await db.fetchval("select count(*) from govern.incident where id = $1", key)
        assert bool(found) is sees, who
    routed = await call(rt, "incident.route", SYSTEM, incident=key)
    assert routed["post"] == lights.post
    await call(rt, "incident.accept", SYSTEM, incident=key, due="5wd")
    await call(rt, "incident.set_state", SYSTEM, incident=key, state="handling", post=routed["post"])
    async with rt.read(lights) as db:
        assert (await read(db, key)).department == wuxi.org("320200/shizheng").id


async def test_the_application_cannot_write_incidents_past_the_functions(rt, wuxi):
    key = (await opened(rt)).id
    with pytest.raises(Exception, match="permission denied"):
        async with rt.unit(SYSTEM) as unit:
            await unit.db.execute("update govern.incident set state = 'closed' where id = $1", key)


async def test_a_life_from_acceptance_to_rating(rt, wuxi):
    report = await opened(rt)
    key = report.id
    accepted = await call(rt, "incident.accept", SYSTEM, incident=key, category="road.light", urgency="high", due="2wd")
    assert accepted["due_at"].startswith("2026-03-04T")
    again = await call(rt, "incident.accept", SYSTEM, incident=key, category="road.light", urgency="high", due="2wd")
    assert again == accepted
    routed = await call(rt, "incident.route", SYSTEM, incident=key)
    assert routed["verify_org"] == wuxi.post_near("verifier", HEHUI).org if wuxi.post_near("verifier", HEHUI) else True
    for state in ("handling", "verifying"):
        await call(rt, "incident.set_state", SYSTEM, incident=key, state=state, post=routed["post"])
    await call(rt, "incident.set_state", SYSTEM, incident=key, state="handling", post=routed["post"])
    await call(rt, "incident.record_result", SYSTEM, incident=key, result="已更换灯泡", outcome="solved", verified=True)
    rt.clock.advance(timedelta(days=1))
    closed = await call(rt, "incident.close", SYSTEM, incident=key, note="")
    assert closed["on_time"] is True
    held = await hold(rt, report.code)
    await rate(rt, ANYBODY, held, "partly", "修得快，但没有电话通知")
    with pytest.raises(CannotRate):
        await rate(rt, ANYBODY, held, "yes")
    with pytest.raises(CannotWithdraw):
        await withdraw(rt, ANYBODY, held, "不用了")
    incident = await current(rt, key)
    assert (incident.state, incident.returned, incident.satisfied, incident.verified) == ("closed", 1, "partly", "yes")
    assert incident.result == "已更换灯泡"
    async with rt.db.transaction("owner") as db:
        types = [r["type"].split(".")[-2] for r in await db.fetch("select type from event.log order by seq")]
    assert types.count("accepted") == 1
    assert types.count("closed") == 1
    assert "rated" in types


async def test_late_is_late(rt, wuxi):
    key = (await opened(rt)).id
    await call(rt, "incident.accept", SYSTEM, incident=key, due="1wd")
    rt.clock.advance(timedelta(days=3))
    assert (await call(rt, "incident.close", SYSTEM, incident=key))["on_time"] is False


async def test_a_withdrawn_report_goes_nowhere(rt, wuxi):
    report = await opened(rt)
    await withdraw(rt, ANYBODY, await hold(rt, report.code), "已经自己解决")
    assert (await current(rt, report.id)).state == "withdrawn"
    with pytest.raises(NotInThisState):
        await call(rt, "incident.accept", SYSTEM, incident=report.id, due="1wd")


async def test_nobody_else_withdraws_a_report(rt, wuxi):
    from yiwang.govern.actions import Held

    mine = resident()
    key = (await open_incident(rt, mine, read_report(REPORT | {"phone": "", "name": ""}))).id
    with pytest.raises(NoSuchIncident):
        await withdraw(rt, resident(), Held(key, by_code=False), "捣乱")
    with pytest.raises(Refused):
        await withdraw(rt, staff(wuxi, "320200/12345", "intake"), Held(key, by_code=False), "捣乱")
    await withdraw(rt, mine, Held(key, by_code=False), "不用了")
    assert (await current(rt, key)).state == "withdrawn"


async def test_staff_classify_and_find_by_text(rt, wuxi):
    key = (await opened(rt, category="")).id
    dispatcher = staff(wuxi, "320200/12345", "dispatcher")
    assert (await classify(rt, dispatcher, key, "road.light")).category == "road.light"
    async with rt.read(dispatcher) as db:
        assert [hit["href"] for hit in await find_incidents(db, "路灯", 5)] == [f"/incidents/{key}"]
        assert [hit["href"] for hit in await find_incidents(db, "20260302-00001", 5)] == [f"/incidents/{key}"]
        assert await find_incidents(db, "噪声", 5) == []
    async with rt.read(staff(wuxi, "320200/jiaoyu", "handler")) as db:
        assert await find_incidents(db, "路灯", 5) == []
