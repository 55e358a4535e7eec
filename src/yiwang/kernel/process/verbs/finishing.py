"""Completing a row, by kind, and what follows for the row that it served."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yiwang.kernel.process.board import Board
from yiwang.kernel.process.errors import BadRequest
from yiwang.kernel.process.model import PARKED, By, Json, TaskRow
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.verbs.asking import sign_later
from yiwang.kernel.process.verbs.common import come_back, in_hand, unpark
from yiwang.messages import process as said


@dataclass(slots=True)
class Outcome:
    """What the engine must hear of a completion: a token is done with ``data``, or earlier data were corrected.

    ``cause`` is the row that whatever opens next follows from; ``reopened`` are parked rows that are live again.
    """

    cause: UUID
    token: str | None = None
    data: Json = field(default_factory=dict)
    corrected_step: str | None = None
    reopened: list[TaskRow] = field(default_factory=list)


def complete(board: Board, row: TaskRow, form: Json) -> Outcome:
    """Complete a row with its validated form. Signers ordered for afterwards hold the result back."""
    in_hand(board, row)
    require("complete", row)
    if row.kind in ("countersign", "signer"):
        return _answered(board, row, form)
    if row.kind == "delegated":
        return _handed_back(board, row, form)
    if row.kind in ("circulate", "supervise"):
        _done(board, row, form, "read" if row.kind == "circulate" else "complete")
        if form.get("opinion"):
            board.write("opinion", str(form["opinion"]), row)
        return Outcome(row.id)
    if row.plan.get("after"):
        sign_later(board, row, form)
        return Outcome(row.id)
    row.data = form
    return _finished(board, row, board.by)


def close_token(board: Board, token: str, reason: str = "") -> None:
    """The engine gave a token up (a boundary event, a completion condition): its row and what served it end."""
    row = board.holder(token)
    if row is not None:
        board.cancel(row, reason)


def _done(board: Board, row: TaskRow, form: Json, verb: str = "complete") -> None:
    row.data = form
    board.finish(row)
    board.note_down(verb, row)
    on_time = None if row.due_at is None else board.now <= row.due_at
    board.say(said.TaskCompleted, row, by=board.by.id, by_name=board.by.name, on_time=on_time)


def _finished(board: Board, row: TaskRow, who: By) -> Outcome:
    held = row.plan.get("held")
    acting, board.by = board.by, who
    try:
        _done(board, row, row.data)
    finally:
        board.by = acting
    if held:
        row.plan = {k: v for k, v in row.plan.items() if k != "after"}
    if row.kind == "rework":
        return _reworked(board, row)
    return Outcome(row.id, token=row.token, data={**row.data, **row.gathered})


def _reworked(board: Board, row: TaskRow) -> Outcome:
    outcome = Outcome(row.id, corrected_step=row.step, data={**row.data, **row.gathered})
    for parked_id in row.plan.get("parks", []):
        parked = board.rows.get(UUID(parked_id))  # absent: it has ended meanwhile
        if parked is not None and parked.state in PARKED:
            unpark(board, parked)
            parked.cause = row.id
            board.note_down("reopen", parked, from_post=row.post, to_post=parked.post)
            board.say(said.TaskMoved, parked, verb="reopen", to_post=parked.post, by_name=board.by.name)
            outcome.reopened.append(parked)
    return outcome


def _answered(board: Board, row: TaskRow, form: Json) -> Outcome:
    agree, opinion = form.get("agree"), str(form.get("opinion") or "")
    if not isinstance(agree, bool):
        raise BadRequest("an answer says whether it agrees", key="process.error.answer_needed")
    owner = board.task(row.origin) if row.origin else row
    _done(board, row, form)
    if opinion:
        board.write("opinion", opinion, row)
    answer = {
        "post": row.post, "by": str(board.by.id) if board.by.id else None, "name": board.by.name, "agree": agree,
        "opinion": opinion, "at": board.now.isoformat(),
    }  # fmt: skip
    board.touch(owner)
    if row.kind == "countersign":
        return _countersigned(board, owner, answer)
    return _signed(board, owner, answer)


def _countersigned(board: Board, owner: TaskRow, answer: Json) -> Outcome:
    plan, result = owner.plan["countersign"], owner.gathered["countersign"]
    answers = [*result["answers"], answer]
    agreed = decide(plan["rule"], [bool(a["agree"]) for a in answers], int(plan["of"]))
    owner.gathered = {**owner.gathered, "countersign": {**result, "answers": answers, "agreed": agreed}}
    if agreed is not None:
        _dismiss(board, owner)
        come_back(board, owner)
    return Outcome(owner.id)


def decide(rule: str, answers: list[bool], of: int) -> bool | None:
    """Whether a countersignature of ``of`` posts is decided: True, False, or None while it may still go either way."""
    yes, no = sum(answers), len(answers) - sum(answers)
    needed = {"all": of, "any": 1, "majority": of // 2 + 1}[rule]
    if rule == "all" and yes + no < of:
        return None  # everybody is heard, also after the first no
    if yes >= needed:
        return True
    return False if yes + (of - yes - no) < needed else None


def _signed(board: Board, owner: TaskRow, answer: Json) -> Outcome:
    owner.gathered = {**owner.gathered, "signers": [*owner.gathered.get("signers", []), answer]}
    held: dict[str, Any] | None = owner.plan.get("held")
    if held and not answer["agree"]:
        _dismiss(board, owner)
    elif board.serving(owner):
        return Outcome(owner.id)
    elif held:
        who = By(UUID(held["by"]) if held["by"] else None, held["name"], owner.post)
        return _finished(board, owner, who)
    come_back(board, owner)
    return Outcome(owner.id)


def _dismiss(board: Board, owner: TaskRow) -> None:
    for other in board.serving(owner):
        board.cancel(other, "")


def _handed_back(board: Board, row: TaskRow, form: Json) -> Outcome:
    owner = board.task(row.origin) if row.origin else row
    _done(board, row, form)
    come_back(board, owner)
    owner.data = form
    owner.gathered = {
        **owner.gathered,
        "delegated": {"post": row.post, "name": board.by.name, "at": board.now.isoformat()},
    }
    board.note_down("handed_back", owner, from_post=row.post, to_post=owner.post)
    return Outcome(owner.id)
