"""The formats of fields: what a well-formed value is, beyond its JSON type.

Money is whole fen (1/100 of the currency), a point is {"lon", "lat"} in WGS 84, identity numbers follow GB 11643-1999
and GB 32100-2015 (python-stdnum checks digits, dates and places).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from jsonschema import FormatChecker
from stdnum.cn import ric, uscc

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")
_SERVICE = re.compile(r"(400|800)-?\d{3}-?\d{4}|\d{5}")
_ABROAD = re.compile(r"\+\d{1,3}[ -]?\d[\d -]{5,16}\d|\(?\d{3}\)?[ -]?\d{3}[ -]?\d{4}")
_EMAIL = re.compile(r"[^@\s,;<>\"()]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_DIVISION = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15}|[a-z]{2,10}[a-z0-9-]{0,20}")
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")
_URI = re.compile(r"https?://[^\s/?#\"<>]{1,253}[^\s\"<>]{0,1800}")
#: A hundred billion yuan in fen: more is a slip of the keyboard.
MAX_FEN = 10_000_000_000_000


def is_date(value: str) -> bool:
    """YYYY-MM-DD, a day that exists."""
    return len(value) == 10 and _parses(date.fromisoformat, value)


def is_time(value: str) -> bool:
    """HH:MM or HH:MM:SS."""
    return bool(_TIME.fullmatch(value)) and _parses(time.fromisoformat, value)


def is_moment(value: str) -> bool:
    """A date and time with its offset (RFC 3339)."""
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def is_phone(value: str) -> bool:
    """A mobile or landline number of China, a service number, an international or North American number."""
    return any(p.fullmatch(value) for p in (_MOBILE, _LANDLINE, _SERVICE, _ABROAD))


def is_point(value: Any) -> bool:
    """{"lon": degrees, "lat": degrees} and nothing else."""
    if not isinstance(value, dict) or set(value) != {"lon", "lat"}:
        return False
    lon, lat = value["lon"], value["lat"]
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (lon, lat))
    return numbers and -180 <= lon <= 180 and -90 <= lat <= 90


def _parses(parse: Callable[[str], Any], value: str) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _text(check: Callable[[str], Any]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or bool(check(value))


#: Name of the format to its check; a value of another JSON type is the business of ``type``.
FORMATS: dict[str, Callable[[Any], bool]] = {
    "date": _text(is_date),
    "time": _text(is_time),
    "date-time": _text(is_moment),
    "phone": _text(is_phone),
    "email": _text(_EMAIL.fullmatch),
    "id-number": _text(ric.is_valid),
    "uscc": _text(uscc.is_valid),
    "division": _text(_DIVISION.fullmatch),
    "uuid": _text(lambda value: _parses(UUID, value)),
    "uri": _text(_URI.fullmatch),
    "money": lambda value: not isinstance(value, int) or isinstance(value, bool) or abs(value) <= MAX_FEN,
    "point": lambda value: not isinstance(value, dict) or is_point(value),
}
#: The JSON type that a format belongs to; "string" where it is not named.
TYPE_OF = {"money": "integer", "point": "object"}


def checker() -> FormatChecker:
    """A checker of exactly these formats."""
    made = FormatChecker(formats=())
    for name, check in FORMATS.items():
        made.checks(name)(check)
    return made
