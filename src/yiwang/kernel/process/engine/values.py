"""What may be stored in the data of a run: JSON that reads back as it was written.

Without this a run that is kept in memory and one that is loaded from its text could see different values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yiwang.kernel.process.engine.errors import BadData

_INT64 = 2**63
#: How deep values may be nested.
MAX_DEPTH = 50


def json_value(value: Any, depth: int = 0) -> Any:
    """A copy of ``value`` that can be stored; moments, dates, spans and UUIDs become ISO 8601, seconds and text.

    Raises BadData for what has no JSON: numbers that are not finite or outgrow 64 bits, broken texts, other types.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return _number(value)
    if depth > MAX_DEPTH:
        raise BadData(f"nested deeper than {MAX_DEPTH}", reason=f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, Mapping):
        return {_key(key): json_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item, depth + 1) for item in value]
    return _rare(value)


def json_map(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping as it can be stored."""
    return {_key(key): json_value(value, 1) for key, value in values.items()}


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _bad("a text that is not Unicode") from None
    return value


def _number(value: float) -> float:
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise _bad("a whole number that does not fit into 64 bits")
    elif not math.isfinite(value):
        raise _bad("a number that is not finite")
    return value


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise _bad("a key that is not a text")
    return _text(key)


def _rare(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID):
        return str(value)
    raise _bad(f"a value of the type {type(value).__name__}")


def _bad(reason: str) -> BadData:
    return BadData(f"{reason} cannot be stored", reason=reason)
