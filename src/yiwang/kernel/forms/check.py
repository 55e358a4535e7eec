"""Is this a form? Everything wrong with one, for the package validator; used before a form is ever loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from yiwang.kernel.cel import CelError
from yiwang.kernel.errors import Problem
from yiwang.kernel.forms.formats import TYPE_OF
from yiwang.kernel.forms.rules import compile_rule
from yiwang.kernel.forms.validator import pattern_of

MAX_FIELDS = 200
MAX_DEPTH = 3
#: The JSON type that a widget can show; those not named take any.
_WIDGET_TYPES = {
    "text": {"string"},
    "textarea": {"string"},
    "number": {"integer", "number"},
    "money": {"integer"},
    "checkbox": {"boolean"},
    "checkboxes": {"array"},
    "date": {"string"},
    "time": {"string"},
    "datetime": {"string"},
    "phone": {"string"},
    "email": {"string"},
    "id-number": {"string"},
    "map": {"object"},
    "file": {"array"},
    "rating": {"integer"},
}


def check_form(form: Any, file: str) -> list[Problem]:
    """Every problem of a form, as ``file#/pointer``; empty when it can be loaded."""
    shape = [_of_meta(error, file) for error in _meta().iter_errors(form)]
    if shape:
        return shape
    problems = list(_check_object(form, file, "", 1))
    if (count := _count(form)) > MAX_FIELDS:
        problems.append(_problem(file, "/properties", f"{count} fields are more than {MAX_FIELDS}"))
    problems += _check_layout(form, file)
    problems += _check_rules(form, file)
    return problems


@lru_cache(maxsize=1)
def _meta() -> Any:
    text = (files("yiwang.kernel.forms") / "form.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _of_meta(error: Any, file: str) -> Problem:
    deepest = best_match([error]) or error
    return _problem(file, "/" + "/".join(map(str, deepest.absolute_path)), deepest.message[:300])


def _problem(file: str, pointer: str, text: str) -> Problem:
    return Problem(f"{file}#{pointer}", "forms.problem", {"text": text}, "forms", text)


def _count(schema: Mapping[str, Any]) -> int:
    inner = schema.get("properties", {})
    return len(inner) + sum(_count(field) + _count(field.get("items", {})) for field in inner.values())


def _check_object(schema: Mapping[str, Any], file: str, at: str, depth: int) -> Iterator[Problem]:
    fields = schema.get("properties", {})
    if depth > MAX_DEPTH:
        yield _problem(file, at, f"fields are nested deeper than {MAX_DEPTH} levels")
        return
    for name in schema.get("required", ()):
        if name not in fields:
            yield _problem(file, f"{at}/required", f"requires {name!r}, which is no field")
    for name, field in fields.items():
        yield from _check_field(field, file, f"{at}/properties/{name}", depth)


def _check_field(field: Mapping[str, Any], file: str, at: str, depth: int) -> Iterator[Problem]:
    yield from _check_type(field, file, at)
    yield from _check_widget(field, file, at)
    if "pattern" in field:
        try:
            pattern_of(field["pattern"])
        except ValueError as error:
            yield _problem(file, f"{at}/pattern", str(error))
    if field.get("type") == "object":
        yield from _check_object(field, file, at, depth + 1)
    elif field.get("type") == "array" and "items" in field:
        yield from _check_field(field["items"], file, f"{at}/items", depth + 1)


def _check_type(field: Mapping[str, Any], file: str, at: str) -> Iterator[Problem]:
    kind, form = field["type"], field.get("format")
    if form and TYPE_OF.get(form, "string") != kind:
        yield _problem(file, f"{at}/format", f"format {form!r} belongs to the type {TYPE_OF.get(form, 'string')!r}")
    for keyword, kinds in _KEYWORDS.items():
        if keyword in field and kind not in kinds:
            yield _problem(file, f"{at}/{keyword}", f"{keyword} has no meaning for the type {kind!r}")
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in field and high in field and field[low] > field[high]:
            yield _problem(file, f"{at}/{low}", f"{low} is greater than {high}")
    if "default" in field and not Draft202012Validator({k: v for k, v in field.items() if k != "x-ui"}).is_valid(
        field["default"]
    ):
        yield _problem(file, f"{at}/default", "the default does not fit the field")


_KEYWORDS = {
    **{key: {"string"} for key in ("minLength", "maxLength", "pattern")},
    **{
        key: {"integer", "number"}
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    },
    **{key: {"array"} for key in ("items", "minItems", "maxItems", "uniqueItems")},
    **{key: {"object"} for key in ("properties", "required")},
}


def _check_widget(field: Mapping[str, Any], file: str, at: str) -> Iterator[Problem]:
    ui = field.get("x-ui", {})
    widget, here = ui.get("widget"), f"{at}/x-ui"
    if widget in _WIDGET_TYPES and field["type"] not in _WIDGET_TYPES[widget]:
        yield _problem(
            file,
            f"{here}/widget",
            f"the widget {widget!r} shows {sorted(_WIDGET_TYPES[widget])}, not {field['type']!r}",
        )
    if widget == "map" and field.get("format") != "point":
        yield _problem(file, f"{at}/format", 'the widget "map" needs the format "point"')
    if widget == "file":
        for need in ("accept", "max"):
            if need not in ui:
                yield _problem(file, here, f'the widget "file" needs {need!r}')
    elif {"accept", "max", "max_bytes"} & set(ui):
        yield _problem(file, here, 'accept, max and max_bytes belong to the widget "file"')
    listed = field.get("enum") or field.get("items", {}).get("enum")
    if widget in ("select", "radio", "checkboxes") and not listed and "source" not in ui:
        yield _problem(file, here, f"the widget {widget!r} needs enum or a source")
    if listed:
        options = ui.get("options", {})
        for value in listed:
            if str(value) not in options:
                yield _problem(file, f"{here}/options", f"the value {value!r} has no words for people")
        for value in options:
            if value not in map(str, listed):
                yield _problem(file, f"{here}/options", f"there is no value {value!r}")


def _check_layout(form: Mapping[str, Any], file: str) -> Iterator[Problem]:
    ui, fields = form["x-ui"], form["properties"]
    shown: list[str] = []
    for at, names in (
        ("/x-ui/order", ui.get("order", [])),
        *((f"/x-ui/sections/{i}", section["fields"]) for i, section in enumerate(ui.get("sections", []))),
    ):
        for name in names:
            if name not in fields:
                yield _problem(file, at, f"there is no field {name!r}")
        if at != "/x-ui/order":
            shown += names
    for name in sorted({name for name in shown if shown.count(name) > 1}):
        yield _problem(file, "/x-ui/sections", f"the field {name!r} is shown twice")
    if shown:
        for name in fields:
            if name not in shown:
                yield _problem(file, "/x-ui/sections", f"the field {name!r} is in no section")
    for name, needed in form.get("dependentRequired", {}).items():
        for one in (name, *needed):
            if one not in fields:
                yield _problem(file, "/dependentRequired", f"there is no field {one!r}")


def _check_rules(form: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for i, entry in enumerate(form.get("x-rules", [])):
        for name in entry["fields"]:
            if name not in form["properties"]:
                yield _problem(file, f"/x-rules/{i}/fields", f"there is no field {name!r}")
        try:
            compile_rule(entry, form["properties"])
        except CelError as error:
            yield _problem(file, f"/x-rules/{i}/rule", str(error))
