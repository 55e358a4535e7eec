"""Cells of exported tables."""

from __future__ import annotations

from typing import Any


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front.

    Source: OWASP, CSV injection. Numbers are left as they are, so that they stay numbers.
    """
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return value
