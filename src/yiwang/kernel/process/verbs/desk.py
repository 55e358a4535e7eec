"""Claim, release, save a draft: what a person does with a row before it is done."""

from __future__ import annotations

from yiwang.kernel.process.board import Board
from yiwang.kernel.process.model import Json, TaskRow
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.verbs.common import in_hand
from yiwang.messages import process as said


def claim(board: Board, row: TaskRow) -> None:
    """认领: one person of the post takes the row; colleagues see who has it."""
    in_hand(board, row)
    require("claim", row)
    board.touch(row)
    row.state = "claimed"
    row.claimed_by, row.claimed_name, row.claimed_at = board.by.id, board.by.name, board.now
    board.note_down("claim", row)
    board.say(said.TaskTaken, row, by=board.by.id, by_name=board.by.name)


def release(board: Board, row: TaskRow) -> None:
    """Give a claimed row back to the post; the draft stays."""
    require("release", row)
    board.touch(row)
    row.state = "open"
    row.claimed_by = row.claimed_name = row.claimed_at = None
    board.note_down("release", row)
    board.say(said.TaskTaken, row, by=board.by.id, by_name=board.by.name, released=True)


def save(board: Board, row: TaskRow, data: Json) -> None:
    """Keep an unfinished form; it is bounded by whoever calls, not validated. No timeline entry."""
    in_hand(board, row)
    require("save", row)
    board.touch(row)
    row.data = data
