"""Finding the task that a step of a story speaks of."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.db import Queries
from yiwang.kernel.scenarios.stories.world import World

q = Queries.load("yiwang.kernel.scenarios")


async def tasks_of(story: World) -> list[dict[str, Any]]:
    """Every task of the story's subject (of all subjects before there is one), oldest first."""
    async with story.rt.read_as_system() as conn:
        return [dict(row) for row in await conn.fetch(q.story_tasks, story.subject_id)]


def called(task: dict[str, Any], name: str) -> bool:
    """Whether a task goes by this name: of its step in zh or en, the id of the step, or its kind."""
    return name in (task["step_name_zh"], task["step_name_en"], task["step"], task["kind"], task["kind_zh"])


def addressed(story: World, task: dict[str, Any], to: str) -> bool:
    """Whether a task lies with this role (`handler`) or this very post (`handler@320200/shizheng`)."""
    role, _, where = to.partition("@")
    if not where:
        return bool(story.directory.post(task["post"]).role == role)
    return bool(story.post(to).id == task["post"])


def line(story: World, task: dict[str, Any]) -> str:
    """One task on one line."""
    due = work_calendar(story.rt).local(task["due_at"]) if task["due_at"] else None
    late = f", due {due:%Y-%m-%d %H:%M}" if due else ""
    post = story.directory.post_label(task["post"])
    return f"{task['step_name_zh']} [{task['kind']}, {task['state']}] at {post}{late}"


async def open_tasks(story: World) -> str:
    """What is open now, for the report of a failure."""
    found = [line(story, task) for task in await tasks_of(story) if task["live"]]
    return "\n".join(["  open tasks:", *(f"    - {text}" for text in found)]) if found else "  open tasks: none"


async def on_desk(story: World, name: str, to: str | None) -> dict[str, Any]:
    """The oldest live task of that name, at that post if one is named; fails the story when there is none."""
    everything = await tasks_of(story)
    live = [task for task in everything if task["live"] and called(task, name)]
    fitting = [task for task in live if to is None or addressed(story, task, to)]
    if not fitting:
        wanted = f"an open task {name}" + (f" at {to}" if to else "")
        found = "; ".join(line(story, task) for task in live) or "no open task of that name"
        raise story.failure(expected=wanted, found=found, context=await open_tasks(story))
    # The step itself goes before what its verbs opened (a countersignature bears the name of its step too).
    own = [task for task in fitting if task["kind"] in ("main", "rework") or name in (task["kind"], task["kind_zh"])]
    return sorted(own or fitting, key=lambda task: task["state"] not in ("open", "claimed"))[0]
