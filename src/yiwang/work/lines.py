"""A task row as a line of JSON, straight from the columns: lists are read often, so nothing is validated twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

_LIVE_ENDS = frozenset({"done", "transferred", "cancelled"})


def late(row: Any, now: datetime) -> bool:
    """Whether a live task is past its deadline and its clock runs; for an ended one, whether it ended late."""
    due = row["due_at"]
    if due is None or row["paused_at"] is not None:
        return False
    if row["state"] in _LIVE_ENDS:
        return row["done_at"] is not None and bool(row["done_at"] > due)
    return bool(due < now)


def line(row: Any, now: datetime) -> dict[str, Any]:
    """The fields of ``shapes.TaskLine``."""
    zh = row["step_name_zh"]
    return {
        "id": row["id"], "instance": row["instance"],
        "subject": {
            "type": row["subject_type"], "id": row["subject_id"], "number": row["subject_no"], "title": row["title"],
        },
        "step": row["step"], "name": {"zh": zh, "en": row["step_name_en"] or zh}, "kind": row["kind"],
        "state": row["state"], "post": row["post"], "org": row["org"], "area": row["area"],
        "priority": row["priority"], "opened_at": row["opened_at"], "due_at": row["due_at"],
        "paused": row["paused_at"] is not None, "overdue": late(row, now), "done_at": row["done_at"],
        "done_by": row["done_name"], "claimed_by": row["claimed_name"], "version": row["version"],
        "supervised": row["supervised"], "urged": row["urged"], "reason": row["reason"],
    }  # fmt: skip
