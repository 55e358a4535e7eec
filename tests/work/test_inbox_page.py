"""The inbox as people see it: without script, in both languages, empty, late, with wrong filters."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.work.work_kit import report

ROW = re.compile(r"<tr( data-late)?>")


async def test_late_tasks_are_marked_and_counted(city, staff, open_browser):
    await report(city)
    city.clock.advance(timedelta(hours=7))
    await report(city, "人民路路面塌陷，影响通行")
    desk = await open_browser(staff.intake)
    html = (await desk.get("/work/inbox")).text
    assert html.count("<tr data-late>") == 1
    assert "超期" in html and "中山路路灯不亮" in html and "河埒街道" in html
    assert re.search(r'class="bad"><dt>超期</dt><dd class="num"><a [^>]*>1<', html)


async def test_both_languages_are_complete(city, staff, open_browser):
    await report(city)
    english = await open_browser(staff.intake, "en")
    await english.get("/prefs?lang=en&back=/status")
    html = (await english.get("/work/inbox")).text
    assert "Inbox" in html and "Accept and classify" in html and "Overdue" in html and "—" not in html
    assert "待办" not in html and "超期" not in html


async def test_an_empty_desk_and_a_filter_without_result_say_so(city, staff, open_browser):
    desk = await open_browser(staff.intake)
    assert "都办完了" in (await desk.get("/work/inbox")).text
    await report(city)
    html = (await desk.get("/work/inbox?q=没有这种事")).text
    assert "没有符合条件的任务" in html and "清除筛选" in html


async def test_a_filter_that_cannot_be_read_is_named_and_left_out(city, staff, open_browser):
    await report(city)
    desk = await open_browser(staff.intake)
    answer = await desk.get("/work/inbox?due=soon")
    assert answer.status_code == 422
    assert "到期日不晚于" in answer.text and "中山路路灯不亮" in answer.text
    assert (await desk.get("/work/inbox?q=%EF%BC%81%EF%BC%9F")).status_code == 422  # only punctuation


async def test_somebody_with_several_posts_chooses_between_their_desks(city, staff, open_browser):
    from tests.work.work_kit import hire

    both = await hire(city, "both", staff.posts.intake, staff.posts.dispatcher, name="顾全")
    await report(city)
    desk = await open_browser(both)
    html = (await desk.get("/work/inbox")).text
    assert "我的全部岗位" in html and "中山路路灯不亮" in html
    assert "中山路路灯不亮" not in (await desk.get(f"/work/inbox?desk={staff.posts.dispatcher}")).text
    assert "中山路路灯不亮" in (await desk.get(f"/work/inbox?desk={staff.posts.intake}")).text


async def test_the_line_of_news_appears_when_something_has_come(city, staff, open_browser):
    await report(city)
    desk = await open_browser(staff.intake)
    quiet = await desk.get("/work/inbox/news?todo=1", headers={"hx-request": "true"})
    assert quiet.text.strip() == ""
    await report(city, "人民路路面塌陷，影响通行")
    assert "1" in (await desk.get("/work/inbox/news?todo=1", headers={"hx-request": "true"})).text


async def test_a_list_longer_than_a_page_is_followed_by_links(city, staff, open_browser):
    for number in range(5):
        await report(city, f"第{number}盏路灯不亮，晚上很黑")
    desk = await open_browser(staff.intake)
    html = (await desk.get("/work/inbox?limit=2")).text
    seen = re.findall(r"第\d盏", html)
    while found := re.search(r'rel="next" href="([^"]+)"', html):
        html = (await desk.get(found.group(1).replace("&amp;", "&"))).text
        seen += re.findall(r"第\d盏", html)
    assert len({*seen}) == 5
