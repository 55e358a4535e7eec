"""Working time: known dates of Wuxi and New York, and laws that hold for every moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.calendar import OutOfCalendar, Span, SpanInvalid, Unit, UnknownCity, city_folder, load_calendar
from yiwang.kernel.errors import Invalid

WUXI = load_calendar(city_folder("320200"))
NEW_YORK = load_calendar(city_folder("nyc"))
BEIJING, EASTERN = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")

calendars = st.sampled_from([WUXI, NEW_YORK])
# Two years with the edges that matter: 调休 weekends, changes of daylight saving time, published and provisional years.
moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
minutes = st.integers(1, 60 * 24 * 30)


def wuxi(*parts):
    return datetime(*parts, tzinfo=BEIJING)


def new_york(*parts):
    return datetime(*parts, tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 4), True),  # Sunday worked for the day off of 2 January
        (date(2026, 1, 2), False),
        (date(2026, 2, 14), True),  # Saturday worked for the Spring Festival
        (date(2026, 2, 20), False),
        (date(2026, 2, 28), True),
        (date(2026, 5, 9), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 3, 2), True),
    ],
)
def test_the_published_arrangement_of_2026_is_followed(day, working):
    assert WUXI.is_working_day(day) is working
    assert not WUXI.provisional(2026)


def test_an_unpublished_year_is_computed_and_provisional():
    assert WUXI.provisional(2031)
    assert not WUXI.is_working_day(date(2031, 10, 1))
    assert not WUXI.is_working_day(date(2031, 1, 23))  # Spring Festival
    assert WUXI.is_working_day(date(2031, 3, 3))
    assert not NEW_YORK.provisional(2031)


def test_new_york_observes_its_holidays():
    assert not NEW_YORK.is_working_day(date(2026, 7, 3))  # Independence Day falls on a Saturday
    assert not NEW_YORK.is_working_day(date(2026, 11, 26))
    assert NEW_YORK.is_working_day(date(2026, 10, 1))
    assert not NEW_YORK.is_working_day(date(2021, 12, 31))  # New Year's Day of a Saturday, observed the year before


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        (wuxi(2026, 3, 2, 9), "2wd", wuxi(2026, 3, 4, 17, 30)),
        (wuxi(2026, 3, 6, 16), "1wd", wuxi(2026, 3, 9, 17, 30)),  # over a weekend
        (wuxi(2026, 2, 13, 9), "1wd", wuxi(2026, 2, 14, 17, 30)),  # a working Saturday counts
        (wuxi(2026, 2, 14, 9), "1wd", wuxi(2026, 2, 24, 17, 30)),  # the Spring Festival does not
        (wuxi(2025, 12, 31, 9), "1wd", wuxi(2026, 1, 4, 17, 30)),  # over the end of the year
        (wuxi(2026, 3, 2, 11), "2wh", wuxi(2026, 3, 2, 14, 30)),  # over lunch
        (wuxi(2026, 3, 2, 16, 30), "1wh", wuxi(2026, 3, 2, 17, 30)),  # closing time, not the next morning
        (wuxi(2026, 3, 1, 3), "1wh", wuxi(2026, 3, 2, 9, 30)),  # from a Sunday night
        (wuxi(2026, 3, 2, 23), "30m", wuxi(2026, 3, 2, 23, 30)),
        (wuxi(2026, 3, 2, 23), "3d", wuxi(2026, 3, 5, 23)),
        (new_york(2026, 3, 6, 16), "2wh", new_york(2026, 3, 9, 10)),  # the clocks went forward on the Sunday between
        (new_york(2026, 3, 7, 12), "1d", new_york(2026, 3, 8, 12)),  # a day of 23 hours
        (new_york(2026, 3, 7, 12), "24h", new_york(2026, 3, 8, 13)),
        (new_york(2026, 10, 30, 12), "3d", new_york(2026, 11, 2, 12)),  # back again
    ],
)
def test_deadlines(start, span, due):
    calendar = WUXI if start.tzinfo is BEIJING else NEW_YORK
    assert calendar.add(start, span) == due


@settings(max_examples=300)
@given(calendars, moments, minutes)
def test_time_between_undoes_adding(calendar, start, amount):
    due = calendar.add(start, Span(amount, Unit.WORKING_MINUTES))
    assert calendar.minutes_between(start, due) == amount
    assert calendar.minutes_between(due, start) == -amount


@settings(max_examples=300)
@given(calendars, moments, moments, st.sampled_from(list(Unit)), st.integers(0, 40))
def test_adding_is_monotone(calendar, one, other, unit, amount):
    first, second = sorted((one, other))
    assert calendar.add(first, Span(amount, unit)) <= calendar.add(second, Span(amount, unit))
    assert calendar.add(first, Span(amount, unit)) <= calendar.add(first, Span(amount + 1, unit))


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(calendar, a, b, c):
    assert calendar.working_time(a, b) + calendar.working_time(b, c) == calendar.working_time(a, c)


@given(calendars, moments, st.integers(1, 20))
def test_working_days_count_as_the_days_themselves(calendar, start, amount):
    due = calendar.local(calendar.add(start, Span(amount, Unit.WORKING_DAYS)))
    assert calendar.is_working_day(due.date())
    assert calendar.working_days_between(calendar.local(start).date(), due.date()) == amount


@given(calendars, moments, st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 20000))
def test_a_pause_leaves_what_was_left(calendar, start, amount, before_pause, pause):
    due = calendar.add(start, Span(amount, Unit.WORKING_MINUTES))
    paused = start + timedelta(minutes=before_pause)
    resumed = paused + timedelta(minutes=pause)
    new = calendar.resume(due, paused, resumed)
    assert new >= due
    if due <= paused:
        assert new == due
    else:
        assert calendar.working_time(resumed, new) == calendar.working_time(paused, due)


def test_a_pause_of_an_elapsed_deadline_moves_it_by_its_length():
    due, paused, resumed = wuxi(2026, 3, 3, 9), wuxi(2026, 3, 2, 9), wuxi(2026, 3, 8, 10)
    assert WUXI.resume(due, paused, resumed, working=False) == wuxi(2026, 3, 9, 10)
    with pytest.raises(Invalid):
        WUXI.resume(due, resumed, paused)


def test_office_hours():
    assert WUXI.is_open(wuxi(2026, 3, 2, 8, 30))
    assert not WUXI.is_open(wuxi(2026, 3, 2, 12, 0))
    assert not WUXI.is_open(wuxi(2026, 3, 1, 9, 0))
    assert len(WUXI.hours_on(date(2026, 3, 2))) == 2


def test_a_moment_without_zone_and_a_far_year_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        WUXI.add(datetime(2026, 3, 2), "2wd")
    with pytest.raises(OutOfCalendar):
        WUXI.add(datetime(2026, 3, 2, tzinfo=UTC), "100000wd")
    with pytest.raises(OutOfCalendar):
        WUXI.minutes_between(datetime(1900, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


@given(st.integers(0, 100_000), st.sampled_from(list(Unit)))
def test_a_span_reads_back(amount, unit):
    assert Span.parse(str(Span(amount, unit))) == Span(amount, unit)


def test_spans_of_stories():
    assert Span.parse("2 working days") == Span(2, Unit.WORKING_DAYS)
    assert Span.parse("1 hour") == Span(1, Unit.HOURS)


@pytest.mark.parametrize("text", ["", "2", "wd", "-1d", "1.5h", "2 wds x", "2y", "1000000m", "٣d", "2wd" * 50])
def test_what_is_no_span_is_refused(text):
    with pytest.raises(SpanInvalid):
        Span.parse(text)


@pytest.mark.parametrize("code", ["nowhere", "../320200", ""])
def test_an_unknown_city_is_refused_and_the_known_are_named(code):
    with pytest.raises(UnknownCity, match="320200, nyc"):
        city_folder(code)
