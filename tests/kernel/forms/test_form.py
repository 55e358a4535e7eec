"""What a form accepts, what it refuses, and what it says then in two languages."""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.forms import Form, FormInvalid
from yiwang.kernel.strings import Strings

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STRINGS = Strings.of_packages(["yiwang.kernel.forms"])


def field(zh: str, en: str, **schema: Any) -> dict[str, Any]:
    ui = {"title": {"zh": zh, "en": en}, **schema.pop("ui", {})}
    return {"type": "string", **schema, "x-ui": ui}


FORM: dict[str, Any] = {
    "type": "object",
    "required": ["title", "phone"],
    "properties": {
        "title": field("标题", "Title", maxLength=20),
        "story": field("经过", "What happened"),
        "phone": field("电话", "Telephone", format="phone", ui={"sensitive": "phone"}),
        "who": field("身份号码", "Identity number", format="id-number", ui={"sensitive": "id_number"}),
        "org": field("信用代码", "Credit code", format="uscc"),
        "kind": field(
            "类型", "Kind", enum=["light", "road"],
            ui={"options": {"light": {"zh": "路灯", "en": "Street light"}, "road": {"zh": "道路", "en": "Road"}}},
        ),
        "count": field("数量", "Number", type="integer", minimum=1, maximum=99),
        "cost": field("费用", "Cost", type="integer", format="money"),
        "place": field("位置", "Place", type="object", format="point", ui={"widget": "map"}),
        "start": field("开始", "Start", format="date"),
        "end": field("结束", "End", format="date"),
        "code": field("编号", "Code", pattern="^[A-Z]{2}[0-9]+$"),
        "urgent": field("紧急", "Urgent", type="boolean", default=False),
        "photos": field(
            "照片", "Photos", type="array", items={"type": "string", "format": "uuid"},
            ui={"widget": "file", "accept": ["image/jpeg", "image/png"], "max": 2, "max_bytes": 1000},
        ),
    },
    "x-ui": {"title": {"zh": "报事", "en": "Report"}, "order": ["phone", "title"]},
    "x-rules": [
        {
            "rule": "end >= start", "message": {"zh": "结束不能早于开始", "en": "The end is before the start"},
            "fields": ["end"],
        },
        {
            "rule": "start <= string(now)", "message": {"zh": "不能是将来", "en": "It cannot be in the future"},
            "fields": ["start"],
        },
    ],
}  # fmt: skip
GOOD = {"title": "路灯不亮", "phone": "13812345678"}


@pytest.fixture(scope="module")
def form() -> Form:
    return Form.load(FORM)


def refused(form: Form, **changes: Any) -> dict[str, str]:
    data = {**GOOD, **changes}
    with pytest.raises(FormInvalid) as caught:
        form.validate({k: v for k, v in data.items() if v is not ...}, now=NOW)
    return {p.where: p.key.removeprefix("forms.error.") for p in caught.value.problems}


def test_good_data_come_back_clean(form: Form) -> None:
    data = {
        **GOOD,
        "title": "  路灯\u200b不亮\r\n",
        "story": "",
        "phone": "１３８１２３４５６７８",
        "who": "11010519491231002x",
    }
    clean = form.validate(data, now=NOW)
    assert clean == {"title": "路灯不亮", "phone": "13812345678", "who": "11010519491231002X", "urgent": False}


@pytest.mark.parametrize(
    ("changes", "where", "rule"),
    [
        ({"title": ...}, "title", "missing"),
        ({"title": "   "}, "title", "missing"),
        ({"title": None}, "title", "missing"),
        ({"shoe": "42"}, "shoe", "extra"),
        ({"title": "长" * 21}, "title", "too_long"),
        ({"story": "长" * 4001}, "story", "too_long"),
        ({"title": 5}, "title", "wrong_type_string"),
        ({"count": "many"}, "count", "wrong_type_integer"),
        ({"count": True}, "count", "wrong_type_integer"),
        ({"count": 0}, "count", "too_small"),
        ({"count": 100}, "count", "too_large"),
        ({"kind": "shoe"}, "kind", "not_in_list"),
        ({"phone": "12345678901"}, "phone", "format_phone"),
        ({"who": "110105194912310021"}, "who", "format_id_number"),
        ({"org": "91320200MA1MK0X50A"}, "org", "format_uscc"),
        ({"cost": 10**15}, "cost", "format_money"),
        ({"cost": 1.5}, "cost", "wrong_type_integer"),
        ({"place": {"lon": 120.3}}, "place", "format_point"),
        ({"place": {"lon": 120.3, "lat": 95}}, "place", "format_point"),
        ({"start": "2026-02-30"}, "start", "format_date"),
        ({"code": "ab1"}, "code", "pattern"),
        ({"photos": ["x"]}, "photos.0", "format_uuid"),
        ({"photos": [f"0195f0e2-0000-7000-8000-00000000000{i}" for i in range(3)]}, "photos", "too_many"),
        ({"start": "2026-02-02", "end": "2026-02-01"}, "end", "rule"),
        ({"start": "2026-04-01"}, "start", "rule"),
    ],
)
def test_each_fault_is_found_where_it_is(form: Form, changes: dict[str, Any], where: str, rule: str) -> None:
    assert refused(form, **changes) == {where: rule}


def test_all_faults_are_told_at_once_in_the_order_of_the_form(form: Form) -> None:
    assert list(refused(form, title=..., kind="shoe", count=0, shoe="42")) == ["title", "kind", "count", "shoe"]


@pytest.mark.parametrize("bad", [None, [], "text", 5])
def test_what_is_no_object_is_refused(form: Form, bad: Any) -> None:
    with pytest.raises(FormInvalid):
        form.validate(bad, now=NOW)


def test_every_sentence_is_there_in_both_languages(form: Form) -> None:
    assert STRINGS.keys("zh") == STRINGS.keys("en")
    with pytest.raises(FormInvalid) as caught:
        form.validate({"phone": "x", "count": 0, "start": "2026-02-02", "end": "2026-02-01"}, now=NOW)
    said = {
        p.where: (STRINGS.t(p.key, "zh", **p.params), STRINGS.t(p.key, "en", **p.params)) for p in caught.value.problems
    }
    assert said["title"] == ("请填写“标题”。", "Please fill in “Title”.")
    assert said["count"] == ("“数量”不能小于1。", "“Number” cannot be less than 1.")
    assert said["end"] == ("结束不能早于开始", "The end is before the start")


def test_a_rule_over_an_absent_field_says_nothing(form: Form) -> None:
    assert form.validate({**GOOD, "end": "2026-02-01"}, now=NOW)["end"] == "2026-02-01"


def test_a_rule_about_the_present_needs_the_present(form: Form) -> None:
    with pytest.raises(ValueError, match="present time"):
        form.validate({**GOOD, "start": "2026-02-01"})


@dataclass
class Upload:
    type: str
    size: int


def test_files_are_judged_by_what_they_are(form: Form) -> None:
    one = "0195f0e2-0000-7000-8000-000000000001"
    data = {**GOOD, "photos": [one]}
    assert form.validate(data, now=NOW, files={one: Upload("image/png", 1000)})["photos"] == [one]
    for files, rule in (
        ({}, "file_missing"),
        ({one: Upload("text/html", 5)}, "file_type"),
        ({one: Upload("image/png", 1001)}, "file_too_large"),
    ):  # fmt: skip
        with pytest.raises(FormInvalid) as caught:
            form.validate(data, now=NOW, files=files)
        assert [p.key for p in caught.value.problems] == [f"forms.error.{rule}"]


def test_an_html_form_is_read_by_the_types_of_its_fields(form: Form) -> None:
    sent = {
        "title": ["路灯不亮"], "phone": ["13812345678"], "count": ["3"], "cost": ["12.50"], "urgent": ["on"],
        "place.lon": ["120.3"], "place.lat": ["31.5"], "story": [""], "photos": [""],
    }  # fmt: skip
    clean = form.validate(form.read(sent), now=NOW)
    assert (clean["count"], clean["cost"], clean["urgent"]) == (3, 1250, True)
    assert clean["place"] == {"lon": 120.3, "lat": 31.5}
    assert "photos" not in clean
    assert form.read({"cost": ["1.234"], "count": ["two"]})["cost"] == "1.234"


def test_the_page_gets_fields_in_order_with_their_widgets(form: Form) -> None:
    assert [f.name for f in form.fields][:3] == ["phone", "title", "story"]
    widgets = {f.name: f.widget for f in form.fields}
    assert widgets["story"] == "textarea"
    assert (widgets["phone"], widgets["kind"], widgets["place"]) == ("phone", "radio", "map")
    assert form.sensitive == {"phone": "phone", "who": "id_number"}
    assert len(form.sections) == 1


def test_a_pattern_cannot_be_made_to_run_for_ever() -> None:
    wicked = deepcopy(FORM)
    wicked["properties"]["code"]["pattern"] = "^(a+)+$"
    form = Form.load(wicked)
    started = time.perf_counter()
    assert refused(form, code="a" * 3999 + "b") == {"code": "pattern"}
    assert time.perf_counter() - started < 1


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20)


@given(st.dictionaries(st.text(max_size=10) | st.sampled_from(sorted(FORM["properties"])), PLAIN | st.lists(PLAIN)))
def test_whatever_is_sent_is_accepted_or_refused_with_a_place(data: dict[str, Any]) -> None:
    form = Form.load(FORM)
    try:
        clean = form.validate(data, now=NOW)
    except FormInvalid as error:
        assert error.problems
        assert all(STRINGS.has(p.key) for p in error.problems)
    else:
        assert set(clean) <= set(FORM["properties"])
