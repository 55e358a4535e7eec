"""The office verbs as people and programs ask for them: what each needs to be told, and how it is then done.

One table serves the menus, the small forms, bulk work and the JSON API, so that a verb means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.process import ACTIONS
from yiwang.kernel.process.session import Work

Need = Literal["no", "may", "must"]
#: Where a verb stands in the menu: what one does oneself, asking others, moving it on, beside the flow, the clock.
Group = Literal["desk", "ask", "move", "beside", "clock"]
#: Choices of the verbs that have one, by the parameter's name; the first is the default.
CHOICES: Mapping[str, tuple[str, ...]] = {"rule": ("all", "majority", "any"), "when": ("before", "after")}
SPANS = ("", "4wh", "1wd", "2wd", "3wd", "5wd")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its name in the kernel, and what its form asks.

    ``posts`` is how many posts may be named (0, 1 or 50); ``choice`` names one of ``CHOICES``; ``bulk`` allows it for
    many tasks at once; ``versioned`` ones are refused on a page that is older than the task.
    """

    name: str
    icon: str
    group: Group
    posts: int = 0
    reason: Need = "no"
    choice: str = ""
    step: bool = False
    span: bool = False
    versioned: bool = True
    bulk: bool = False

    @property
    def at_once(self) -> bool:
        """Whether a button does it without asking anything."""
        return self.group == "desk"


_ALL = (
    Verb("claim", "hand", "desk", bulk=True),
    Verb("release", "undo-2", "desk", bulk=True),
    Verb("countersign", "stamp", "ask", posts=50, reason="may", choice="rule"),
    Verb("add_signer", "signature", "ask", posts=50, reason="may", choice="when"),
    Verb("delegate", "user-check", "ask", posts=1, reason="may"),
    Verb("transfer", "forward", "move", posts=1, reason="must", bulk=True),
    Verb("return", "corner-up-left", "move", reason="must", step=True),
    Verb("recall", "rotate-ccw", "move", reason="may", versioned=False),
    Verb("circulate", "book-open", "beside", posts=50, reason="may", versioned=False, bulk=True),
    Verb("urge", "bell", "beside", reason="may", versioned=False, bulk=True),
    Verb("supervise", "eye", "beside", posts=1, reason="must", span=True, versioned=False, bulk=True),
    Verb("suspend", "circle-pause", "clock", reason="must", bulk=True),
    Verb("resume", "circle-play", "clock", reason="may", bulk=True),
)
#: Every verb that has a form or a button of its own, in the order of the menu.
VERBS: Mapping[str, Verb] = {verb.name: verb for verb in _ALL}
GROUPS: tuple[Group, ...] = ("desk", "ask", "move", "beside", "clock")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody filled in for a verb."""

    posts: tuple[int, ...] = ()
    reason: str = ""
    choice: str = ""
    step: str = ""
    span: str = ""
    version: int | None = None


def verb_named(name: str) -> Verb:
    """The verb of a name; NotFound for one that does not exist."""
    found = VERBS.get(name)
    if found is None:
        raise NotFound(f"there is no verb {name[:40]!r}")
    return found


def lacking(verb: Verb, given: Given) -> list[Problem]:
    """What is missing before the kernel is even asked, one problem a field."""
    problems = []
    if verb.posts and not given.posts:
        problems.append(Problem("posts", "tasks.wrong.posts"))
    if verb.posts == 1 and len(given.posts) > 1:
        problems.append(Problem("posts", "tasks.wrong.one_post"))
    if verb.reason == "must" and not given.reason.strip():
        problems.append(Problem("reason", "tasks.wrong.reason"))
    if verb.choice and given.choice and given.choice not in CHOICES[verb.choice]:
        problems.append(Problem(verb.choice, "tasks.wrong.choice"))
    return problems


async def perform(work: Work, verb: Verb, task: UUID, given: Given) -> Any:
    """Do it within ``work``, an action or a unit of its own.

    Raises Invalid with one problem per field, or whatever the kernel refuses with.
    """
    problems = lacking(verb, given)
    if problems:
        raise Invalid(f"{verb.name} needs more", problems=problems)
    told: dict[str, Any] = {}
    if verb.posts:
        told |= {"post": given.posts[0]} if verb.posts == 1 else {"posts": list(given.posts)}
    if verb.reason != "no":
        told["reason"] = given.reason.strip()
    if verb.choice:
        told[verb.choice] = given.choice or CHOICES[verb.choice][0]
    if verb.step:
        told["to_step"] = given.step or None
    if verb.span:
        told["span"] = given.span or None
    if verb.versioned:
        told["version"] = given.version
    return await ACTIONS[verb.name](work, task, **told)
