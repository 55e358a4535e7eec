"""The pure parts: what people read, where links may lead, what is asked for and exists."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.app import rooms
from yiwang.kernel.strings import Strings
from yiwang.web import cookies, format
from yiwang.web.prefs import Prefs, local_path, preferred_language

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "yiwang" / "web"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(st.text(max_size=80))
def test_nobody_is_sent_elsewhere(path: str) -> None:
    result = local_path(path)
    assert result.startswith("/") and not result.startswith(("//", "/\\")) and "\n" not in result


TRICKS = ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", ""]


@pytest.mark.parametrize("path", TRICKS)
def test_known_tricks_lead_home(path: str) -> None:
    assert local_path(path) == "/"


@given(st.text(max_size=60))
def test_any_cookie_gives_preferences(text: str) -> None:
    prefs = Prefs.read(text)
    assert Prefs.read(prefs.dump()) == prefs


@given(st.text(max_size=200))
def test_any_flash_cookie_is_read_or_ignored(text: str) -> None:
    assert cookies.unpack(text) is None or text


def test_a_flash_message_comes_back() -> None:
    assert cookies.unpack(cookies.pack("a.b", "success", {"n": 3})) == ("a.b", "success", {"n": "3"})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,en;q=0.8", "zh"),
        ("en-US,zh;q=0.5", "en"),
        ("de,fr", "zh"),
        (None, "zh"),
        ("en;q=bad,zh", "zh"),
        ("en,zh", "en"),
    ],
)
def test_language_follows_the_browser_and_falls_back_to_chinese(header: str | None, language: str) -> None:
    assert preferred_language(header) == language


def test_times_are_the_citys_and_years_only_when_they_differ() -> None:
    assert format.moment(NOON, "zh", SHANGHAI, NOON) == "3月2日 12:00"
    assert format.moment(NOON, "en", SHANGHAI, NOON) == "2 Mar 12:00"
    assert format.moment(NOON, "zh", SHANGHAI, NOON + timedelta(days=400)) == "2026年3月2日 12:00"


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(seconds=20), "不到 1 分钟", "under 1 minute"),
        (timedelta(minutes=59), "59 分钟", "59 minutes"),
        (timedelta(hours=1), "1 小时", "1 hour"),
        (timedelta(hours=47), "47 小时", "47 hours"),
        (timedelta(days=2), "2 天", "2 days"),
    ],
)
def test_spans_have_one_sensible_unit(length: timedelta, zh: str, en: str) -> None:
    assert (format.span(length, "zh"), format.span(-length, "en")) == (zh, en)


def test_numbers_are_grouped_without_idle_zeros() -> None:
    assert [format.number(n) for n in (1284, 95.20, 3.0, 0)] == ["1,284", "95.2", "3", "0"]
    assert format.percent(1, 0) == "—"


def templates() -> list[Path]:
    return sorted((ROOT / "src" / "yiwang").glob("**/templates/**/*.html"))


def test_every_sentence_that_a_template_names_exists_in_both_languages() -> None:
    strings = Strings.of_packages(room.package for room in rooms())
    for path in templates():
        for key in re.findall(r"\bt\(\s*['\"]([a-z0-9_.-]+)['\"]\s*[,)]", path.read_text("utf-8")):
            for locale in ("zh", "en"):
                assert key in strings.keys(locale), f"{path.relative_to(ROOT)}: {key} ({locale})"


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    known = set((ROOT / "frontend" / "icons.txt").read_text().split())
    for path in templates():
        text = path.read_text("utf-8")
        named = re.findall(r"(?:\bicon|ui\.blank)\(\s*['\"]([a-z0-9-]+)['\"]", text)
        assert set(named) <= known, f"{path.relative_to(ROOT)}: {set(named) - known} (add it to frontend/icons.txt)"
    for room in rooms():
        for entry in room.menu:
            assert not entry.icon or entry.icon in known, f"menu {entry.key}: icon {entry.icon}"


def test_templates_carry_no_inline_script_and_no_handler() -> None:
    for path in templates():
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text), path
        assert not re.search(r"\s(onclick|onchange|onsubmit|onload|hx-on[a-z:-]*)=", text), path


def test_every_posted_form_carries_its_token() -> None:
    for path in templates():
        text = path.read_text("utf-8")
        carriers = [r"csrf\(\)"]  # itself, or a macro of the same file that brings it
        for name, body in re.findall(r"{% macro (\w+)\(.*?%}(.*?){% endmacro %}", text, re.S):
            if "csrf()" in body:
                carriers.append(rf"\b{name}\(")
        for form in re.findall(r"<form[^>]*method=[\"']post[\"'].*?</form>", text, re.S | re.I):
            assert re.search("|".join(carriers), form), f"{path.relative_to(ROOT)}: a POST form without csrf()"
