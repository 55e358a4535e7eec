"""What a policy answers: yes or no, why, and what must be done along with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
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
