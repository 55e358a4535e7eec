"""Reading one cell of sample data as the field of its dataset declares it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.scenarios.formats import DatasetField

_TRUE, _FALSE = {"true", "1", "yes", "是"}, {"false", "0", "no", "否"}
_AREA = re.compile(r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3}(\d{3})?)?)?)?)?$|^[a-z0-9-]{2,20}$")


class BadCell(ValueError):
    """A cell does not fit its field: the sentence (`what`), what was found and what was expected."""

    def __init__(self, what: str, found: object, expected: str) -> None:
        super().__init__(f"{what}: {found!r}, expected {expected}")
        self.what, self.expected = what, expected
        text = repr(found)
        self.found = text if len(text) <= 60 else text[:57] + "…"


def read_cell(value: Any, field: DatasetField) -> Any:
    """Turn a cell (text from CSV, or a JSON value) into the value of its type; None stays None. Raises BadCell."""
    if value is None:
        if field.required:
            raise BadCell("cell_missing", None, field.type)
        return None
    try:
        clean = _READERS[field.type](value)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadCell("cell_type", value, field.type) from error
    if isinstance(clean, str) and field.max_length is not None and len(clean) > field.max_length:
        raise BadCell("cell_long", value, str(field.max_length))
    if field.type == "code" and clean not in {code.value for code in field.values}:
        raise BadCell("cell_code", value, ", ".join(code.value for code in field.values))
    return clean


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    number = float(value)
    if number != number or abs(number) == float("inf"):
        raise ValueError(value)
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(value)
    return word in _TRUE


def _date(value: Any) -> str:
    return date.fromisoformat(_text(value)).isoformat()


def _datetime(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    return moment


def _area(value: Any) -> str:
    text = _text(value)
    if not _AREA.match(text):
        raise ValueError(value)
    return text


def _point(value: Any) -> list[float]:
    parts = value if isinstance(value, list) else _text(value).replace(",", " ").split()
    lon, lat = (_number(part) for part in parts)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(value)
    return [lon, lat]


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date, "datetime": _datetime,
    "money": _integer, "code": _text, "area": _area, "point": _point, "uuid": lambda value: str(UUID(_text(value))),
}  # fmt: skip
