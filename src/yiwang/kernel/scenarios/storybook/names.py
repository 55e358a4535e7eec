"""The verbs and people that every story may use, whatever nets are installed."""

from __future__ import annotations

CORE_VERBS = frozenset(
    {"at", "wait", "start", "message", "complete", "save", "claim", "release", "expect"}
    | {"countersign", "add_signer", "transfer", "delegate", "return", "recall", "circulate", "urge", "supervise"}
    | {"suspend", "resume"}
)
"""Verbs that the story runner itself knows."""

PEOPLE = frozenset({"resident", "anonymous", "system"})
"""Who may act beside the posts of the stage."""

VERB_TASKS = frozenset(
    {"countersign", "signer", "delegated", "circulate", "supervise", "rework"}
    | {"会签", "加签", "委派", "传阅", "督办", "返工"}
)
"""Names of the rows that the verbs open; no process declares them."""
