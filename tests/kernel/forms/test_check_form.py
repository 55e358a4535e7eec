"""A wrong form is refused with the place of each fault."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.kernel.forms.test_form import FORM, field
from yiwang.kernel.forms import Form, NotAForm, check_form


def test_a_good_form_has_no_problem() -> None:
    assert check_form(FORM, "forms/a.json") == []


def changed(path: str, value: Any) -> dict[str, Any]:
    form = deepcopy(FORM)
    at: Any = form
    *steps, last = path.split("/")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return form


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        ("properties/title/maxlength", 5, "#/properties/title", "maxlength"),
        ("properties/title/x-ui/widgit", "text", "#/properties/title/x-ui", "widgit"),
        ("properties/title/x-ui/widget", "txt", "#/properties/title/x-ui/widget", "'txt'"),
        ("properties/title/x-ui/title/en", ..., "#/properties/title/x-ui/title", "'en'"),
        ("properties/title/x-ui", ..., "#/properties/title", "x-ui"),
        ("properties/title/maxLength", 30000, "#/properties/title/maxLength", "20000"),
        ("properties/title/$ref", "#/x", "#/properties/title", "$ref"),
        ("properties/Title", field("a", "b"), "#/properties", "Title"),
        ("properties/title/format", "money", "#/properties/title/format", "'integer'"),
        ("properties/title/minimum", 5, "#/properties/title/minimum", "no meaning"),
        ("properties/title/minLength", 25, "#/properties/title/minLength", "greater"),
        ("properties/urgent/default", "no", "#/properties/urgent/default", "default"),
        ("properties/code/pattern", "(?=a)b", "#/properties/code/pattern", "pattern"),
        ("properties/kind/x-ui/options/road", ..., "#/properties/kind/x-ui/options", "'road'"),
        ("properties/kind/x-ui/options/shoe", {"zh": "鞋", "en": "Shoe"}, "#/properties/kind/x-ui/options", "'shoe'"),
        ("properties/photos/x-ui/accept", ..., "#/properties/photos/x-ui", "'accept'"),
        ("properties/title/x-ui/max", 3, "#/properties/title/x-ui", "file"),
        ("properties/place/x-ui/widget", "date", "#/properties/place/x-ui/widget", "'date'"),
        ("required", ["shoe"], "#/required", "'shoe'"),
        ("x-ui/order", ["shoe"], "#/x-ui/order", "'shoe'"),
        ("x-ui/sections", [{"title": {"zh": "一", "en": "One"}, "fields": ["title"]}], "#/x-ui/sections", "'phone'"),
        ("dependentRequired", {"title": ["shoe"]}, "#/dependentRequired", "'shoe'"),
        ("x-rules/0/rule", "shoe > 5", "#/x-rules/0/rule", "shoe"),
        ("x-rules/0/rule", "end >= ", "#/x-rules/0/rule", ""),
        ("x-rules/0/fields", ["shoe"], "#/x-rules/0/fields", "'shoe'"),
        ("x-rulez", [], "#/", "x-rulez"),
    ],
)
def test_each_fault_is_named_with_its_place(path: str, value: Any, place: str, says: str) -> None:
    found = [str(p) for p in check_form(changed(path, value), "forms/a.json")]
    assert any(one.startswith(f"forms/a.json{place}") and says in one for one in found), found


@pytest.mark.parametrize("nothing", [None, [], 5, "form", {}])
def test_what_is_no_form_at_all_is_refused(nothing: Any) -> None:
    assert check_form(nothing, "a.json")
    with pytest.raises(NotAForm):
        Form.load(nothing)


def test_too_many_and_too_deep_fields_are_refused() -> None:
    many = deepcopy(FORM)
    inner = {f"f{i}": field("项", "Item") for i in range(150)}
    many["properties"]["more"] = field("更多", "More", type="object", properties=inner)
    many["properties"]["else"] = field("其他", "Else", type="object", properties=inner)
    assert any("more than 200" in str(p) for p in check_form(many, "a.json"))
    deep = deepcopy(FORM)
    for _ in range(4):
        deep["properties"] = {"in": field("内", "In", type="object", properties=deep["properties"])}
    deep["required"] = deep["x-ui"]["order"] = deep["x-rules"] = []
    assert any("deeper than 3" in str(p) for p in check_form(deep, "a.json"))
