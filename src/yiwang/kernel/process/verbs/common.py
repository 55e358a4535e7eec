"""What several verbs share: whose hands a row is in, waiting, parking, and coming back."""

from __future__ import annotations

from yiwang.kernel.process.board import Board
from yiwang.kernel.process.errors import BadRequest, ClaimedByOther
from yiwang.kernel.process.model import Json, Place, TaskRow

#: More posts than this in one request is a mistake.
MOST_POSTS = 50
#: A rework of a rework of a rework: somebody should telephone instead.
DEEPEST_REWORK = 8
MOST_REASON = 2000


def in_hand(board: Board, row: TaskRow) -> None:
    """Raise ClaimedByOther when a colleague has taken the row. The system and supervisors stand beside this."""
    if row.claimed_by is not None and board.by.id is not None and row.claimed_by != board.by.id:
        raise ClaimedByOther(
            f"task {row.id} is in the hands of {row.claimed_name}", who=row.claimed_name or "", task=str(row.id)
        )


def need_reason(reason: str) -> str:
    """The reason, trimmed; BadRequest when it is empty or too long."""
    reason = reason.strip()
    if not reason:
        raise BadRequest("a reason is needed", key="process.error.reason_needed")
    if len(reason) > MOST_REASON:
        raise BadRequest("the reason is too long", key="process.error.reason_too_long", most=MOST_REASON)
    return reason


def need_posts(row: TaskRow, places: list[Place]) -> list[Place]:
    """Distinct other posts, at least one; BadRequest otherwise."""
    distinct = list({place.post: place for place in places}.values())
    if not distinct or len(distinct) > MOST_POSTS:
        raise BadRequest("one to fifty posts are needed", key="process.error.posts_needed", most=MOST_POSTS)
    if any(place.post == row.post for place in distinct):
        raise BadRequest("the task's own post cannot be asked", key="process.error.own_post")
    return distinct


def start_waiting(board: Board, row: TaskRow, **plan: Json) -> None:
    """The row waits for those it asked; its clock runs on, for its post answers for the whole."""
    board.touch(row)
    row.resume_to = row.state if row.state in ("open", "claimed") else row.resume_to
    row.state = "waiting"
    row.plan = {**row.plan, **plan}


def come_back(board: Board, row: TaskRow) -> None:
    """The row lies on its post's desk again, in the hands it was in."""
    board.touch(row)
    row.state = row.resume_to or ("claimed" if row.claimed_by else "open")
    row.resume_to = None
    row.plan = {k: v for k, v in row.plan.items() if k not in ("countersign", "signer", "held", "delegate")}


def park(board: Board, row: TaskRow, state: str) -> None:
    """Put a row aside until a rework is done: its clock stands still."""
    board.pause(row)
    row.resume_to = row.state
    row.state = state


def unpark(board: Board, row: TaskRow) -> None:
    """Take a parked row up again."""
    board.unpause(row)
    row.state = row.resume_to or "open"
    row.resume_to = None
    row.plan = {**row.plan, "fresh": row.version}


def untouched(row: TaskRow) -> bool:
    """Whether nobody of the post has done anything with the row since it was (re)opened."""
    return row.state == "open" and row.claimed_by is None and row.version == row.plan.get("fresh", 1)
