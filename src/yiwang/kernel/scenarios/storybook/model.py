"""A story as read from YAML: what is given, what happens, what is expected, each step with its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.kernel.scenarios.formats import Text

MODIFIERS = ("as", "note", "fails")
"""Keys of a step that are not its verb: who acts, a remark, and the error that the step must end in."""


@dataclass(frozen=True)
class StoryLine:
    """One step: its number from 1 (`given` and `steps` count on), its line, verb, arguments, and who acts."""

    number: int
    line: int
    verb: str
    args: Any
    actor: str | None = None
    note: str = ""
    fails: str | None = None


@dataclass(frozen=True)
class Story:
    """One story file."""

    file: str
    title: Text
    at: datetime
    lines: tuple[StoryLine, ...]
    facts: dict[str, Any] = field(default_factory=dict)
