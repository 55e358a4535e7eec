"""A story that did not go as told: where, what was expected, what was found."""

from __future__ import annotations

from typing import Any

import yaml

from yiwang.kernel.scenarios.storybook.model import Story, StoryLine


class StoryFailed(AssertionError):
    """One step of a story failed. An AssertionError, so that a test runner counts it as a failure, not an error."""

    def __init__(self, story: Story, line: StoryLine | None, *, expected: Any, found: Any, context: str = "") -> None:
        self.story, self.line, self.expected, self.found, self.context = story, line, expected, found, context
        super().__init__(self.report())

    def report(self) -> str:
        """The failure as a person reads it in a terminal."""
        where = f"{self.story.file}:{self.line.line}" if self.line else self.story.file
        step = f"step {self.line.number} ({self.line.verb})" if self.line else "before the first step"
        parts = [f"story: {self.story.title.zh}", f"  at {where}, {step}", f"  expected: {show(self.expected)}"]
        parts.append(f"  found:    {show(self.found)}")
        if self.context:
            parts.append(self.context)
        return "\n".join(parts)


def show(value: Any) -> str:
    """A value on one line, as it would stand in the story."""
    if isinstance(value, str):
        return value
    return yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False).strip()
