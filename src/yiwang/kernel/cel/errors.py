"""The one error of CEL: which expression, at which character, why."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.errors import Invalid, Problem


class CelError(Invalid):
    """An expression cannot be used or evaluated; ``reason`` says why, ``position`` is the character (from 1)."""

    key = "cel.failed"

    def __init__(self, kind: str, reason: str, *, expression: str, position: int = 1, **params: Any) -> None:
        self.kind = kind
        self.reason = reason
        self.expression = expression
        self.position = position
        shown = expression if len(expression) <= 80 else f"{expression[:77]}..."
        super().__init__(
            f"{reason} (character {position} of {shown!r})",
            key=f"cel.{kind}",
            reason=reason,
            expression=shown,
            position=position,
            **params,
        )

    def problem(self, where: str, rule: str | None = None) -> Problem:
        """The same as one item of a collected list."""
        return Problem(where=where, key=f"{self.key}.detail", params=self.params, rule=rule, text=str(self))
