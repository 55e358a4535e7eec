"""Templates of messages: what a room may write, and what is refused with its file."""

from __future__ import annotations

import pytest

from yiwang.app import rooms
from yiwang.kernel.errors import Problem
from yiwang.kernel.notices.templates import read_packages, read_text

GOOD = """
[template."govern.accepted"]
title = { zh = "受理", en = "accepted" }
channels = ["inapp", "sms"]
params = ["number"]
optional = true
ttl = "2h"
zh = { subject = "已受理", text = "编号 {number}。" }
en = { subject = "Accepted", text = "Number {number}." }
"""


def test_a_good_template_is_filled_with_exactly_its_parameters() -> None:
    problems: list[Problem] = []
    (form,) = read_text(GOOD, "x.toml", problems)
    assert problems == [] and form.ttl.total_seconds() == 7200
    assert form.fill("zh", {"number": "A-1"}) == ("已受理", "编号 A-1。")
    assert form.fill("fr", {"number": "A-1"})[1] == "编号 A-1。"
    for wrong in ({}, {"number": 1, "more": 2}):
        with pytest.raises(ValueError, match="takes"):
            form.fill("zh", wrong)


def test_a_value_cannot_smuggle_lines_or_placeholders() -> None:
    (form,) = read_text(GOOD, "x.toml", [])
    assert form.fill("en", {"number": "1\r\nBcc: all@example.com {number.__class__}"})[1] == (
        "Number 1 Bcc: all@example.com {number.__class__}."
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{number}。", "{nummer}。", "undeclared"),
        ("编号 {number}。", "编号。", "never uses"),
        ('["inapp", "sms"]', '["fax"]', "channels"),
        ('"2h"', '"2 hours"', "ttl"),
        ("optional = true", "secret = true", "secret does not belong"),
        ("optional = true", "colour = true", "unknown field"),
        ('subject = "Accepted", ', "", "need a subject"),
        ("govern.accepted", "Accepted", "must be named"),
        ('{ zh = "受理", en = "accepted" }', '"accepted"', "needs title"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, complaint: str) -> None:
    problems: list[Problem] = []
    assert read_text(GOOD.replace(old, new), "room/notices/x.toml", problems) == []
    assert any(complaint in p.text for p in problems) and all(p.where == "room/notices/x.toml" for p in problems)


def test_all_templates_of_the_house_are_good() -> None:
    problems: list[Problem] = []
    found = read_packages([room.package for room in rooms()], problems)
    assert problems == [] and {"identity.reset_code", "identity.register_code"} <= {t.key for t in found}
