"""What goes into an expression: JSON values, moments and spans, each coerced to its declared kind.

The library mixes no numbers (``int * double`` is an error), turns a Decimal silently into a float and takes integers of
any size. Here a name has a kind, money is whole fen, and what does not fit is refused with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

from yiwang.kernel.cel.limits import MAX_LIST, MAX_PLAIN

#: Kinds of a declared name. ``number`` is a double, ``money`` whole fen, ``date`` a text YYYY-MM-DD, ``time`` a moment.
Kind = Literal["any", "bool", "int", "number", "money", "text", "list", "map", "date", "time", "span"]
KINDS: frozenset[str] = frozenset(get_args(Kind))

_INT64 = 2**63


class BadValue(Exception):
    """A value that an expression may not read: ``kind`` of error and a reason."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


def coerce(value: Any, kind: Kind, *, walked: bool) -> Any:
    """``value`` as the library shall see it under ``kind``; ``walked`` when the expression holds a macro.

    None stays null whatever the kind. Raises BadValue.
    """
    if value is None:
        return None
    if kind == "any":
        return _plain(value, MAX_LIST if walked else MAX_PLAIN)
    if kind in ("int", "money"):
        return _integer(value, kind)
    if kind == "number":
        return _double(value)
    return _checked(value, kind, MAX_LIST if walked else MAX_PLAIN)


def count(value: Any) -> int:
    """How many values ``value`` holds, itself and those at any depth."""
    if isinstance(value, dict):
        return 1 + sum(map(count, value.values()))
    return 1 + sum(map(count, value)) if isinstance(value, list) else 1


def _integer(value: Any, kind: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadValue("wrong_type", f"expected a whole number, found {_kind_of(value)}")
    whole = int(value) if _finite(value) else 0
    if not _finite(value) or whole != value:
        unit = "whole fen" if kind == "money" else "a whole number"
        raise BadValue("wrong_type", f"expected {unit}, found {value}")
    return _in_range(whole)


def _double(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadValue("wrong_type", f"expected a number, found {_kind_of(value)}")
    if not _finite(value):
        raise BadValue("wrong_type", f"expected a number, found {value}")
    try:
        return float(value)
    except OverflowError:
        raise BadValue("wrong_type", "the number is too large") from None


_ACCEPTS: dict[str, type | tuple[type, ...]] = {
    "bool": bool,
    "text": str,
    "list": (list, tuple),
    "map": dict,
    "date": (date, str),
    "time": datetime,
    "span": timedelta,
}


def _checked(value: Any, kind: str, limit: int) -> Any:
    if not isinstance(value, _ACCEPTS[kind]) or (kind == "date" and isinstance(value, datetime)):
        raise BadValue("wrong_type", f"expected {kind}, found {_kind_of(value)}")
    return _plain(value, limit)


def _plain(value: Any, limit: int) -> Any:
    """A JSON value, moment or span, with every list and map inside bounded."""
    if value is None or isinstance(value, bool | timedelta):
        return value
    if isinstance(value, str):
        return _bounded(value, MAX_PLAIN, "text")
    if isinstance(value, int):
        return _in_range(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadValue("wrong_type", f"expected a number, found {value}")
        return value
    if isinstance(value, Mapping):
        _bounded(value, limit, "map")
        return {_text_key(key): _plain(item, limit) for key, item in value.items()}
    if isinstance(value, list | tuple):
        _bounded(value, limit, "list")
        return [_plain(item, limit) for item in value]
    return _rare(value)


def _rare(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BadValue("wrong_type", "a moment without a time zone")
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise BadValue("wrong_type", f"{_kind_of(value)} cannot be read; declare its kind or convert it first")


def _bounded(value: Any, limit: int, what: str) -> Any:
    if len(value) > limit:
        raise BadValue("too_many", f"a {what} of {len(value)} is longer than {limit}")
    return value


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise BadValue("wrong_type", "the keys of a map are texts")
    return key


def _in_range(value: int) -> int:
    if not -_INT64 <= value < _INT64:
        raise BadValue("wrong_type", "the whole number does not fit into 64 bits")
    return value


def _finite(value: float | Decimal) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or math.isfinite(value)


def _kind_of(value: Any) -> str:
    return type(value).__name__
