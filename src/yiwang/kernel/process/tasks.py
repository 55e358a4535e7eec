"""What people do with tasks: every verb as an action of the write path, decided, recorded and said.

Each takes ``work``: a unit (``rt.unit``) or an action of a net that this belongs to. It locks the task's instance, asks
the policy about ``task.<verb>`` on the row as it is, does the verb on the board, and writes the board back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from uuid import UUID

from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.forms import Form
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import verbs
from yiwang.kernel.process.errors import BadRequest, InstanceStopped
from yiwang.kernel.process.model import Json, Place, TaskRow, snapshot
from yiwang.kernel.process.responsible import place_of
from yiwang.kernel.process.rules import allowed, require
from yiwang.kernel.process.session import Session, Work
from yiwang.kernel.process.store import dumps, q
from yiwang.kernel.process.verbs.asking import Rule, When
from yiwang.kernel.write import Act, Resource
from yiwang.messages import process as said

T = TypeVar("T")
#: Characters of JSON that a draft may have.
MOST_DRAFT = 200_000
#: A suspended instance still lets people talk, read and watch.
_ALWAYS = frozenset({"comment", "attach", "circulate", "supervise"})


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did to the row: its new version, and the rows that it opened."""

    task: UUID
    version: int
    state: str
    opened: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundFile:
    """What a form may ask of an attached file."""

    type: str
    size: int


def resource_of(row: TaskRow, package: str) -> Resource:
    """A task as policies see it; ``package`` is the scenario of its process, for that package's own policies."""
    facts = {"post": row.post, "step": row.step, "kind": row.kind, "state": row.state}
    attrs = facts | {"package": package, "subject_type": row.subject_type}
    return Resource("task", row.id, org=row.org, parties=tuple(row.parties), area=row.area, attrs=attrs)


async def _do(
    work: Work,
    verb: str,
    task_id: UUID,
    doing: Callable[[Act, Session, TaskRow], Awaitable[Any]],
    *,
    version: int | None = None,
    whole: bool = False,
    engine: bool = False,
    note: str = "",
) -> Done:
    session = await Session.of_task(work, task_id, whole=whole, engine=engine)
    board = session.board
    row = board.task(task_id)
    package = (await session.definition()).package
    async with work.also(f"task.{verb}", resource_of(row, package)) as act:
        if board.instance.state == "suspended" and verb not in _ALWAYS:
            raise InstanceStopped(f"process instance {board.instance.id} is suspended", state="suspended")
        if row.live or not allowed(verb, row.kind, row.state):
            board.expect_version(row, version)
        before = snapshot(row)
        await doing(act, session, row)
        await session.save(act)
        act.record(before=before, after=snapshot(row), note=note[:500])
    return Done(row.id, row.version, row.state, tuple(board.opened))


def _place(session: Session, post: int) -> Place:
    return place_of(session.rt.part(Directory), post)


def _places(session: Session, posts: list[int]) -> list[Place]:
    return [_place(session, post) for post in posts]


async def complete_task(work: Work, task_id: UUID, data: Json, *, version: int | None = None) -> Done:
    """办结: complete a task with its form; the process goes on within the same transaction.

    Raises AlreadyDone (who and when), StaleTask, ClaimedByOther, Invalid with one problem per field, NotNow, Refused,
    or whatever a capability on the way refuses with; then nothing has changed.
    """

    async def doing(act: Act, session: Session, row: TaskRow) -> None:
        require("complete", row)
        outcome = verbs.complete(session.board, row, await _validated(session, row, data))
        if outcome.token is not None:
            run = await session.run()
            await session.follow(act, run.complete(outcome.token, outcome.data, session.board.now), outcome.cause)
        elif outcome.corrected_step is not None:
            await session.correct(act, outcome.corrected_step, outcome.data, outcome.reopened)

    return await _do(work, "complete", task_id, doing, version=version, engine=True)


async def _validated(session: Session, row: TaskRow, data: Json) -> Json:
    form = (await session.definition()).form(row.form)
    if form is not None:
        return form.validate(data, now=session.board.now, files=await _files(session, form))
    if data:
        problems = [Problem(name, "process.error.no_such_field", {"field": name}) for name in sorted(data)[:50]]
        raise Invalid(f"step {row.step} has no form, so it takes no data", problems=problems)
    return {}


async def _files(session: Session, form: Form) -> dict[str, FoundFile] | None:
    """The files of the subject, by id, where the form has a field that names some."""
    if not any(field.widget == "file" for field in form.fields):
        return None
    inst = session.board.instance
    rows = await session.work.db.fetch(q.attachments, inst.subject_type, inst.subject_id)
    return {str(r["id"]): FoundFile(r["media_type"], r["size"]) for r in rows}


async def claim(work: Work, task_id: UUID, *, version: int | None = None) -> Done:
    """签收: take a task of one's post for oneself."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.claim(session.board, row)

    return await _do(work, "claim", task_id, doing, version=version)


async def release(work: Work, task_id: UUID, *, version: int | None = None) -> Done:
    """退还签收: give a claimed task back to the post."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.release(session.board, row)

    return await _do(work, "release", task_id, doing, version=version)


async def save_draft(work: Work, task_id: UUID, data: Json, *, version: int | None = None) -> Done:
    """暂存: keep an unfinished form as it is typed; the new version is in the result."""
    if len(dumps(data)) > MOST_DRAFT:
        raise BadRequest("the draft is too long", key="process.error.draft_too_long", most=MOST_DRAFT)

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.save(session.board, row, data)

    return await _do(work, "save", task_id, doing, version=version)


async def countersign(
    work: Work, task_id: UUID, posts: list[int], rule: Rule = "all", *, reason: str = "", version: int | None = None
) -> Done:
    """会签: ask several posts for their opinion; all, any or a majority of them decides."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.countersign(session.board, row, _places(session, posts), rule, reason)

    return await _do(work, "countersign", task_id, doing, version=version, note=reason)


async def add_signer(
    work: Work, task_id: UUID, posts: list[int], when: When = "before", *, reason: str = "", version: int | None = None
) -> Done:
    """加签: have others sign before the task can be completed, or after it was."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.add_signer(session.board, row, _places(session, posts), when, reason)

    return await _do(work, "add_signer", task_id, doing, version=version, note=reason)


async def delegate(work: Work, task_id: UUID, post: int, *, reason: str = "", version: int | None = None) -> Done:
    """委派: let another post do it; it comes back to be confirmed."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.delegate(session.board, row, _place(session, post), reason)

    return await _do(work, "delegate", task_id, doing, version=version, note=reason)


async def transfer(work: Work, task_id: UUID, post: int, reason: str, *, version: int | None = None) -> Done:
    """转办: hand the task over to another post for good."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.transfer(session.board, row, _place(session, post), reason)

    return await _do(work, "transfer", task_id, doing, version=version, note=reason)


async def return_task(
    work: Work, task_id: UUID, reason: str, *, to_step: str | None = None, version: int | None = None
) -> Done:
    """退回: an earlier step does its work again; this task waits for it."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.return_task(session.board, row, reason, to_step)

    return await _do(work, "return", task_id, doing, version=version, whole=True, note=reason)


async def recall(work: Work, task_id: UUID, *, reason: str = "") -> Done:
    """撤回: take back what one has completed while nobody has touched what follows, or what one has asked of others.

    ``task_id`` is the task that was completed (or that waits), not the one that follows.
    """

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        if row.state == "done" and row.done_by is not None and row.done_by != session.board.by.id:
            raise BadRequest(
                "only who completed it may recall it", key="process.error.not_yours", who=row.done_name or ""
            )
        verbs.recall(session.board, row, reason)

    return await _do(work, "recall", task_id, doing, whole=True, note=reason)


async def circulate(work: Work, task_id: UUID, posts: list[int], *, reason: str = "") -> Done:
    """传阅: have other posts read it; each gets a row whose completion is the receipt."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.circulate(session.board, row, _places(session, posts), reason)

    return await _do(work, "circulate", task_id, doing, note=reason)


async def urge(work: Work, task_id: UUID, *, reason: str = "") -> Done:
    """催办: remind the post that holds it, at most every half hour (UrgedTooOften)."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.urge(session.board, row, reason)

    return await _do(work, "urge", task_id, doing, note=reason)


async def supervise(work: Work, task_id: UUID, post: int, reason: str, *, span: str | None = None) -> Done:
    """督办: a supervisor's post watches it and reports; ``span`` is the supervisor's own deadline."""

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        verbs.supervise(session.board, row, _place(session, post), reason, span=span)

    return await _do(work, "supervise", task_id, doing, note=reason)


async def suspend(work: Work, task_id: UUID, reason: str, *, version: int | None = None) -> Done:
    """挂起: the clock of the task stands still, and so do the timers that the process has on it."""

    async def doing(act: Act, session: Session, row: TaskRow) -> None:
        verbs.suspend(session.board, row, reason)
        if row.token is not None:
            await session.hold_timers(act, row.token, paused=True)

    return await _do(work, "suspend", task_id, doing, version=version, engine=True, note=reason)


async def resume(work: Work, task_id: UUID, *, reason: str = "", version: int | None = None) -> Done:
    """恢复: the clock goes on; the deadline has moved by the working time of the pause."""

    async def doing(act: Act, session: Session, row: TaskRow) -> None:
        verbs.resume(session.board, row, reason)
        if row.token is not None:
            await session.hold_timers(act, row.token, paused=False)

    return await _do(work, "resume", task_id, doing, version=version, engine=True, note=reason)


async def comment(work: Work, task_id: UUID, body: str) -> UUID:
    """填写意见: a note that stays whatever happens to the task; returns its id."""
    body = body.strip()
    if not 0 < len(body) <= 4000:
        raise BadRequest("a comment has 1 to 4000 characters", key="process.error.comment_length", most=4000)
    made: list[UUID] = []

    async def doing(_act: Act, session: Session, row: TaskRow) -> None:
        board = session.board
        require("comment", row)
        made.append(board.write("comment", body, row))
        board.say(said.NoteWritten, note=made[0], task=row.id, by_name=board.by.name)

    await _do(work, "comment", task_id, doing)
    return made[0]


Verb = Literal[
    "complete", "claim", "release", "save", "countersign", "add_signer", "delegate", "transfer", "return", "recall",
    "circulate", "urge", "supervise", "suspend", "resume", "comment",
]  # fmt: skip
#: Every verb by the name that the state table, the policy and the pages use.
ACTIONS: dict[str, Callable[..., Awaitable[Any]]] = {
    "complete": complete_task, "claim": claim, "release": release, "save": save_draft, "countersign": countersign,
    "add_signer": add_signer, "delegate": delegate, "transfer": transfer, "return": return_task, "recall": recall,
    "circulate": circulate, "urge": urge, "supervise": supervise, "suspend": suspend, "resume": resume,
    "comment": comment,
}  # fmt: skip
