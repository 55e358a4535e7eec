"""What a person typed, made regular before it is judged: trimmed, one kind of line end, no empty values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from typing import Any

_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－（）＋．：／", "0123456789Xx-()+.:/")
#: Formats that are written with digits, where full-width ones of an input method mean the same.
_NARROW = {"date", "time", "date-time", "phone", "id-number", "uscc", "division", "email"}


def clean(value: Any, schema: Mapping[str, Any]) -> Any:
    """The regular form of a value; None when nothing is left of it."""
    if isinstance(value, str):
        return _clean_text(value, schema)
    if isinstance(value, Mapping) and schema.get("type") == "object":
        return clean_object(value, schema) or None
    if isinstance(value, list) and schema.get("type") == "array":
        kept = [clean(item, schema.get("items", {})) for item in value]
        return [item for item in kept if item is not None] or None
    return value


def clean_object(value: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Clean every field, drop what is empty, put in defaults. Names that the form does not know stay, to be refused."""
    known = schema.get("properties", {})
    result = {}
    for name, given in value.items():
        made = clean(given, known.get(name, {}))
        if made is not None:
            result[name] = made
    for name, field in known.items():
        if name not in result and "default" in field:
            result[name] = deepcopy(field["default"])
    return result


def _clean_text(value: str, schema: Mapping[str, Any]) -> str | None:
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    # Control and invisible characters could hide text from the person who decides on it; line ends and tabs stay.
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    if schema.get("format") in _NARROW:
        text = text.translate(_FULL_WIDTH)
    if schema.get("format") in ("id-number", "uscc"):
        text = text.replace(" ", "").upper()
    return text or None


def from_fields(given: Mapping[str, list[str]], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The object that an HTML form means: each name has a list of texts, a point comes as ``name.lon``, ``name.lat``.

    What cannot be converted is left as text, so that validation says what is wrong with it.
    """
    result: dict[str, Any] = {}
    known = schema.get("properties", {})
    for name, texts in given.items():
        base, _, part = name.partition(".")
        field = known.get(base, {})
        if part and field.get("type") == "object":
            inner = field.get("properties", {}).get(part, {"type": "number"} if field.get("format") == "point" else {})
            if texts and texts[-1].strip():
                result.setdefault(base, {})[part] = _convert(texts[-1], inner)
        elif field.get("type") == "array":
            result[name] = [_convert(text, field.get("items", {})) for text in texts if text.strip()]
        elif texts:
            result[name] = _convert(texts[-1], field)
    for name, field in known.items():
        # A box that is not ticked is not sent at all.
        if field.get("type") == "boolean" and name not in result:
            result[name] = False
    return result


def _convert(text: str, field: Mapping[str, Any]) -> Any:
    narrow = text.strip().translate(_FULL_WIDTH)
    match field.get("type"):
        case "integer" if field.get("format") == "money":
            return _fen(narrow, text)
        case "integer":
            return int(narrow) if narrow.removeprefix("-").isdecimal() and len(narrow) < 20 else text
        case "number":
            return _number(narrow, text)
        case "boolean":
            return {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}.get(narrow, text)
    return text


def _fen(narrow: str, text: str) -> Any:
    try:
        fen = Decimal(narrow.replace(",", "")) * 100
    except InvalidOperation:
        return text
    return int(fen) if fen.is_finite() and fen == fen.to_integral_value() and abs(fen) < 10**15 else text


def _number(narrow: str, text: str) -> Any:
    try:
        number = float(narrow)
    except ValueError:
        return text
    return number if abs(number) < 1e300 else text
