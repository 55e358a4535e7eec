"""Which verb is allowed on which kind of task in which state: the one table, as data.

A verb that the table does not allow is refused with Conflict before anything is touched. Who may use a verb is another
question, and the policy's (policies/*.cedar).
"""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.kernel.process.errors import NotNow
from yiwang.kernel.process.model import KINDS, STATES, TaskRow

_DESK = frozenset({"open", "claimed"})
_WORK = ("main", "rework")
_ANSWERS = ("countersign", "signer", "delegated")
_ANY_STATE = frozenset(STATES)


def _rule(states: frozenset[str], *kinds: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(kinds, states)


#: verb -> kind -> states. A kind that is not named is not allowed in any state.
TABLE: Mapping[str, Mapping[str, frozenset[str]]] = {
    # One person of the post takes it, or lets go of it again.
    "claim": _rule(frozenset({"open"}), *_WORK, *_ANSWERS, "supervise"),
    "release": _rule(frozenset({"claimed"}), *_WORK, *_ANSWERS, "supervise"),
    "save": _rule(_DESK, *_WORK, *_ANSWERS, "supervise"),
    "complete": _rule(_DESK, *KINDS),
    # Asking others before, or after, one answers oneself.
    "countersign": _rule(_DESK, *_WORK),
    "add_signer": _rule(_DESK, *_WORK),
    "delegate": _rule(_DESK, *_WORK),
    "transfer": _rule(_DESK, *_WORK, *_ANSWERS, "supervise"),
    # Back to an earlier step; back by whoever sent it (done), or taking back what one asked of others (waiting).
    "return": _rule(_DESK, *_WORK),
    "recall": _rule(frozenset({"done", "waiting"}), *_WORK),
    # Beside the flow.
    "circulate": _rule(_ANY_STATE - {"transferred", "cancelled"}, *_WORK),
    "urge": _rule(_DESK | {"waiting"}, *_WORK, *_ANSWERS, "supervise"),
    "supervise": _rule(_DESK | {"waiting", "suspended", "returned", "recalled"}, *_WORK),
    # The clock.
    "suspend": _rule(_DESK | {"waiting"}, *_WORK),
    "resume": _rule(frozenset({"suspended"}), *_WORK),
    # Always: what people say and show is never refused by the state of a row.
    "comment": _rule(_ANY_STATE, *KINDS),
    "attach": _rule(_ANY_STATE, *KINDS),
}

VERBS = tuple(TABLE)


def allowed(verb: str, kind: str, state: str) -> bool:
    """Whether the table allows the verb. KeyError for a verb that does not exist."""
    return state in TABLE[verb].get(kind, frozenset())


def allowed_verbs(task: TaskRow) -> list[str]:
    """The verbs that a page may offer for a row (before the policy is asked who may)."""
    return [verb for verb in VERBS if allowed(verb, task.kind, task.state)]


def require(verb: str, task: TaskRow) -> None:
    """Raise NotNow unless the table allows the verb on the row."""
    if not allowed(verb, task.kind, task.state):
        raise NotNow(
            f"{verb} is not possible on a {task.kind} task that is {task.state}",
            verb=verb, kind=task.kind, state=task.state, step=task.step_name_zh, task=str(task.id),
        )  # fmt: skip
