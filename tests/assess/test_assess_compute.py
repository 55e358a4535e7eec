"""Numbers from questions: filters, half-open periods, what is not recorded, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assess.assess_kit import DAY, FIRST
from yiwang.assess.contract import Indicator, Question, all_boards, all_indicators, compute
from yiwang.assess.errors import NoSuchBreakdown, NoSuchIndicator
from yiwang.assess.view import BadPeriod, ordered, read_query

NAMES = ("opened", "closed", "closed-rate", "on-time-rate", "satisfied-rate", "supervised", "time-to-close")


async def answer(rt, *names, **asked):
    async with rt.read_as_system() as db:
        known = await all_indicators(db)
    return await compute(rt, Question(tuple(known[f"resident-requests/{n}"] for n in names), **asked), "en")


async def test_the_totals(city):
    total = (await answer(city, *NAMES)).total
    assert total == {
        "opened": 6, "closed": 3, "closed-rate": 50.0,
        "on-time-rate": 33.3,  # A in time, B late, C open past its date; D and E have no date, F is not due yet
        "satisfied-rate": 50.0, "supervised": 0, "time-to-close": 48.0,
    }  # fmt: skip


async def test_a_breakdown_adds_up_and_what_is_not_recorded_has_a_line(city):
    found = await answer(city, "opened", "closed", by="category")
    lines = {line.key: line.values["opened"] for line in found.lines}
    assert lines == {"road.light": 2, "road": 1, "environment.noise": 2, None: 1}
    assert sum(lines.values()) == found.total["opened"]
    assert [line.label for line in found.lines if line.key is None] == ["not recorded"]
    assert all(line.label != line.key for line in found.lines if line.key)  # names, not keys


async def test_a_number_with_nothing_under_it_is_not_recorded_and_not_zero(city):
    lines = {
        line.key: line.values for line in (await answer(city, "on-time-rate", "satisfied-rate", by="department")).lines
    }
    assert lines[None] == {"on-time-rate": None, "satisfied-rate": None}


async def test_a_period_is_half_open_and_filters_narrow(city):
    week = await answer(city, "opened", since=FIRST, until=FIRST + 7 * DAY)
    assert week.total["opened"] == 2
    assert (await answer(city, "opened", where={"district": "320206"})).total["opened"] == 2
    assert (await answer(city, "opened", where={"category": ""})).total["opened"] == 1  # not recorded
    assert (await answer(city, "opened", where={"category": "' or true --"})).total["opened"] == 0
    nothing = await answer(city, "opened", "closed-rate", since=FIRST - 9 * DAY, until=FIRST)
    assert nothing.total == {"opened": 0, "closed-rate": None}


async def test_weeks_begin_on_monday_of_the_city(city):
    lines = (await answer(city, "opened", by="week")).lines
    assert {line.key: line.values["opened"] for line in lines} == {"2026-01-05": 2, "2026-01-12": 3, "2026-02-09": 1}


async def test_an_unknown_dimension_or_source_is_refused(city):
    for asked in ({"by": "reporter"}, {"where": {"id; drop table govern.incident": "x"}}):
        with pytest.raises(NoSuchBreakdown):
            await answer(city, "opened", **asked)
    other = Indicator("p", "i", {}, {}, "no.such.source", "opened", None, "count", "higher", (), 0, None)
    with pytest.raises(NoSuchIndicator):
        await compute(city, Question((other,)))


async def test_boards_name_indicators_that_exist(city):
    async with city.read_as_system() as db:
        known, boards = await all_indicators(db), await all_boards(db)
    assert boards
    assert all(f"{board.package}/{name}" in known for board in boards for name in board.indicators)


def make(unit="percent", over="b", better="higher", target=90.0):
    return Indicator("p", "i", {}, {}, "s", "a", over, unit, better, (), 1, target)


@given(a=st.integers(0, 10**9), b=st.integers(0, 10**9))
def test_a_rate_is_never_computed_over_nothing(a, b):
    value = make().value({"a": a, "b": b})
    assert value is None if b == 0 else value == round(a / b * 100, 1)


def test_whether_a_target_is_reached():
    assert make().on_target(90.0) is True
    assert make(better="lower").on_target(90.1) is False
    assert make(better="neither").on_target(1.0) is None
    assert make().on_target(None) is None


def test_the_address_of_a_board():
    today = date(2026, 3, 2)
    asked = read_query({"by": "week", "period": "7d", "category": "road"}, ["week", "category"], None, today)
    assert (asked.by, asked.since, asked.until, asked.where) == (
        "week",
        today - timedelta(6),
        today,
        {"category": "road"},
    )
    assert read_query({"by": "reporter"}, ["week"], "week", today).by is None
    assert read_query({"category_missing": "1"}, ["category"], None, today).where == {"category": ""}
    question = asked.question([], ZoneInfo("Asia/Shanghai"))
    assert str(question.until) == "2026-03-03 00:00:00+08:00"
    for wrong in ({"from": "yesterday"}, {"from": "2026-03-02", "to": "2026-03-01"}):
        with pytest.raises(BadPeriod):
            read_query(wrong, [], None, today)


async def test_lines_stand_in_order(city):
    lines = (await answer(city, "opened", by="category")).lines
    assert [n.values["opened"] for n in ordered(lines, "category", "opened")] == [2, 2, 1, 1]
    assert ordered(lines, "category", "opened")[-1].key is None
