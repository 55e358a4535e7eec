"""Queue, sandbox, quiet hours, retries, limits, preferences, inbox; with a real SMTP server and a real SMS gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.notices.servers import SmsGateway, SmtpServer
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Refused
from yiwang.kernel.identity import create_account
from yiwang.kernel.notices import (
    NoticeFilter,
    TemplateBook,
    inbox,
    list_notices,
    mark_read,
    preferences,
    refuse,
    retry_notice,
    send,
    send_due,
    stop_of,
    unread_count,
)
from yiwang.kernel.notices.quiet import QuietHours
from yiwang.kernel.notices.stop import stop_address
from yiwang.kernel.notices.templates import read_text
from yiwang.kernel.notices.transports import HttpSms, Smtp, Transports
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Act, Actor, Resource

SYSTEM = Actor.system("test")
FORMS = """
[template."test.news"]
title = { zh = "消息", en = "news" }
channels = ["inapp", "sms", "email"]
params = ["what"]
optional = true
zh = { subject = "消息：{what}", text = "关于 {what}。" }
en = { subject = "News: {what}", text = "About {what}." }

[template."test.alarm"]
title = { zh = "告警", en = "alarm" }
channels = ["sms"]
urgent = true
ttl = "1h"
zh = { text = "请撤离。" }
en = { text = "Leave now." }
"""


@pytest_asyncio.fixture
async def person(rt: Runtime) -> UUID:
    for form in read_text(FORMS, "test.toml", []):
        rt.part(TemplateBook)._templates[form.key] = form
    return await create_account(
        rt, SYSTEM, kind="resident", login="r1", name="王秀英", phone="13812345678", email="wang@example.com"
    )


@pytest_asyncio.fixture
async def gateway(rt: Runtime) -> AsyncIterator[SmsGateway]:
    server = SmsGateway()
    await server.start()
    rt.part(Transports).by_channel["sms"] = HttpSms(server.url)
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def mail(rt: Runtime) -> AsyncIterator[SmtpServer]:
    server = SmtpServer()
    await server.start()
    rt.part(Transports).by_channel["email"] = Smtp(f"smtp://127.0.0.1:{server.port}?from=city@example.com")
    yield server
    await server.stop()


async def tell(rt: Runtime, template: str, to: Any, **more: Any) -> int:
    async with rt.act(SYSTEM, "account.edit", Resource("account")) as act:
        act.record(note="test")
        return await send(act, template, to, **more)


def move(rt: Runtime, **span: float) -> None:
    rt.clock.advance(timedelta(**span))  # type: ignore[attr-defined]


async def test_without_settings_everything_stays_in_the_sandbox_and_is_listed_masked(rt: Runtime, person: UUID) -> None:
    assert await tell(rt, "test.news", {"account": person}, params={"what": "路灯"}) == 3
    assert {n.state for n in await list_notices(rt, SYSTEM)} == {"queued"}
    assert await send_due(rt) == 2
    listed = {n.channel: n for n in await list_notices(rt, SYSTEM)}
    assert {n.state for n in listed.values()} == {"sandboxed"}
    assert (listed["sms"].masked, listed["email"].masked) == ("138****5678", "w***@example.com")
    assert listed["sms"].text == "关于 路灯。"
    assert await list_notices(rt, SYSTEM, NoticeFilter(state="gave_up")) == []


async def test_nothing_is_sent_of_an_action_that_fails(rt: Runtime, person: UUID) -> None:
    class Oops(Exception):
        pass

    async def fail(act: Act) -> None:
        await send(act, "test.alarm", {"account": person})
        raise Oops

    with pytest.raises(Oops):
        async with rt.act(SYSTEM, "account.edit", Resource("account")) as act:
            await fail(act)
    assert await send_due(rt) == 0


async def test_the_same_key_queues_once(rt: Runtime, person: UUID) -> None:
    said = {"params": {"what": "x"}, "dedupe": "case-1-accepted"}
    counts = [await tell(rt, "test.news", {"account": person}, **said) for _ in range(2)]
    assert counts == [3, 0] and len(await list_notices(rt, SYSTEM)) == 2


async def test_texts_wait_for_the_morning_and_alarms_do_not(rt: Runtime, person: UUID, gateway: SmsGateway) -> None:
    rt.clock.move_to(datetime.fromisoformat("2026-03-02T23:00:00+08:00"))  # type: ignore[attr-defined]
    await tell(rt, "test.news", {"account": person}, params={"what": "x"}, channel="sms")
    await tell(rt, "test.alarm", {"account": person})
    await send_due(rt)
    assert [m["text"] for m in gateway.received] == ["请撤离。"]
    waiting = (await list_notices(rt, SYSTEM, NoticeFilter(state="queued")))[0]
    assert waiting.reason == "quiet_hours" and waiting.attempts == 0
    assert waiting.next_at == datetime.fromisoformat("2026-03-03T07:30:00+08:00")
    rt.clock.move_to(waiting.next_at)  # type: ignore[attr-defined]
    await send_due(rt)
    assert len(gateway.received) == 2


async def test_a_failing_gateway_is_asked_again_with_the_same_key_and_longer_pauses(
    rt: Runtime, person: UUID, gateway: SmsGateway
) -> None:
    gateway.answers = [503, 429]
    await tell(rt, "test.alarm", {"account": person})
    pauses = []
    for _ in range(3):
        await send_due(rt)
        row = (await list_notices(rt, SYSTEM))[0]
        pauses.append((row.next_at - rt.clock.now()).total_seconds())
        rt.clock.move_to(max(row.next_at, rt.clock.now()))  # type: ignore[attr-defined]
    assert pauses == [20, 80, 0] and row.state == "sent"
    assert len(set(gateway.keys)) == 1 and len(gateway.keys) == 3 and len(gateway.received) == 1


async def test_what_cannot_be_sent_is_given_up_visibly_and_can_be_retried(
    rt: Runtime, person: UUID, gateway: SmsGateway
) -> None:
    gateway.always = 503
    await tell(rt, "test.alarm", {"account": person})
    for _ in range(20):
        await send_due(rt)
        move(rt, minutes=10)
    (lost,) = await list_notices(rt, SYSTEM, NoticeFilter(state="gave_up"))
    assert "503" in lost.reason
    gateway.always = 0
    await retry_notice(rt, SYSTEM, lost.id)
    await send_due(rt)
    assert (await list_notices(rt, SYSTEM))[0].state == "sent"
    with pytest.raises(Conflict):
        await retry_notice(rt, SYSTEM, lost.id)


async def test_a_final_answer_is_not_asked_again(rt: Runtime, person: UUID, gateway: SmsGateway) -> None:
    gateway.always = 400
    await tell(rt, "test.alarm", {"account": person})
    await send_due(rt)
    assert (await list_notices(rt, SYSTEM))[0].state == "gave_up" and len(gateway.keys) == 1


async def test_two_workers_send_a_message_once(rt: Runtime, person: UUID, gateway: SmsGateway) -> None:
    for n in range(8):
        await tell(rt, "test.news", {"phone": f"1391234567{n}"}, params={"what": str(n)}, channel="sms")
    await asyncio.gather(*(send_due(rt) for _ in range(4)))
    assert len(gateway.received) == 8 and len(gateway.keys) == 8


async def test_a_worker_that_died_leaves_its_messages_to_the_next(
    rt: Runtime, person: UUID, gateway: SmsGateway
) -> None:
    await tell(rt, "test.alarm", {"account": person})
    async with rt.db.transaction("owner") as db:  # as a worker does before it is killed
        lease = rt.clock.now() + timedelta(minutes=2)
        await db.execute("update notice.message set state = 'sending', attempts = 1, next_at = $1", lease)
    assert await send_due(rt) == 0
    move(rt, minutes=2)
    assert await send_due(rt) == 1 and len(gateway.received) == 1


async def test_nobody_gets_more_than_ten_texts_an_hour(rt: Runtime, person: UUID, gateway: SmsGateway) -> None:
    for n in range(12):
        await tell(rt, "test.news", {"phone": "13912345678"}, params={"what": str(n)}, channel="sms")
        await send_due(rt)
    assert len(gateway.received) == 10
    waiting = await list_notices(rt, SYSTEM, NoticeFilter(state="queued"))
    assert {n.reason for n in waiting} == {"limit"}
    move(rt, hours=1, minutes=1)
    await send_due(rt)
    assert len(gateway.received) == 12


async def test_mail_goes_out_with_a_link_that_stops_it(rt: Runtime, person: UUID, mail: SmtpServer) -> None:
    await tell(rt, "test.news", {"account": person}, params={"what": "路灯"}, channel="email")
    await send_due(rt)
    (message,) = mail.messages()
    assert message["To"] == "wang@example.com" and message["Subject"] == "消息：路灯"
    body = message.get_content()
    link = stop_address(rt, person, "test.news", "email")
    assert "关于 路灯。" in body and link in body and message["List-Unsubscribe"] == f"<{link}>"
    what, sig = (part.split("=")[1] for part in link.split("?")[1].split("&"))
    await refuse(rt, *stop_of(rt, what, sig))
    with pytest.raises(NotFound):
        stop_of(rt, what.replace("email", "sms"), sig)
    await tell(rt, "test.news", {"account": person}, params={"what": "again"}, channel="email")
    await send_due(rt)
    assert len(mail.messages()) == 1
    assert (await list_notices(rt, SYSTEM))[0].reason == "refused"


async def test_a_refused_mail_address_is_final_and_a_greylisted_one_is_not(
    rt: Runtime, person: UUID, mail: SmtpServer
) -> None:
    mail.refuse = "451 try later"
    await tell(rt, "test.news", {"account": person}, params={"what": "x"}, channel="email")
    await send_due(rt)
    assert (await list_notices(rt, SYSTEM))[0].state == "queued"
    mail.refuse = "550 no such user"
    move(rt, seconds=20)
    await send_due(rt)
    assert (await list_notices(rt, SYSTEM))[0].state == "gave_up"


async def test_preferences_hold_and_what_matters_cannot_be_turned_off(
    rt: Runtime, person: UUID, gateway: SmsGateway
) -> None:
    actor = Actor("resident", id=person)
    await refuse(rt, person, "test.news", "sms")
    assert (await preferences(rt, actor))[-1].channels == {"sms": False, "email": True}
    await tell(rt, "test.news", {"account": person}, params={"what": "x"}, channel="sms")
    await send_due(rt)
    assert gateway.received == []
    await refuse(rt, person, "test.news", "sms", wanted=True)
    assert (await preferences(rt, actor))[-1].channels == {"sms": True, "email": True}
    with pytest.raises(Invalid):
        await refuse(rt, person, "test.alarm", "sms")


async def test_the_inbox_is_ones_own_with_a_count(rt: Runtime, person: UUID) -> None:
    other = await create_account(rt, SYSTEM, kind="resident", login="r2", name="李四")
    for n in range(3):
        await tell(rt, "test.news", {"account": person}, params={"what": str(n)}, channel="inapp", href=f"/case/{n}")
    mine, stranger = Actor("resident", id=person), Actor("resident", id=other)
    entries = await inbox(rt, mine)
    assert await unread_count(rt, mine) == 3 and {e.href for e in entries} == {"/case/0", "/case/1", "/case/2"}
    assert await unread_count(rt, stranger) == 0 and await mark_read(rt, stranger, entries[0].id) == 0
    assert await mark_read(rt, mine, entries[0].id) == 1 and await unread_count(rt, mine) == 2
    assert await mark_read(rt, mine) == 2 and await mark_read(rt, mine) == 0


async def test_an_account_without_a_phone_is_no_failure(rt: Runtime, person: UUID) -> None:
    other = await create_account(rt, SYSTEM, kind="resident", login="r2", name="李四")
    await tell(rt, "test.alarm", {"account": other})
    await send_due(rt)
    assert (await list_notices(rt, SYSTEM))[0].reason == "no_address"


async def test_secrets_are_sealed_and_wiped_once_they_are_out(rt: Runtime, person: UUID, gateway: SmsGateway) -> None:
    await tell(rt, "identity.reset_code", {"phone": "13912345678"}, params={"code": "424242"}, channel="sms")
    async with rt.db.transaction("owner") as db:
        before = await db.fetchrow("select m::text as text, sealed, address from notice.message m")
        assert before and "424242" not in before["text"] and b"13912345678" not in before["address"]
    await send_due(rt)
    assert "424242" in gateway.received[0]["text"]
    async with rt.db.transaction("owner") as db:
        after = await db.fetchrow("select sealed, address, body from notice.message")
    assert after and tuple(after) == (None, None, None)
    assert (await list_notices(rt, SYSTEM))[0].text is None


async def test_only_those_whom_the_policy_lets_read_the_list(rt: Runtime, person: UUID) -> None:
    for actor in (
        Actor("resident", id=person),
        Actor.anonymous(),
        Actor("staff", id=person, roles=frozenset({"handler"})),
    ):
        with pytest.raises(Refused):
            await list_notices(rt, actor)


HOURS = QuietHours(ZoneInfo("Asia/Shanghai"))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(ZoneInfo("Asia/Shanghai"))))
def test_quiet_hours_end_in_the_future_and_at_an_hour_that_is_not_quiet(moment: datetime) -> None:
    until = HOURS.until(moment)
    wall = moment.time()
    assert (until is not None) == (wall >= time(21, 30) or wall < time(7, 30))
    if until is not None:
        assert moment < until <= moment + timedelta(hours=10) and HOURS.until(until) is None
