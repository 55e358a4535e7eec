"""Asking others: 会签 countersign, 加签 add a signer, 委派 delegate, and taking the request back."""

from __future__ import annotations

from typing import Literal

from yiwang.kernel.process.board import Board, Card
from yiwang.kernel.process.errors import BadRequest
from yiwang.kernel.process.model import Json, Place, TaskRow
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.verbs.common import come_back, in_hand, need_posts, start_waiting
from yiwang.messages import process as said

Rule = Literal["all", "any", "majority"]
When = Literal["before", "after"]
#: The form that answers a countersignature or a signature: ``forms/opinion.json`` of the kernel.
OPINION = "yw:opinion"


def countersign(board: Board, row: TaskRow, places: list[Place], rule: Rule, reason: str = "") -> list[TaskRow]:
    """会签: several posts give their opinion; the row waits until ``rule`` is decided and then holds the result.

    The result is ``gathered["countersign"]``: rule, agreed, answers; it joins the process data with the row's own.
    """
    if rule not in ("all", "any", "majority"):
        raise BadRequest(f"there is no rule {rule!r}", key="process.error.countersign_rule")
    in_hand(board, row)
    require("countersign", row)
    places = need_posts(row, places)
    start_waiting(board, row, countersign={"rule": rule, "of": len(places)})
    row.gathered = {**row.gathered, "countersign": {"rule": rule, "agreed": None, "answers": []}}
    return _ask(board, row, "countersign", places, "countersign", reason)


def add_signer(board: Board, row: TaskRow, places: list[Place], when: When, reason: str = "") -> list[TaskRow]:
    """加签: others sign before the row can be completed, or after its post has completed it and before it counts."""
    if when not in ("before", "after"):
        raise BadRequest(f"a signer signs before or after, not {when!r}", key="process.error.signer_when")
    in_hand(board, row)
    require("add_signer", row)
    places = need_posts(row, places)
    if when == "after":
        board.touch(row)
        later = {p["post"]: p for p in row.plan.get("after", [])}
        later |= {p.post: {"post": p.post, "org": p.org, "reason": reason} for p in places}
        row.plan = {**row.plan, "after": list(later.values())}
        board.note_down("add_signer", row, reason=reason, when=when, posts=[p.post for p in places])
        board.say(said.TaskAsked, row, verb="add_signer", posts=_posts(places), by_name=board.by.name, reason=reason)
        return []
    start_waiting(board, row, signer={"when": when})
    return _ask(board, row, "signer", places, "add_signer", reason)


def delegate(board: Board, row: TaskRow, place: Place, reason: str = "") -> TaskRow:
    """委派: another post does the work; the result comes back to the owner, who confirms it."""
    in_hand(board, row)
    require("delegate", row)
    [place] = need_posts(row, [place])
    start_waiting(board, row, delegate={"post": place.post})
    helper = board.open(
        "delegated", Card.of(row), place, asked="delegate", origin=row, due_at=row.due_at, data=row.data, reason=reason
    )
    board.note_down("delegate", row, reason=reason, from_post=row.post, to_post=place.post)
    board.say(said.TaskMoved, row, verb="delegate", to_post=place.post, by_name=board.by.name, reason=reason)
    return helper


def take_back(board: Board, row: TaskRow, reason: str) -> None:
    """撤回 of a request: those who have not answered need not any more; answers given so far stay in ``gathered``."""
    require("recall", row)
    for asked in board.serving(row):
        board.cancel(asked, reason)
    come_back(board, row)
    board.note_down("recall", row, reason=reason)


def _ask(
    board: Board, row: TaskRow, kind: str, places: list[Place], verb: Literal["countersign", "add_signer"], reason: str
) -> list[TaskRow]:
    card = Card(row.step, row.step_name_zh, row.step_name_en, OPINION, None, row.escalate, row.priority)
    opened = [
        board.open(kind, card, place, asked=verb, origin=row, due_at=row.due_at, reason=reason) for place in places
    ]
    board.note_down(verb, row, reason=reason, posts=[p.post for p in places], rule=row.plan.get(kind, {}))
    board.say(said.TaskAsked, row, verb=verb, posts=_posts(places), by_name=board.by.name, reason=reason)
    return opened


def sign_later(board: Board, row: TaskRow, form: Json) -> list[TaskRow]:
    """The owner has completed a row that others sign after: hold its result and ask them."""
    later = row.plan["after"]
    places = [Place(p["post"], p["org"]) for p in later]
    held = {"by": str(board.by.id) if board.by.id else None, "name": board.by.name, "at": board.now.isoformat()}
    start_waiting(board, row, signer={"when": "after"}, held=held)
    row.data = form
    row.resume_to = "claimed" if row.claimed_by else "open"
    return _ask(board, row, "signer", places, "add_signer", later[0].get("reason", ""))


def _posts(places: list[Place]) -> tuple[int, ...]:
    return tuple(place.post for place in places)
