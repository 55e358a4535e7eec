"""The compiled validator: JSON Schema 2020-12 with our formats, with patterns that cannot be made to run for ever."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from pydantic_core import SchemaError, SchemaValidator, core_schema
from pydantic_core import ValidationError as PatternMismatch

from yiwang.kernel.forms.formats import checker

#: A text without a declared limit.
TEXT = 4_000
#: A list without a declared limit.
ITEMS = 200


@lru_cache(maxsize=1024)
def pattern_of(pattern: str) -> SchemaValidator:
    """A compiled pattern; ValueError when it cannot be one.

    Patterns come in packages of other cities. Python's engine can be made to run for ever by one line of text; the Rust
    engine inside pydantic-core cannot, at the price of look-around and back-references, which are refused.
    """
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        raise ValueError(f"the pattern cannot be used: {str(error).splitlines()[-1].strip()}") from error


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str):
        try:
            pattern_of(pattern).validate_python(instance)
        except PatternMismatch:
            yield ValidationError(f"does not match {pattern}")


_Validator: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def compile_schema(schema: dict[str, Any]) -> Any:
    """A validator of a checked form; objects are closed, texts and lists bounded also where the form says nothing."""
    bounded = deepcopy({name: value for name, value in schema.items() if not name.startswith("x-")})
    _bound(bounded)
    return _Validator(bounded, format_checker=checker())


def _bound(schema: dict[str, Any]) -> None:
    match schema.get("type"):
        case "string":
            schema.setdefault("maxLength", TEXT)
        case "array":
            schema.setdefault("maxItems", ITEMS)
            ui = schema.get("x-ui", {})
            if ui.get("widget") == "file":
                schema["maxItems"] = min(schema["maxItems"], ui.get("max", 1))
            _bound(schema.setdefault("items", {"type": "string"}))
        case "object" if schema.get("format") != "point":
            schema["additionalProperties"] = False
            for field in schema.get("properties", {}).values():
                _bound(field)
