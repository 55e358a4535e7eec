"""Which verbs to offer: what the state of the row allows and what the policy allows this reader, asked once each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from yiwang.kernel.policy import Policies
from yiwang.kernel.process import allowed_verbs, resource_of
from yiwang.kernel.process.model import TaskRow
from yiwang.web.context import Context

_FIELDS = tuple(f.name for f in fields(TaskRow))


def task_row(row: Any) -> TaskRow:
    """A row of ``queries.task_detail`` as the kernel's rules want it."""
    return TaskRow(**{name: row[name] for name in _FIELDS})


async def allowed_to(ctx: Context, row: TaskRow, package: str) -> list[str]:
    """The verbs that a page may offer. Hiding is courtesy: each is decided again when it is done."""
    policies, resource = ctx.rt.part(Policies), resource_of(row, package)
    found = []
    for verb in allowed_verbs(row):
        if _in_other_hands(ctx, row, verb):
            continue
        if (await policies.may(ctx.actor, f"task.{verb}", resource)).allowed:
            found.append(verb)
    return found


#: What a colleague who has not claimed the row cannot do while somebody else has it.
_HANDS = frozenset({"complete", "save", "claim", "countersign", "add_signer", "delegate", "return"})


def _in_other_hands(ctx: Context, row: TaskRow, verb: str) -> bool:
    if verb == "recall":
        return row.state == "done" and row.done_by != ctx.actor.id
    return verb in _HANDS and row.claimed_by is not None and row.claimed_by != ctx.actor.id
