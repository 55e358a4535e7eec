"""挂起 and 恢复: the clock of a row, and of those that serve it, stands still; the deadline moves by what it took."""

from __future__ import annotations

from yiwang.kernel.process.board import Board
from yiwang.kernel.process.model import BLOCKING, TaskRow
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.verbs.common import need_reason, untouched
from yiwang.messages import process as said


def suspend(board: Board, row: TaskRow, reason: str) -> None:
    """挂起: nobody can work on it and its clock stops (waiting for the resident's papers, for the weather)."""
    reason = need_reason(reason)
    require("suspend", row)
    _stop(board, row, reason, {"by": "task"})


def resume(board: Board, row: TaskRow, reason: str = "") -> None:
    """恢复: as it was, with the deadline moved by the working time that the pause took."""
    require("resume", row)
    _go_on(board, row, reason)


def suspend_all(board: Board, reason: str) -> None:
    """Stop every clock of the instance; rows that are already suspended stay so when it resumes."""
    for row in board.live():
        if row.kind != "circulate" and row.state in ("open", "claimed", "waiting"):
            _stop(board, row, reason, {"by": "instance"})


def resume_all(board: Board, reason: str) -> None:
    """Take up what ``suspend_all`` stopped."""
    for row in board.live():
        if row.state == "suspended" and row.plan.get("paused", {}).get("by") == "instance":
            _go_on(board, row, reason)


def _stop(board: Board, row: TaskRow, reason: str, why: dict[str, str]) -> None:
    fresh = untouched(row)
    board.pause(row)
    row.plan = {**row.plan, "paused": {**why, "state": row.state, "fresh": fresh}}
    row.state = "suspended"
    board.note_down("suspend", row, reason=reason)
    board.say(said.TaskPaused, row, paused=True, by_name=board.by.name, reason=reason)
    for serving in board.serving(row):
        if serving.kind in BLOCKING and serving.state in ("open", "claimed", "waiting"):
            _stop(board, serving, reason, {"by": str(row.id)})


def _go_on(board: Board, row: TaskRow, reason: str) -> None:
    board.unpause(row)
    was = row.plan["paused"]
    row.plan = {k: v for k, v in row.plan.items() if k != "paused"}
    row.state = was["state"]
    if was["fresh"]:  # a pause is no reason why the step before may not recall it
        row.plan = {**row.plan, "fresh": row.version}
    board.note_down("resume", row, reason=reason)
    board.say(said.TaskPaused, row, paused=False, by_name=board.by.name, reason=reason)
    for serving in board.serving(row):
        if serving.state == "suspended" and serving.plan["paused"]["by"] == str(row.id):
            _go_on(board, serving, reason)
