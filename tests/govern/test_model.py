"""The rules of an incident, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.govern import model
from yiwang.govern.errors import NotInThisState, ReportInvalid
from yiwang.govern.report import read_report
from yiwang.govern.tracking import form_key_fits, new_form_key
from yiwang.kit.ids import new_id, normal_tracking_code, tracking_code_of

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def incident(**changes):
    values = dict.fromkeys(f.name for f in model.fields(model.Incident))
    values |= {
        "id": new_id(), "number": "20260302-00001", "type": "incident", "category": "road", "title": "t",
        "state": "opened",
        "org": 1, "parties": (), "opened_at": NOW, "opened_on": date(2026, 3, 2), "reopened": 0, "returned": 0,
        "supervised": 0, "version": 1, "result": "", "comment": "",
    }  # fmt: skip
    return model.Incident(**(values | changes))


@given(st.lists(st.sampled_from(model.STATES), max_size=12))
def test_no_path_leaves_a_final_state_except_by_reopening(path):
    one, was_final = incident(), False
    for state in path:
        try:
            changes = model.move(one, state)
        except NotInThisState:
            continue
        if was_final and changes:
            assert one.state == "closed"
            assert state == "accepted"
        one = one.changed(changes)
        was_final = not one.live


def test_every_state_can_be_reached_and_every_live_one_can_end():
    reachable, edge = {"opened"}, {"opened"}
    while edge:
        edge = {after for before in edge for after in model.FOLLOWS[before]} - reachable
        reachable |= edge
    assert reachable == set(model.STATES)
    for state in model.LIVE:
        assert model.FOLLOWS[state] & model.FINAL


def test_on_time_is_at_or_before_the_date_and_unknown_without_one():
    handling = incident(state="handling", due_at=NOW)
    assert model.closed(handling, NOW)["on_time"] is True
    assert model.closed(handling, NOW + timedelta(seconds=1))["on_time"] is False
    assert model.closed(incident(state="handling"), NOW)["on_time"] is None


def test_reopening_forgets_what_was_measured_about_the_end_but_not_the_first_end():
    done = incident(state="handling", due_at=NOW)
    done = done.changed(model.closed(done, NOW))
    again = done.changed(model.reopened(done, NOW + timedelta(days=1)))
    assert (again.state, again.closed_at, again.on_time, again.reopened, again.first_closed_at) == (
        "accepted", None, None, 1, NOW,
    )  # fmt: skip
    with pytest.raises(NotInThisState):
        model.reopened(again, None)


def test_whoever_took_part_keeps_sight():
    one = incident(parties=(5,))
    changes = model.handed_to(one, post=70, org=7, co_orgs=[8, 1])
    assert changes["parties"] == [5, 7, 8]
    assert changes["department"] == 7


@given(st.text(min_size=1, max_size=200).filter(lambda s: s.strip()))
def test_a_title_is_short_and_never_empty(text):
    title = model.title_from(text)
    assert 1 <= len(title) <= 40


def test_all_problems_of_a_report_are_told_at_once():
    with pytest.raises(ReportInvalid) as raised:
        read_report({"description": "", "lon": "east", "lat": "31", "phone": "123", "address": "x" * 300})
    assert {p.where for p in raised.value.problems} == {"description", "lon", "phone", "address"}


FIELDS = ["description", "title", "lon", "lat", "phone", "name", "area", "address", "anonymous"]
ANYTHING = st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none())


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_whatever_is_sent_is_a_report_or_a_list_of_problems(data):
    try:
        report = read_report(data)
    except ReportInvalid as error:
        assert error.problems
    else:
        assert report.description
        assert (report.lon is None) == (report.lat is None)


def test_an_anonymous_report_keeps_no_contact():
    report = read_report({"description": "有人乱停车", "anonymous": "on", "name": "李华", "phone": "13812345678"})
    assert not report.contact


@given(st.binary(min_size=7, max_size=40))
def test_a_derived_code_is_a_valid_code(seed):
    code = tracking_code_of(seed)
    assert normal_tracking_code(code) == code
    assert len(code) == 14


def test_form_keys():
    assert form_key_fits(new_form_key())
    assert not form_key_fits("short")
    assert not form_key_fits("x" * 30 + "'; drop")
