"""The world in which a story plays: a running city on a scratch database, its clock, its people, its subject."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from yiwang.kernel.clock import MovableClock
from yiwang.kernel.orgs import Directory, Post
from yiwang.kernel.process.model import Subject
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios.stories.failure import StoryFailed
from yiwang.kernel.scenarios.stories.people import People
from yiwang.kernel.scenarios.storybook.model import Story, StoryLine
from yiwang.kernel.write import Actor

LEVELS = {"city": 1, "district": 2, "street": 3, "community": 4, "grid": 5}


class World:
    """What a verb receives as `story`. Nets read and set `subject` and `facts`; the runner owns the rest."""

    def __init__(self, rt: Runtime, story: Story, package: str) -> None:
        self.rt = rt
        self.story = story
        self.package = package
        self.people = People(rt)
        self.actor: Actor = Actor.system("story")
        self.locale = "zh"
        self.subject: Subject | None = None
        self.facts: dict[str, Any] = dict(story.facts)
        self.line: StoryLine | None = None

    @property
    def clock(self) -> MovableClock:
        """The clock of the story."""
        return cast("MovableClock", self.rt.clock)

    @property
    def directory(self) -> Directory:
        """The organisations of the city."""
        return self.rt.part(Directory)

    def about(self, subject: Subject) -> None:
        """From here on the story is about this subject: tasks are looked for among its own."""
        self.subject = subject

    def place(self, name: str) -> str:
        """The code of a place: a code as it is, or the first place of a level (`grid`, `community`, ...).

        A city without that level gives its finest one.
        """
        if name not in LEVELS:
            return name
        chain = [self.directory.city]
        while chain[-1].level < LEVELS[name] and (below := self.directory.divisions_below(chain[-1].code)):
            chain.append(below[0])
        return chain[-1].code

    def post(self, name: str) -> Post:
        """The post called `role`, `role@org-code` or `role@level` (nearest to the story's place at that level)."""
        role, _, where = name.partition("@")
        found: Post | None
        if where and where not in LEVELS:
            found = self.directory.post_for(where, role)
        else:
            found = self.directory.post_near(role, self.place(where or str(self.facts.get("area") or "grid")))
        if found is None:
            raise self.failure(expected=f"a post {name}", found="no such post in this city")
        return found

    def filled(self, value: Any) -> Any:
        """A form of the story with `{post: handler@street}` and `{place: grid}` replaced by what they stand for."""
        if isinstance(value, dict):
            if set(value) == {"post"} and isinstance(value["post"], str):
                return self.post(value["post"]).id
            if set(value) == {"place"} and isinstance(value["place"], str):
                return self.place(value["place"])
            return {name: self.filled(item) for name, item in value.items()}
        return [self.filled(item) for item in value] if isinstance(value, list) else value

    async def act_as(self, name: str) -> Actor:
        """The actor called `resident`, `anonymous`, `system`, or the holder of a post."""
        if name == "anonymous":
            return Actor.anonymous(self.locale)
        if name == "system":
            return Actor.system("story")
        if name.split("@")[0] == "resident":
            return await self.people.resident(name)
        return await self.people.holder(self.post(name).id)

    def failure(self, *, expected: Any, found: Any, context: str = "") -> StoryFailed:
        """A failure at the present step, to be raised."""
        return StoryFailed(self.story, self.line, expected=expected, found=found, context=context)

    def fail(self, *, expected: Any, found: Any) -> None:
        """End the story at the present step."""
        raise self.failure(expected=expected, found=found)

    def need(self, args: Any, *names: str) -> dict[str, Any]:
        """The arguments of a step as a mapping that has these names; fails the story otherwise."""
        if not isinstance(args, dict) or any(name not in args for name in names):
            raise self.failure(expected=f"a mapping with {', '.join(names) or 'names'}", found=args)
        return args

    @property
    def subject_id(self) -> UUID | None:
        """The id of what the story is about."""
        return self.subject.id if self.subject else None

    async def settle(self) -> None:
        """Let everything happen that is due: events, timers, notices."""
        from yiwang.kernel.scenarios.stories.time import settle

        await settle(self.rt)
