"""Moving work: 转办 transfer, 退回 return to an earlier step, 撤回 recall from the next one."""

from __future__ import annotations

from dataclasses import replace

from yiwang.kernel.process.board import Board, Card
from yiwang.kernel.process.errors import BadRequest, NoEarlierStep, NothingToRecall
from yiwang.kernel.process.model import Place, TaskRow
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.verbs.asking import take_back
from yiwang.kernel.process.verbs.common import DEEPEST_REWORK, in_hand, need_posts, need_reason, park, untouched
from yiwang.kit.ids import new_id
from yiwang.messages import process as said

_WORK = ("main", "rework")


def transfer(board: Board, row: TaskRow, place: Place, reason: str) -> TaskRow:
    """转办: the work goes to another post for good, with draft and deadline; returns the new row."""
    reason = need_reason(reason)
    require("transfer", row)
    [place] = need_posts(row, [place])
    return move(board, row, place, reason)


def move(board: Board, row: TaskRow, place: Place, reason: str) -> TaskRow:
    """Replace a row by one at another post: same token, same deadline, nobody's hands. It counts as touched."""
    board.finish(row, "transferred")
    new = replace(
        row, id=new_id(), post=place.post, org=place.org, state="open", version=1, opened_at=board.now,
        claimed_by=None, claimed_name=None, claimed_at=None, done_at=None, done_by=None, done_name=None,
        parties=sorted({board.instance.org, *board.instance.parties, row.org} - {place.org}), reason=reason,
        data=dict(row.data), gathered=dict(row.gathered), plan={**row.plan, "fresh": 0},
    )  # fmt: skip
    board.add(new)
    for beside in board.live():
        if beside.origin == row.id:  # supervisors watch the work, not the desk
            board.touch(beside, quietly=True).origin = new.id
    board.note_down("transfer", row, reason=reason, from_post=row.post, to_post=place.post)
    board.say(said.TaskMoved, row, verb="transfer", to_post=place.post, by_name=board.by.name, reason=reason)
    board.say(said.TaskOpened, new, asked="transfer", reason=reason)
    return new


def earlier_steps(board: Board, row: TaskRow) -> list[TaskRow]:
    """The rows that ``row`` may be returned to, the latest of each step, the nearest first."""
    done = [
        r for r in board.rows.values() if r.kind in _WORK and r.state == "done" and r.step != row.step and r.done_at
    ]
    done.sort(key=lambda r: (r.done_at, r.opened_at), reverse=True)
    by_step: dict[str, TaskRow] = {}
    for r in done:
        by_step.setdefault(r.step, r)
    nearest = board.rows.get(row.cause) if row.cause else None
    found = list(by_step.values())
    if nearest in found:
        found.remove(nearest)
        found.insert(0, nearest)
    return found


def return_task(board: Board, row: TaskRow, reason: str, to_step: str | None = None) -> TaskRow:
    """退回: an earlier step's post does its work again while ``row`` is parked; then ``row`` reopens with the new data.

    Needs the whole board. ``to_step`` names the earlier step; without it, the one that led here. Returns the rework.
    """
    reason = need_reason(reason)
    in_hand(board, row)
    require("return", row)
    steps = earlier_steps(board, row)
    target = next((r for r in steps if to_step in (None, r.step)), None)
    if target is None:
        raise NoEarlierStep(f"task {row.id} has no earlier step {to_step or ''}", step=row.step_name_zh)
    if _depth(board, row) >= DEEPEST_REWORK:
        raise BadRequest("it was returned too many times in a row", key="process.error.returned_too_often")
    park(board, row, "returned")
    rework = _again(board, target, [row], "return", reason)
    board.note_down("return", row, reason=reason, from_post=row.post, to_post=target.post, step=target.step)
    board.write("reason", reason, row)
    board.say(said.TaskMoved, row, verb="return", to_post=target.post, by_name=board.by.name, reason=reason)
    return rework


def recall(board: Board, row: TaskRow, reason: str = "") -> TaskRow:
    """撤回: whoever completed ``row`` takes it up again while nobody has touched what came next.

    Needs the whole board. What came next is parked until the rework is done. On a row that waits for others, the
    request to them is taken back instead. Returns the row that its post now works on.
    """
    if row.state == "waiting":
        take_back(board, row, reason)
        return row
    require("recall", row)
    following = [r for r in board.live() if r.cause == row.id and r.kind in _WORK]
    if not following or not all(untouched(r) for r in following) or _depth(board, row) >= DEEPEST_REWORK:
        raise NothingToRecall(f"what followed task {row.id} has been touched or is over", task=str(row.id))
    for nxt in following:
        park(board, nxt, "recalled")
    rework = _again(board, row, following, "recall", reason)
    rework.state = "claimed"
    rework.claimed_by, rework.claimed_name, rework.claimed_at = board.by.id, board.by.name, board.now
    for nxt in following:
        board.note_down("recall", nxt, reason=reason, from_post=nxt.post, to_post=row.post, step=row.step)
        board.say(said.TaskMoved, nxt, verb="recall", to_post=row.post, by_name=board.by.name, reason=reason)
    return rework


def _again(board: Board, target: TaskRow, parked: list[TaskRow], asked: str, reason: str) -> TaskRow:
    return board.open(
        "rework", Card.of(target), Place(target.post, target.org), asked=asked, origin=parked[0], cause=target.cause,
        data=target.data, plan={"parks": [str(r.id) for r in parked]}, reason=reason,
    )  # fmt: skip


def _depth(board: Board, row: TaskRow) -> int:
    depth = 0
    while row.kind == "rework" and row.origin in board.rows:
        row, depth = board.rows[row.origin], depth + 1
    return depth
