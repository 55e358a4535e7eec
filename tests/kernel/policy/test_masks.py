"""Masking and obligations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.policy.masks import MASKS, apply_mask
from yiwang.kernel.policy.obligations import Duties, parse_duties, strictest
from yiwang.kernel.policy.ruling import Ruling
from yiwang.kernel.write import Actor, Decision, Obligations

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ALL = frozenset(MASKS)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "张三", "张*"),
        ("name", "张小明", "张*明"),
        ("name", "欧阳小明", "欧**明"),
        ("name", "张", "张*"),
        ("name", "John Smith", "J*** S****"),
        ("phone", "13812341234", "138****1234"),
        ("phone", "+86 138-1234-1234", "+86 138-****-1234"),
        ("phone", "82345678", "******78"),
        ("phone", "110", "***"),
        ("id_number", "320211199001011234", "320***********1234"),
        ("email", "zhang@example.cn", "z***@example.cn"),
        ("address", "滨湖区太湖街道建筑西路599号", "滨湖区太湖街***"),
        ("contact", "zhang@example.cn", "z***@example.cn"),
    ],
)
def test_what_may_still_be_seen(kind: str, value: str, shown: str) -> None:
    assert MASKS[kind](value) == shown


@given(st.text(min_size=6, max_size=40), st.sampled_from(sorted(MASKS)))
def test_a_mask_never_leaves_the_middle(text: str, kind: str) -> None:
    if kind in ("name", "id_number", "text", "point"):
        assert MASKS[kind](text) != text or not text.replace("*", "").strip() or len(text.split()) > 2


def test_masks_reach_nested_rows_and_leave_the_rest() -> None:
    row = {
        "title": "路灯不亮",
        "who": {"contact_name": "张小明", "phone": "13812341234"},
        "log": [{"phone": 13812341234}],
    }
    masked = apply_mask(row, frozenset({"phone"}))
    assert masked["who"] == {"contact_name": "张小明", "phone": "138****1234"}
    assert masked["log"] == [{"phone": "138****1234"}]
    assert masked["title"] == "路灯不亮"
    assert row["who"]["phone"] == "13812341234"  # type: ignore[index]


def test_several_duties_combine_to_the_strictest() -> None:
    one = parse_duties({"mask": "contact", "expires": "30d"})
    two = parse_duties({"mask": "id_number", "expires": "12h", "rows": "row.open == true"})
    both = strictest([one, Duties(), two])
    assert both.mask == {"phone", "email", "contact", "id_number"}
    assert both.expires == timedelta(hours=12)
    assert both.rows == ("row.open == true",)


@pytest.mark.parametrize(
    "notes", [{"mask": "shoes"}, {"expires": "soon"}, {"expires": "0d"}, {"rows": "row.("}, {"rows": ""}]
)
def test_a_wrong_obligation_is_refused(notes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="@"):
        parse_duties(notes)


def test_enforcing_drops_rows_and_masks_and_a_failing_condition_withholds() -> None:
    actor = Actor("staff", orgs=(7,))
    duty = Obligations(frozenset({"phone"}), ("row.org in actor.orgs",))
    ruling = Ruling(True, (), duty, actor=actor, at=NOW)
    rows = [{"org": 7, "phone": "13812341234"}, {"org": 8, "phone": "1"}, {"phone": "no org"}]
    assert ruling.enforce(rows) == [{"org": 7, "phone": "138****1234"}]


def test_a_refused_decision_shows_nothing() -> None:
    assert Ruling(False, actor=Actor("staff"), at=NOW).enforce([{"a": 1}]) == []
    assert Decision(False).enforce([{"a": 1}]) == []
    assert Decision(True, obligations=Obligations(frozenset({"phone"}))).enforce([{"a": 1}]) == []
    assert Decision(True).enforce([{"a": 1}]) == [{"a": 1}]
