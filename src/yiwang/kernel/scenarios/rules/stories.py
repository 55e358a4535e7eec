"""stories: stories parse, use verbs that exist, and speak of tasks, form fields and roles that exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.scan import Step, scan
from yiwang.kernel.scenarios.storybook.model import Story, StoryLine
from yiwang.kernel.scenarios.storybook.names import CORE_VERBS, PEOPLE, VERB_TASKS
from yiwang.kernel.scenarios.storybook.parse import parse_story


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Parse every story and look at every step."""
    stories = package.folder("stories")
    if not stories:
        yield problem("stories", "stories", "story_none")
    steps = [step for path, xml in package.folder("processes").items() for step in scan(path, xml).tasks()]
    for path, content in stories.items():
        story, problems = parse_story(path, content)
        yield from problems
        if story is not None:
            for line in story.lines:
                yield from _line(package, known, steps, story, line)


def _line(package: Package, known: Known, steps: list[Step], story: Story, line: StoryLine) -> Iterator[Problem]:
    where = place(story.file, line.line)
    verbs = CORE_VERBS | {verb for verb in known.verbs if not verb.startswith("expect.")}
    if line.verb not in verbs:
        yield problem("stories", where, "story_verb_unknown", step=line.number, found=line.verb,
                      known=", ".join(sorted(verbs)), meant=guess(line.verb, verbs))  # fmt: skip
        return
    yield from _role(where, line, known)
    task = line.args.get("task") if isinstance(line.args, dict) else None
    if line.verb == "complete" and isinstance(task, str):
        yield from _task(package, where, line, task, steps)


def _role(where: str, line: StoryLine, known: Known) -> Iterator[Problem]:
    if line.actor is None:
        return
    role = line.actor.split("@")[0]
    people = known.roles | PEOPLE
    if role not in people:
        yield problem("stories", where, "story_role_unknown", step=line.number, found=role,
                      known=", ".join(sorted(people)), meant=guess(role, people))  # fmt: skip


def _task(package: Package, where: str, line: StoryLine, task: str, steps: list[Step]) -> Iterator[Problem]:
    matching = [step for step in steps if task in (step.name, step.name_en, step.id)]
    if not matching and task in VERB_TASKS:
        return
    if not matching:
        names = [step.name for step in steps]
        near = guess(task, [*names, *(s.name_en for s in steps), *(s.id for s in steps)])
        yield problem(
            "stories", where, "story_task_unknown", step=line.number, found=task, known=", ".join(names), meant=near
        )
        return
    form, data = matching[0].attrs.get("form", ""), line.args.get("form")
    fields = form_fields(package, form)
    if fields is None or not isinstance(data, dict):
        return
    for name in data:
        if name not in fields:
            yield problem("stories", where, "story_field_unknown", step=line.number, form=form, field=name,
                          known=", ".join(fields), meant=guess(name, fields))  # fmt: skip


def form_fields(package: Package, form: str) -> list[str] | None:
    """The names of the fields of a form of the package; None when it is not there or cannot be read."""
    content = package.files.get(f"forms/{form}.json")
    try:
        table: Any = json.loads(content) if content is not None else None
    except ValueError:
        return None
    return list(table.get("properties", {})) if isinstance(table, dict) else None


RULE = Rule("stories", "Stories parse and speak of verbs, tasks, form fields and roles that exist.", check)
