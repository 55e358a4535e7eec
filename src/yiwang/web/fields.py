"""What is wrong with a JSON body or a query, one problem a field, in the sentences that forms use."""

from __future__ import annotations

from typing import Any

from fastapi.exceptions import RequestValidationError

from yiwang.kernel.errors import Problem

#: Kind of error of the validation library -> sentence below ``forms.error``, name of its limit there.
_SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("missing", ""),
    "extra_forbidden": ("extra", ""),
    "string_type": ("wrong_type_string", ""),
    "int_type": ("wrong_type_integer", ""),
    "int_parsing": ("wrong_type_integer", ""),
    "int_from_float": ("wrong_type_integer", ""),
    "float_type": ("wrong_type_number", ""),
    "float_parsing": ("wrong_type_number", ""),
    "bool_type": ("wrong_type_boolean", ""),
    "bool_parsing": ("wrong_type_boolean", ""),
    "list_type": ("wrong_type_array", ""),
    "dict_type": ("wrong_type_object", ""),
    "model_attributes_type": ("wrong_type_object", ""),
    "literal_error": ("not_in_list", ""),
    "string_too_long": ("too_long", "max_length"),
    "string_too_short": ("too_short", "min_length"),
    "string_pattern_mismatch": ("pattern", ""),
    "greater_than_equal": ("too_small", "ge"),
    "less_than_equal": ("too_large", "le"),
    "greater_than": ("not_above", "gt"),
    "less_than": ("not_below", "lt"),
    "too_long": ("too_many", "max_length"),
    "too_short": ("too_few", "min_length"),
    "uuid_parsing": ("format_uuid", ""),
    "uuid_type": ("format_uuid", ""),
}
MOST = 100


def fields_of(error: RequestValidationError) -> list[Problem]:
    """One problem for each field that does not fit, the first of each; at most ``MOST``. Values are not repeated."""
    found: dict[str, Problem] = {}
    for item in error.errors()[:MOST]:
        where = ".".join(str(part)[:60] for part in item.get("loc", ())[1:])
        found.setdefault(where, _problem(where, item))
    return list(found.values())


def _problem(where: str, item: dict[str, Any]) -> Problem:
    kind = str(item.get("type", ""))
    if not where or kind == "json_invalid":
        return Problem("", "forms.error.not_an_object", {}, "form-object", "the body is no JSON object")
    rule, limit = _SENTENCES.get(kind, ("wrong", ""))
    params: dict[str, Any] = {"title_zh": where, "title_en": where, "name": where}
    if limit:
        params["limit"] = item.get("ctx", {}).get(limit, "")
    return Problem(
        where, f"forms.error.{rule}", params, f"form-{rule.replace('_', '-')}", str(item.get("msg", ""))[:200]
    )
