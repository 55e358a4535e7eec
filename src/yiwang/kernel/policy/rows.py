"""Row conditions (``@rows``): CEL over ``row`` and ``actor``. A row for which the condition errs is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.kernel.cel import CelError, Expression, Kind, compile_cel

_NAMES: dict[str, Kind] = {"row": "map", "actor": "map"}


def compile_rows(text: str) -> Expression:
    """The compiled condition; ValueError says what is wrong with it."""
    try:
        return compile_cel(text, names=_NAMES)
    except CelError as error:
        raise ValueError(f"@rows: {error}") from error


def row_allowed(conditions: tuple[str, ...], row: Mapping[str, Any], actor: Any, now: datetime) -> bool:
    """Whether every condition holds for the row."""
    given = {"row": dict(row), "actor": _actor(actor)}
    for text in conditions:
        try:
            if compile_rows(text).evaluate(given, now=now) is not True:
                return False
        except CelError:
            return False
    return True


def _actor(actor: Any) -> dict[str, Any]:
    return {
        "account": str(actor.id or ""),
        "post": actor.post or 0,
        "posts": list(actor.posts),
        "orgs": list(actor.orgs),
        "areas": list(actor.areas),
        "roles": sorted(actor.roles),
    }
