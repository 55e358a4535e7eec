"""From the validator's errors to sentences that a person can act on, one a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import ValidationError

from yiwang.kernel.errors import Problem

_LIMITS = {
    "maxLength": ("too_long", "limit"),
    "minLength": ("too_short", "limit"),
    "minimum": ("too_small", "limit"),
    "maximum": ("too_large", "limit"),
    "exclusiveMinimum": ("not_above", "limit"),
    "exclusiveMaximum": ("not_below", "limit"),
    "multipleOf": ("not_multiple", "step"),
    "minItems": ("too_few", "limit"),
    "maxItems": ("too_many", "limit"),
}
#: The first of these that a field fails is the one worth saying.
_ORDER = ["missing", "extra", "wrong_type", "not_in_list"]


def of_errors(errors: Iterable[ValidationError], fields: Mapping[str, Any]) -> list[Problem]:
    """One Problem a field; ``fields`` are the properties of the form, for their titles."""
    found: dict[str, Problem] = {}
    for error in errors:
        for problem in _of_error(error, fields):
            known = found.get(problem.where)
            if known is None or _rank(problem) < _rank(known):
                found[problem.where] = problem
    return sorted(found.values(), key=lambda p: _place(p.where, fields))


def made(where: str, rule: str, fields: Mapping[str, Any], text: str = "", **params: Any) -> Problem:
    """A Problem of a field with its title in both languages."""
    return Problem(where, f"forms.error.{rule}", {**_titles(where, fields), **params}, f"form-{rule}", text or rule)


def _of_error(error: ValidationError, fields: Mapping[str, Any]) -> list[Problem]:
    path, value = list(error.absolute_path), error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    where = ".".join(map(str, path))
    text = error.message[:200]
    match error.validator:
        case "required" | "dependentRequired":
            return [made(_join(path, name), "missing", fields, text) for name in _missing(error)]
        case "additionalProperties":
            extra = sorted(set(instance) - set(schema.get("properties", {})))
            return [
                Problem(_join(path, name[:60]), "forms.error.extra", {"name": name[:60]}, "form-extra", text)
                for name in extra[:20]
            ]
        case "type":
            return [made(where, f"wrong_type_{value}", fields, text)]
        case "enum" | "const":
            return [made(where, "not_in_list", fields, text)]
        case "pattern":
            hint = schema.get("x-ui", {}).get("pattern_hint", {})
            key = "pattern_hint" if hint else "pattern"
            return [made(where, key, fields, text, **{f"hint_{locale}": said for locale, said in hint.items()})]
        case "format":
            return [made(where, f"format_{str(value).replace('-', '_')}", fields, text)]
        case "uniqueItems":
            return [made(where, "repeated", fields, text)]
    rule, name = _LIMITS.get(str(error.validator), ("wrong", "limit"))
    return [made(where, rule, fields, text, **{name: value})]


def _missing(error: ValidationError) -> list[str]:
    wanted: Any = error.validator_value
    given: Any = error.instance
    if error.validator == "required":
        return [name for name in wanted if name not in given and repr(name) in error.message]
    return [
        needed for name, others in wanted.items() if name in given
        for needed in others if needed not in given
    ]  # fmt: skip


def _join(path: list[Any], name: str) -> str:
    return ".".join(map(str, [*path, name]))


def _rank(problem: Problem) -> int:
    rule = (problem.rule or "").removeprefix("form-")
    return next((i for i, name in enumerate(_ORDER) if rule.startswith(name)), len(_ORDER))


def _place(where: str, fields: Mapping[str, Any]) -> tuple[int, str]:
    names = list(fields)
    top = where.split(".")[0]
    return (names.index(top) if top in names else len(names), where)


def _titles(where: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """The titles of the deepest field on the path that has one."""
    title: Mapping[str, str] = {}
    schema: Mapping[str, Any] = {"properties": fields}
    for step in where.split("."):
        schema = schema.get("items", {}) if step.isdigit() else schema.get("properties", {}).get(step, {})
        title = schema.get("x-ui", {}).get("title", title)
    return {"title_zh": title.get("zh", "此项"), "title_en": title.get("en", "this field")}
