"""Timers of a run that stand still: those of a suspended task, or of a suspended instance.

A timer's moment lies in the internal data of its token. Holding puts it beyond reach and remembers it; letting go puts
it back, moved by what the pause took, in the time that it counts in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from yiwang.kernel.process.board import Timekeeper
from yiwang.kernel.process.engine import Run
from yiwang.kernel.process.engine.events import Timer

#: A held timer is due here: never.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def hold(run: Run, token: str | None, now: datetime) -> None:
    """Stop the timers on a token's boundary, or with None all of the run that are not yet stopped."""
    for waiting in _timers(run, token):
        if "held" not in waiting.internal_data:
            waiting.internal_data["held"] = [waiting.internal_data["due"], now.isoformat(), token or ""]
            waiting.internal_data["due"] = NEVER.isoformat()


def let_go(run: Run, token: str | None, now: datetime, clock: Timekeeper) -> None:
    """Start again what ``hold`` stopped with the same ``token``."""
    for waiting in _timers(run, token):
        held = waiting.internal_data.get("held")
        if held is None or held[2] != (token or ""):
            continue
        del waiting.internal_data["held"]
        definition = waiting.task_spec.event_definition
        due, since = datetime.fromisoformat(held[0]), datetime.fromisoformat(held[1])
        if definition.kind == "span":
            due, _ = clock.extended(due, definition.text, since, now)
        elif definition.kind == "timeDuration":
            due += now - since
        waiting.internal_data["due"] = due.isoformat()  # a date stays the date that was set


def _timers(run: Run, token: str | None) -> Iterator[Any]:
    for waiting in run._waiting(Timer):
        if token is None or str(waiting.internal_data.get("of")) == token:
            yield waiting
