"""Comparing what a story expects with what is there: only what is named is compared."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def differs(expected: Any, found: Any) -> bool:
    """Whether a value is not as expected. A moment may be given as text; a list of choices as `{any: [...]}`."""
    if isinstance(expected, dict) and set(expected) == {"any"}:
        return all(differs(choice, found) for choice in expected["any"])
    if isinstance(expected, dict) and isinstance(found, dict):
        return any(differs(value, found.get(name)) for name, value in expected.items())
    if isinstance(found, datetime):
        return _moment(expected) != found
    if isinstance(expected, int | float) and isinstance(found, int | float) and not isinstance(expected, bool):
        return abs(float(expected) - float(found)) > 1e-9
    return bool(expected != found)


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def mismatches(expected: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The names that differ, with what was found."""
    return {name: found.get(name) for name, value in expected.items() if differs(value, found.get(name))}
