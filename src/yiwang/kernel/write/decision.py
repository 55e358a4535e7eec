"""What a policy answers: yes or no, why, and what must be done along with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reason:
    """A policy that counted: its id and the sentence that a person reads, by locale."""

    policy_id: str
    title_zh: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Obligations:
    """What an allowed use must keep to; several permits combine to the strictest."""

    mask: frozenset[str] = frozenset()
    rows: tuple[str, ...] = ()
    watermark: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to ``may(actor, action, resource, purpose)``."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    obligations: Obligations = field(default_factory=Obligations)
    errors: tuple[str, ...] = ()
    refusal_id: UUID | None = None

    @property
    def ids(self) -> list[str]:
        """The policy ids, for the audit row."""
        return [r.policy_id for r in self.reasons]

    def enforce(
        self, rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """The rows that may be shown, masked as obliged; this base can only withhold, kernel.policy can mask.

        ``kinds`` maps field names to kinds of mask, beyond what the resource type declares.
        """
        del kinds
        if not self.allowed or self.obligations.mask or self.obligations.rows:
            return []
        return [dict(row) for row in rows]
