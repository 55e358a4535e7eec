"""The menu of verbs beside a task: what leads where."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from yiwang.kernel.runtime import Runtime
from yiwang.web.tasks.verbs import GROUPS, VERBS, Verb


@dataclass(frozen=True, slots=True)
class Menu:
    """``buttons`` act at once; ``groups`` lead to a small form each. ``base`` is the task's address at its desk."""

    base: str
    back: str
    buttons: tuple[Verb, ...]
    groups: tuple[tuple[Verb, ...], ...]

    def href(self, verb: Verb) -> str:
        """The form of a verb, which comes back to the page that it was called from."""
        return f"{self.base}/{verb.name}?back={quote(self.back, safe='/')}"


def menu_of(rt: Runtime, task: object, allowed: list[str], back: str) -> Menu:
    """The menu for a task of which ``allowed`` (see ``allowed_to``) may be done; ``back`` is the page it stands on."""
    desk = next(iter(rt.registry.extra("task_desk")), "")
    offered = [verb for verb in VERBS.values() if verb.name in allowed]
    groups = tuple(tuple(v for v in offered if v.group == group) for group in GROUPS if group != "desk")
    return Menu(
        f"{desk}/{task}", back, tuple(v for v in offered if v.at_once), tuple(group for group in groups if group)
    )
