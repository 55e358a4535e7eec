"""What share hears from the other nets: batches that they took in."""

from __future__ import annotations

from typing import Any, cast

from yiwang.kernel.runtime import Reaction
from yiwang.messages.base import Event
from yiwang.messages.govern import HistoryImported
from yiwang.share.actions import record_batch


async def note_history(unit: Any, event: Event) -> None:
    """History imported by govern is a batch of every dataset that govern keeps."""
    told = cast("HistoryImported", event)
    await record_batch(
        unit, key=told.batch, keeper="govern.incident", source=told.source, at=unit.now, rows=told.rows,
        accepted=told.rows - told.quarantined, quarantined=told.quarantined, digest=told.digest,
    )  # fmt: skip


REACTIONS = (Reaction("share.note_history", (HistoryImported,), note_history),)
