"""Beside the flow: 传阅 circulate, 催办 urge, 督办 supervise. None of them holds anything up."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.kernel.process.board import Board, Card
from yiwang.kernel.process.errors import UrgedTooOften
from yiwang.kernel.process.model import Place, TaskRow
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.verbs.common import need_posts
from yiwang.messages import process as said

#: The kernel's own forms (``forms/``): a read receipt, and what a supervisor found.
READ, FINDING = "yw:read", "yw:finding"
#: A post is urged about one task at most this often.
URGE_EVERY = timedelta(minutes=30)


def circulate(board: Board, row: TaskRow, places: list[Place], reason: str = "") -> list[TaskRow]:
    """传阅: others read it; completing their row is the receipt. Who has not read yet is not asked twice."""
    require("circulate", row)
    reading = {r.post for r in board.live() if r.kind == "circulate" and r.origin == row.id}
    places = [p for p in need_posts(row, places) if p.post not in reading]
    card = Card(row.step, row.step_name_zh, row.step_name_en, READ)
    opened = [board.open("circulate", card, p, asked="circulate", origin=row, reason=reason) for p in places]
    posts = tuple(p.post for p in places)
    board.touch(row, quietly=True)
    board.note_down("circulate", row, reason=reason, posts=list(posts))
    board.say(said.TaskAsked, row, verb="circulate", posts=posts, by_name=board.by.name, reason=reason)
    return opened


def urge(board: Board, row: TaskRow, reason: str = "") -> None:
    """催办: remind the post, at most every half hour; UrgedTooOften in between, with the time when it may be done."""
    require("urge", row)
    if row.urged_at is not None and board.now - row.urged_at < URGE_EVERY:
        again = row.urged_at + URGE_EVERY
        raise UrgedTooOften(
            f"task {row.id} was urged at {row.urged_at.isoformat()}",
            at=again.isoformat(), retry_after=_seconds(again, board.now), minutes=_seconds(again, board.now) // 60 + 1,
        )  # fmt: skip
    board.touch(row, quietly=True)
    row.urged += 1
    row.urged_at = board.now
    board.note_down("urge", row, reason=reason, times=row.urged)
    board.say(said.TaskUrged, row, times=row.urged, by_name=board.by.name, reason=reason)


def supervise(board: Board, row: TaskRow, place: Place, reason: str, *, span: str | None = None) -> TaskRow | None:
    """督办: a supervisor's post watches the task until it reports what it found; None when it already does."""
    require("supervise", row)
    for r in board.live():
        if r.kind == "supervise" and r.origin == row.id and r.post == place.post:
            return None
    card = Card(row.step, row.step_name_zh, row.step_name_en, FINDING, span, None, max(row.priority, 1))
    watching = board.open("supervise", card, place, asked="supervise", origin=row, reason=reason)
    board.touch(row, quietly=True).supervised = True
    board.note_down("supervise", row, reason=reason, to_post=place.post)
    board.say(said.TaskSupervised, row, supervisor_post=place.post, by_name=board.by.name, reason=reason)
    return watching


def _seconds(later: datetime, now: datetime) -> int:
    return max(1, int((later - now).total_seconds()))
