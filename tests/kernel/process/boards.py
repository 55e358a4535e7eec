"""Boards made by hand, for tests of the verbs without a database."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiwang.kernel.calendar import city_folder, load_calendar
from yiwang.kernel.process.board import Board, Card
from yiwang.kernel.process.clockwork import Clockwork
from yiwang.kernel.process.model import By, InstanceRow, Place, TaskRow
from yiwang.kit.ids import new_id

NINE = datetime.fromisoformat("2026-03-02T09:00:00+08:00")  # a Monday
CLOCK = Clockwork(load_calendar(city_folder("320200")))
WANG = By(UUID(int=1), "王芳", 1)
LI = By(UUID(int=2), "李强", 1)
CARD = Card("handle", "办理", "Handle", "handle", "2wd")


def place(post: int) -> Place:
    """Post n belongs to organisation n // 10."""
    return Place(post, post // 10)


def make_board(*, now: datetime = NINE, by: By = WANG) -> Board:
    instance = InstanceRow(
        id=new_id(), key="requests", version=1, subject_type="incident", subject_id=new_id(), subject_no="2026-1",
        title="路灯不亮", state="running", org=0, parties=[], area="320211001", started_by=None, started_name="",
        started_at=now, latest=now,
    )  # fmt: skip
    return Board(instance, [], by=by, now=now, clock=CLOCK)


def main_task(
    board: Board, *, token: str = "1", post: int = 1, card: Card = CARD, cause: TaskRow | None = None
) -> TaskRow:
    return board.open("main", card, place(post), asked="advance", token=token, cause=cause.id if cause else None)


def again(board: Board, *, by: By | None = None, now: datetime | None = None) -> Board:
    """The same instance as the next action would load it: nothing opened, nothing changed yet."""
    return Board(board.instance, board.rows.values(), by=by or board.by, now=now or board.now, clock=CLOCK)
