"""Reading stories/*.yaml: plain data only, no tags, no anchors, with the line of every step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import yaml
from pydantic import ValidationError

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Text
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.storybook.model import MODIFIERS, Story, StoryLine

RULE = "stories"
KEYS = ("story", "at", "given", "steps", "facts")
MAX_STEPS = 200
MAX_DEPTH = 8


class _Bad(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def parse_story(file: str, content: bytes) -> tuple[Story | None, list[Problem]]:
    """Parse one file; the story is None when it cannot be run, and every problem is named with its line."""
    try:
        node = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
        if not isinstance(node, yaml.MappingNode):
            raise _Bad(1, "a story is a mapping of story, at, given and steps")
        table = _plain(node, 0)
    except UnicodeDecodeError as error:
        return None, [problem(RULE, file, "not_utf8", position=error.start)]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return None, [problem(RULE, place(file, line), "bad_yaml", reason=error.problem or str(error))]
    except (yaml.YAMLError, _Bad) as error:
        return None, [problem(RULE, place(file, getattr(error, "line", None)), "bad_yaml", reason=str(error))]
    return _story(file, node, table)


def _plain(node: yaml.Node, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _Bad(node.start_mark.line + 1, "nested too deeply")
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in out:
                raise _Bad(key.start_mark.line + 1, f"the key {name} is written twice")
            out[name] = _plain(value, depth + 1)
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, depth + 1) for item in node.value]
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    finally:
        loader.dispose()


def _story(file: str, node: yaml.MappingNode, table: dict[str, Any]) -> tuple[Story | None, list[Problem]]:
    lines = {str(key.value): (key.start_mark.line + 1, value) for key, value in node.value}
    problems = [
        problem(
            RULE,
            place(file, lines[name][0]),
            "field_unknown",
            field=name,
            known=", ".join(KEYS),
            meant=guess(name, KEYS),
        )
        for name in table
        if name not in KEYS
    ]
    title, at = _title(table.get("story")), _moment(table.get("at"))
    if title is None:
        reason = "expected a text, or {zh: ..., en: ...}"
        problems.append(problem(RULE, place(file, 1), "story_shape", field="story", reason=reason))
    if at is None:
        reason = "expected a moment with its offset, such as 2026-03-02T09:00+08:00"
        problems.append(
            problem(RULE, place(file, lines.get("at", (1, None))[0]), "story_shape", field="at", reason=reason)
        )
    steps: list[StoryLine] = []
    for part in ("given", "steps"):
        if part in lines:
            problems.extend(_steps(file, part, lines[part][1], steps))
    if not steps:
        problems.append(problem(RULE, place(file, 1), "story_shape", field="steps", reason="there is no step"))
    facts = table.get("facts", {})
    if problems or title is None or at is None or not isinstance(facts, dict):
        return None, problems
    return Story(file=file, title=title, at=at, lines=tuple(steps), facts=facts), []


def _steps(file: str, part: str, node: yaml.Node, out: list[StoryLine]) -> Iterator[Problem]:
    if not isinstance(node, yaml.SequenceNode):
        yield problem(RULE, place(file, node.start_mark.line + 1), "story_shape", field=part, reason="expected a list")
        return
    for item in node.value:
        line, number = item.start_mark.line + 1, len(out) + 1
        step = _plain(item, 2) if isinstance(item, yaml.MappingNode) else {}
        verbs = [name for name in step if name not in MODIFIERS]
        if len(verbs) != 1 or number > MAX_STEPS:
            yield problem(RULE, place(file, line), "story_step_verb", step=number, found=", ".join(verbs) or "—")
            continue
        out.append(
            StoryLine(
                number=number,
                line=line,
                verb=verbs[0],
                args=step[verbs[0]],
                actor=_optional(step.get("as")),
                note=str(step.get("note", "")),
                fails=_optional(step.get("fails")),
            )
        )


def _optional(value: Any) -> str | None:
    return None if value is None else str(value)


def _title(value: Any) -> Text | None:
    if isinstance(value, str) and value.strip():
        return Text(zh=value, en=value)
    try:
        return Text.model_validate(value)
    except ValidationError:
        return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC)
