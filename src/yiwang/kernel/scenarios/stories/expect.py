"""`expect`: what must be so at this point of the story. Nets add kinds by registering the verb `expect.<kind>`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from yiwang.kernel.scenarios.problems import guess
from yiwang.kernel.scenarios.stories.matching import differs, mismatches
from yiwang.kernel.scenarios.stories.tasks import addressed, called, line, open_tasks, q, tasks_of
from yiwang.kernel.scenarios.stories.world import World

Check = Callable[[World, Any], Awaitable[None]]
TASK_KEYS = ("name", "to", "count", "state", "kind", "supervised", "urged", "overdue", "due", "reason", "title")


async def expect(story: World, args: Any) -> None:
    """Check every kind that the step names; the first that is not so fails the story."""
    wanted = story.need(args)
    registered = {s.verb.removeprefix("expect."): s.run for s in story.rt.registry.all("story_steps") if "." in s.verb}
    kinds: dict[str, Check] = {**registered, **KINDS}
    for kind, value in wanted.items():
        check = kinds.get(kind)
        if check is None:
            near = guess(kind, kinds)
            raise story.failure(
                expected=f"one of {', '.join(sorted(kinds))}", found=kind + (f" (did you mean {near}?)" if near else "")
            )
        await check(story, value)


async def _task(story: World, value: Any) -> None:
    wanted = {"name": value} if isinstance(value, str) else dict(story.need(value, "name"))
    for key in wanted:
        if key not in TASK_KEYS:
            raise story.failure(expected=f"one of {', '.join(TASK_KEYS)}", found=key)
    name, to, count = str(wanted.pop("name")), wanted.pop("to", None), wanted.pop("count", None)
    named = [task for task in await tasks_of(story) if called(task, name)]
    if "state" not in wanted:
        named = [task for task in named if task["live"]]
    there = [task for task in named if to is None or addressed(story, task, to)]
    fitting = [task for task in there if not mismatches(wanted, _facts(story, task))]
    if (len(fitting) != count) if count is not None else not fitting:
        expected = {
            "task": name,
            **({"to": to} if to else {}),
            **wanted,
            **({"count": count} if count is not None else {}),
        }
        found = "; ".join(line(story, task) for task in named) or f"no task {name}"
        raise story.failure(expected=expected, found=found, context=await open_tasks(story))


def _facts(story: World, task: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: task[key] for key in ("state", "kind", "supervised", "urged", "reason", "title")},
        "overdue": task["due_at"] is not None and task["due_at"] <= story.clock.now() and task["live"],
        "due": task["due_at"],
    }


async def _no_task(story: World, value: Any) -> None:
    wanted = {"name": value} if isinstance(value, str) else dict(story.need(value, "name"))
    await _task(story, {**wanted, "count": 0})


async def _process(story: World, value: Any) -> None:
    wanted = story.need({"state": value} if isinstance(value, str) else value)
    async with story.rt.read_as_system() as conn:
        rows = [dict(row) for row in await conn.fetch(q.story_instances, story.subject_id)]
    if not any(not mismatches(wanted, row) for row in rows):
        found = "; ".join(f"{row['key']} v{row['version']} {row['state']}" for row in rows) or "no process"
        raise story.failure(expected={"process": wanted}, found=found)


async def _audit(story: World, value: Any) -> None:
    wanted = {"action": value} if isinstance(value, str) else dict(story.need(value, "action"))
    count = wanted.pop("count", None)
    async with story.rt.read_as_system() as conn:
        rows = [dict(row) for row in await conn.fetch(q.story_audit, wanted["action"])]
    names = {"by": "actor_kind", "action": "action", "note": "note", "type": "resource_type"}
    fitting = [r for r in rows if not any(differs(v, r.get(names.get(k, k))) for k, v in wanted.items())]
    if (len(fitting) != count) if count is not None else not fitting:
        found = f"{len(fitting)} such entries" if fitting else f"{len(rows)} entries of {wanted['action']}"
        raise story.failure(expected={"audit": {**wanted, "count": count or "at least 1"}}, found=found)


async def _fact(story: World, value: Any) -> None:
    wrong = mismatches(story.need(value), story.facts)
    if wrong:
        raise story.failure(expected={"fact": value}, found=wrong)


KINDS: dict[str, Check] = {
    "task": _task,
    "no_task": _no_task,
    "process": _process,
    "audit": _audit,
    "fact": _fact,
}
"""The kinds that the kernel itself knows."""
