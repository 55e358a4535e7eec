"""A calendar.toml: seasons, exceptions, and what is wrong in a broken one."""

from datetime import UTC, date, datetime, time

import pytest

from yiwang.kernel.calendar import load_calendar
from yiwang.kernel.errors import Invalid

CITY = """
code = "x"
name = { zh = "某市", en = "X" }
government = { zh = "某市人民政府", en = "Government of X" }
country = "CN"
time_zone = "Asia/Shanghai"
locale = "zh"
prefix = "x"
centre = [120.0, 31.0]
"""
GOOD = """
country = "CN"
published = "chinesecalendar"
[[season]]
from = "05-01"
hours = [["08:00", "12:00"], ["14:00", "18:00"]]
[[season]]
from = "10-01"
hours = [["09:00", "17:00"]]
[[exception]]
date = 2026-03-03
working = false
"""


def write(folder, calendar):
    (folder / "city.toml").write_text(CITY, encoding="utf-8")
    (folder / "calendar.toml").write_text(calendar, encoding="utf-8")
    return folder


def test_seasons_change_the_hours_and_the_last_one_goes_on_over_new_year(tmp_path):
    calendar = load_calendar(write(tmp_path, GOOD))
    opening = {
        day: calendar.local(calendar.hours_on(day)[0][0]).time()
        for day in (date(2026, 1, 5), date(2026, 4, 30), date(2026, 5, 6), date(2026, 9, 30), date(2026, 10, 9))
    }
    assert list(opening.values()) == [time(9), time(9), time(8), time(8), time(9)]


def test_an_exception_of_the_city_wins(tmp_path):
    calendar = load_calendar(write(tmp_path, GOOD))
    assert not calendar.is_working_day(date(2026, 3, 3))
    due = calendar.add(datetime(2026, 3, 2, 2, tzinfo=UTC), "1wd")
    assert calendar.local(due).date() == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ('country = "CN"', "season"),
        ('country = "ZZ"\n[[season]]\nfrom = "01-01"\nhours = [["09:00", "17:00"]]', "ZZ"),
        ('country = "US"\nsubdivision = "Wuxi"\n[[season]]\nfrom = "01-01"\nhours = [["09:00", "17:00"]]', "Wuxi"),
        ('country = "CN"\npublished = "x"\n[[season]]\nfrom = "01-01"\nhours = [["09:00", "17:00"]]', "published"),
        ('country = "CN"\n[[season]]\nfrom = "13-01"\nhours = [["09:00", "17:00"]]', "month"),
        ('country = "CN"\n[[season]]\nfrom = "01-01"\nhours = [["17:00", "09:00"]]', "order"),
        ('country = "CN"\n[[season]]\nfrom = "01-01"\nhours = []', "order"),
        ("country = ", "calendar.toml"),
    ],
)
def test_a_broken_calendar_is_refused_and_names_its_fault(tmp_path, broken, named):
    with pytest.raises(Invalid, match=named):
        load_calendar(write(tmp_path, broken))
