"""The state table against itself: every cell is what the verb does."""

from __future__ import annotations

import pytest

from tests.kernel.process.boards import WANG, again, main_task, make_board, place
from yiwang.kernel.process import verbs
from yiwang.kernel.process.board import Board
from yiwang.kernel.process.errors import NotNow
from yiwang.kernel.process.model import FINAL, KINDS, STATES, TaskRow
from yiwang.kernel.process.rules import TABLE, VERBS, allowed, allowed_verbs, require

_CALLS = {
    "claim": lambda b, r: verbs.claim(b, r),
    "release": lambda b, r: verbs.release(b, r),
    "save": lambda b, r: verbs.save(b, r, {"x": 1}),
    "complete": lambda b, r: verbs.complete(b, r, {"agree": True}),
    "countersign": lambda b, r: verbs.countersign(b, r, [place(11), place(12)], "all"),
    "add_signer": lambda b, r: verbs.add_signer(b, r, [place(11)], "before"),
    "delegate": lambda b, r: verbs.delegate(b, r, place(11)),
    "transfer": lambda b, r: verbs.transfer(b, r, place(11), "不属本单位"),
    "return": lambda b, r: verbs.return_task(b, r, "材料不全"),
    "circulate": lambda b, r: verbs.circulate(b, r, [place(11)]),
    "urge": lambda b, r: verbs.urge(b, r),
    "supervise": lambda b, r: verbs.supervise(b, r, place(11), "超期"),
    "suspend": lambda b, r: verbs.suspend(b, r, "等材料"),
    "resume": lambda b, r: verbs.resume(b, r),
}


def _row(board: Board, kind: str, state: str) -> TaskRow:
    first = main_task(board, token="0", post=5)
    first.step = "accept"
    board.finish(first)
    owner = main_task(board, post=1, cause=first)
    owner.state, owner.resume_to = "waiting", "open"
    owner.gathered = {"countersign": {"rule": "all", "agreed": None, "answers": []}}
    owner.plan = {"countersign": {"rule": "all", "of": 1}, "signer": {"when": "before"}}
    if kind == "main":
        row = owner
    else:
        plan = {"parks": [str(owner.id)]} if kind == "rework" else {}
        row = board.open(kind, _card(board), place(1), asked="test", origin=owner, cause=first.id, plan=plan)
        if kind in ("circulate", "supervise", "rework"):
            owner.state = "returned" if kind == "rework" else "open"
    row.state = state
    row.claimed_by = WANG.id if state == "claimed" else None
    if state == "suspended":
        row.plan = {**row.plan, "paused": {"by": "task", "state": "open", "fresh": True}}
        row.paused_at = board.now
    if state in FINAL:
        row.done_at = board.now
    return row


def _card(board: Board):
    from tests.kernel.process.boards import CARD

    return CARD


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", sorted(_CALLS))
def test_a_verb_works_exactly_where_the_table_says(verb: str, kind: str, state: str) -> None:
    board = make_board()
    row = _row(board, kind, state)
    board = again(board)
    before = {key: (r.state, r.version, r.due_at) for key, r in board.rows.items()}
    if allowed(verb, kind, state):
        _CALLS[verb](board, row)
        assert board.before or board.opened
        assert board.logs or verb == "save"
    else:
        with pytest.raises(NotNow):
            _CALLS[verb](board, row)
        assert before == {key: (r.state, r.version, r.due_at) for key, r in board.rows.items()}
        assert not (board.opened or board.before or board.logs or board.events or board.notes)


def test_the_table_names_only_kinds_and_states_that_exist() -> None:
    for verb, kinds in TABLE.items():
        assert set(kinds) <= set(KINDS), verb
        for states in kinds.values():
            assert states <= set(STATES), verb


def test_the_table_covers_every_verb_that_is_tested_and_the_rest_by_name() -> None:
    assert set(VERBS) - set(_CALLS) == {"recall", "comment", "attach"}


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_changes_a_row_that_has_ended_but_what_is_said_and_shown(kind: str, state: str) -> None:
    may = {verb for verb in VERBS if allowed(verb, kind, state)}
    assert {"comment", "attach"} <= may
    assert may <= {"comment", "attach", "circulate", "recall"}


def test_a_page_is_offered_what_is_allowed() -> None:
    row = main_task(make_board())
    assert "complete" in allowed_verbs(row)
    assert "resume" not in allowed_verbs(row)
    with pytest.raises(NotNow, match="resume is not possible on a main task that is open"):
        require("resume", row)
