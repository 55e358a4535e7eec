"""A decision that can enforce itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.kernel.policy.masks import USUAL, apply_mask
from yiwang.kernel.policy.rows import row_allowed
from yiwang.kernel.write import Actor, Decision


@dataclass(frozen=True, slots=True)
class Ruling(Decision):
    """What the policy part answers with. ``kinds`` maps field names of the resource type to kinds of mask."""

    actor: Actor | None = None
    at: datetime | None = None
    kinds: Mapping[str, str] = field(default_factory=lambda: USUAL)

    def enforce(
        self, rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """The rows that may be shown, with masked fields masked; nothing at all from a refused decision.

        ``kinds`` adds to (or overrides) the field kinds that the resource type declares.
        """
        if not self.allowed:
            return []
        duty = self.obligations
        known = {**self.kinds, **kinds} if kinds else self.kinds
        if duty.rows and self.at is not None:
            rows = [row for row in rows if row_allowed(duty.rows, row, self.actor, self.at)]
        elif duty.rows:
            return []
        return [apply_mask(row, duty.mask, known) if duty.mask else dict(row) for row in rows]
