"""Settings, clocks, identifiers, strings: the small parts that everything stands on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.app import rooms
from yiwang.kernel.clock import MovableClock, SystemClock
from yiwang.kernel.errors import ClockSetBack, StartError
from yiwang.kernel.settings import Settings
from yiwang.kernel.strings import Strings
from yiwang.kit.ids import new_id, normal_tracking_code, tracking_code
from yiwang.messages.base import Event


def test_every_bad_setting_is_told_at_once():
    with pytest.raises(StartError) as caught:
        Settings.from_env({"YIWANG_PORT": "many", "YIWANG_DEMO": "perhaps", "YIWANG_TYPO": "1", "HOME": "/"})
    assert {p.where for p in caught.value.problems} == {"YIWANG_PORT", "YIWANG_DEMO", "YIWANG_TYPO"}


@pytest.mark.parametrize(
    ("env", "secure"),
    [
        ({}, False),
        ({"YIWANG_BASE_URL": "https://city.example"}, True),
        ({"YIWANG_BASE_URL": "http://city.example"}, False),
        ({"YIWANG_BASE_URL": "https://city.example", "YIWANG_SECURE_COOKIES": "no"}, False),
    ],
)
def test_cookies_are_secure_where_the_public_address_is(env, secure):
    assert Settings.from_env(env).secure_cookies is secure


def test_settings_are_read_from_the_environment():
    settings = Settings.from_env({"YIWANG_PORT": "8001", "YIWANG_DEMO": "yes", "YIWANG_CITY": "nyc"})
    assert (settings.port, settings.demo, settings.database_name) == (8001, True, "yiwang_nyc")


def test_a_movable_clock_goes_forwards_only():
    clock = MovableClock(datetime(2026, 3, 2, tzinfo=UTC))
    clock.advance(timedelta(days=1))
    with pytest.raises(ClockSetBack):
        clock.move_to(datetime(2026, 3, 2, tzinfo=UTC))
    assert clock.now() == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_machine_whose_clock_was_set_back_refuses_to_tell_the_time():
    clock = SystemClock()
    clock.not_before(datetime.now(UTC) + timedelta(minutes=10))
    with pytest.raises(ClockSetBack, match="behind"):
        clock.now()


def test_a_small_correction_of_the_clock_only_stands_still():
    clock = SystemClock()
    ahead = datetime.now(UTC) + timedelta(seconds=2)
    clock.not_before(ahead)
    assert clock.now() == ahead


def test_ids_are_version_7_and_grow():
    ids = [new_id() for _ in range(100)]
    assert all(i.version == 7 for i in ids)
    assert [i.int >> 80 for i in ids] == sorted(i.int >> 80 for i in ids)


_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(st.integers(0, 10**6), st.integers(0, 11), st.sampled_from(_SYMBOLS[2:]))
def test_a_tracking_code_with_one_wrong_symbol_is_recognised(seed, place, other):
    from random import Random
    from unittest.mock import patch

    with patch("yiwang.kit.ids.secrets.choice", Random(seed).choice):
        code = tracking_code()
    plain = code.replace("-", "")
    assert normal_tracking_code(plain.lower()) == code
    wrong = plain[:place] + other + plain[place + 1 :]
    # A check modulo 31 cannot tell Z from 0; every other single mistake is found.
    if wrong != plain and {plain[place], other} != {"0", "Z"}:
        assert normal_tracking_code(wrong) is None


def test_an_event_with_an_unknown_field_is_a_bug_at_construction():
    class Closed(Event):
        type = "cn.yiwang.test.closed.v1"
        a: int

    with pytest.raises(ValueError, match="b"):
        Closed(a=1, b=2)


def test_two_events_cannot_share_a_type():
    with pytest.raises(TypeError, match="twice"):
        type("Other", (Event,), {"type": "cn.yiwang.test.closed.v1", "__annotations__": {}, "__module__": "x"})


def test_chinese_and_english_have_the_same_strings():
    strings = Strings.of_packages([room.package for room in rooms()])
    assert strings.keys("zh") == strings.keys("en")


def test_a_missing_string_never_shows_its_code_name():
    assert Strings().t("no.such.key") == "—"
