"""The public pages without script, and the desk's page of an incident, over HTTP with the real package installed."""

from __future__ import annotations

import html as html_
import io
import re
from datetime import timedelta

import pytest_asyncio
from PIL import Image

from tests.govern.conftest import HEHUI
from tests.govern.kit import browser, hidden, person, sign_in, with_package

FORM = {"description": "楼下的路灯坏了三天", "street": "320211001", "community": HEHUI, "category": "road.light"}


@pytest_asyncio.fixture
async def city(rt, wuxi):
    await with_package(rt)
    return wuxi


def photo(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


async def send(http, files=None, **fields):
    page = (await http.get("/report")).text
    data = {"_csrf": hidden(page, "_csrf"), "key": hidden(page, "key"), **FORM, **fields}
    return data, await http.post("/report", data=data, files=files)


async def test_a_visitor_reports_with_a_photo_and_follows_the_code(rt, city):
    async with browser(rt) as http:
        _, answer = await send(
            http, files=[("photos", ("灯.jpg", photo(), "image/jpeg"))], phone="13812345678", name="李华"
        )
        assert answer.status_code == 303
        receipt = (await http.get(answer.headers["location"])).text
        code = re.search(r"<output[^>]*>([0-9A-Z-]{14})</output>", receipt)[1]
        page = (await http.get("/track", params={"code": code.lower()})).text
    assert "楼下的路灯坏了三天" in page
    assert "待受理" in page
    assert "1 张" in page
    assert "13812345678" not in page
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from process.attachment") == 1
        assert await db.fetchval("select count(*) from process.task where live and step = 'accept'") == 1


async def test_sent_twice_is_one_report_and_one_receipt(rt, city):
    async with browser(rt) as http:
        data, first = await send(http)
        again = await http.post("/report", data=data)
    assert first.headers["location"] == again.headers["location"]
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from govern.incident") == 1


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(rt, city):
    async with browser(rt) as http:
        _, answer = await send(
            http, files=[("photos", ("a.jpg", photo(), "image/jpeg"))], description="", phone="12", address="惠河路12号"
        )
        assert answer.status_code == 422
        text = answer.text
        assert "请写明您遇到的问题" in text
        assert "这个号码不像手机号码" in text
        assert 'value="惠河路12号"' in text
        assert f'value="{HEHUI}" selected' in text
        kept = html_.unescape(hidden(text, "kept"))
        data = {**FORM, "_csrf": hidden(text, "_csrf"), "key": hidden(text, "key"), "kept": kept}
        assert (await http.post("/report", data=data)).status_code == 303
        forged = {**data, "key": hidden((await http.get("/report")).text, "key"), "kept": kept[:-1] + "0"}
        assert (await http.post("/report", data=forged)).status_code == 303
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from process.attachment") == 1


async def test_a_forged_photo_is_refused_by_name(rt, city):
    async with browser(rt) as http:
        _, answer = await send(http, files=[("photos", ("灯.jpg", b"MZ this is a program", "image/jpeg"))])
    assert answer.status_code == 422
    assert "灯.jpg" in answer.text


async def test_a_place_outside_the_city_is_refused_and_a_street_is_chosen_without_script(rt, city):
    async with browser(rt) as http:
        _, answer = await send(http, lon="116.4", lat="39.9")
        assert answer.status_code == 422
        assert "不在本市" in answer.text
        _, step = await send(http, step="place", community="")
        assert step.status_code == 200
        assert f'<option value="{HEHUI}"' in step.text


async def test_a_script_that_fills_every_field_gets_nowhere(rt, city):
    async with browser(rt) as http:
        _, answer = await send(http, website="http://spam.example")
        assert answer.status_code == 422
        assert (await http.post("/report", data=FORM)).status_code in (401, 403)  # no token
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count(*) from govern.incident") == 0


async def test_one_address_cannot_flood_the_city(rt, city, monkeypatch):
    monkeypatch.setattr("yiwang.govern.throttle.PER_ADDRESS", 2)
    async with browser(rt) as http:
        codes = [(await send(http))[1].status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    async with browser(rt, address="10.9.9.9") as other:
        assert (await send(other))[1].status_code == 303
    rt.clock.advance(timedelta(minutes=11))
    async with browser(rt) as http:
        assert (await send(http))[1].status_code == 303


async def test_a_resident_withdraws_under_their_account_and_nobody_else_reads_it(rt, city):
    await person(rt, "li.hua", kind="resident", name="李华")
    await person(rt, "han.mei", kind="resident", name="韩梅")
    async with browser(rt) as http, browser(rt) as other:
        await sign_in(http, "li.hua")
        await send(http)
        listed = (await http.get("/my/reports")).text
        address = re.search(r"/my/reports/[0-9a-f-]{36}", listed)[0]
        await sign_in(other, "han.mei")
        assert (await other.get(address)).status_code == 404
        page = (await http.get(address)).text
        done = await http.post(f"{address}/withdraw", data={"_csrf": hidden(page, "_csrf"), "reason": "已经好了"})
        assert done.status_code == 303
        after = (await http.get(address)).text
    assert "已撤回" in after
    async with rt.read_as_system() as db:
        assert await db.fetchval("select state from process.instance") == "done"


async def test_intake_and_handler_work_on_their_pages(rt, city):
    await person(rt, "shen", name="沈佳怡", post=city.post_for("320200/12345", "intake").id)
    await person(rt, "wu", name="吴文斌", post=city.post_for("320200/shizheng", "handler").id)
    async with browser(rt) as visitor, browser(rt) as intake, browser(rt) as handler:
        await send(visitor, files=[("photos", ("灯.jpg", photo(), "image/jpeg"))], phone="13812345678")
        await sign_in(intake, "shen")
        await sign_in(handler, "wu")
        listed = (await intake.get("/incidents")).text
        address = re.search(r"/incidents/[0-9a-f-]{36}", listed)[0]
        assert "楼下的路灯坏了三天" not in (await handler.get("/incidents")).text
        page = (await intake.get(address)).text
        assert "138****5678" in page
        fields = {n: hidden(page, n) for n in ("_csrf", "_task", "_version")}
        empty = await intake.post(f"{address}/complete", data=fields)
        assert empty.status_code == 422
        done = await intake.post(
            f"{address}/complete", data=fields | {"decision": "accept", "category": "road.light", "title": "路灯不亮"}
        )
        assert done.status_code == 303, done.text[-800:]
        stale = await intake.post(f"{address}/complete", data=fields | {"decision": "accept"})
        assert stale.status_code == 409
        assert "沈佳怡" in stale.text  # who did it
        page = (await handler.get(address)).text
        assert "我的任务：办理" in page
        assert "办理中" in page
        picture = re.search(rf"{address}/files/[0-9a-f-]{{36}}", page)[0]  # also whoever came in later sees the photo
        assert (await handler.get(picture)).headers["content-type"] == "image/jpeg"
        assert (await visitor.get(picture)).status_code in (303, 401)
        contact = await intake.post(f"{address}/contact", data={"_csrf": fields["_csrf"], "purpose": "核实地点"})
        assert "+8613812345678" in contact.text
        diagram = await handler.get(f"{address}/process.bpmn")
        assert diagram.headers["content-type"].startswith("application/xml")


async def test_the_export_is_audited_and_runs_no_formula(rt, city):
    await person(rt, "shen", post=city.post_for("320200/12345", "intake").id)
    async with browser(rt) as visitor, browser(rt) as intake:
        await send(visitor, description="=HYPERLINK(1) 路灯坏了")
        await sign_in(intake, "shen")
        answer = await intake.get("/incidents/export.csv")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("编号,事件")
    assert ",'=HYPERLINK(1)" in text
    async with rt.read_as_system() as db:
        assert await db.fetchval("select count from audit.entry where action = 'incident.export'") == 1


async def test_no_page_of_a_resident_shows_a_code_name_or_an_english_word(rt, city):
    async with browser(rt) as http:
        _, answer = await send(http)
        receipt = (await http.get(answer.headers["location"])).text
        code = re.search(r"<output[^>]*>([0-9A-Z-]{14})</output>", receipt)[1]
        pages = [receipt] + [
            (await http.get(path)).text
            for path in ("/report", "/track", f"/track?code={code}", "/services", "/services/report-a-problem", "/")
        ]
    for page in pages:
        body = re.sub(r"<(script|style|svg|noscript)\b.*?</\1>", " ", page, flags=re.S)
        seen = html_.unescape(re.sub(r"<[^>]+>", " ", body))
        words = set(re.findall(r"[A-Za-z]{3,}", seen.replace(code, "")))
        # The switch of languages names itself in the other language.
        assert not words - {"JPG", "PNG", "WebP", "English", "Language"}, words
        assert "—" not in seen.replace("——", "")
