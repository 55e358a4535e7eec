"""Playing all stories of a package and telling how each went, for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.stories.failure import StoryFailed
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.scenarios.storybook.model import Story


@dataclass(frozen=True)
class Result:
    """How one story went; `failure` is its report, or None."""

    story: Story
    failure: str | None


async def play_all(
    rt: Runtime, packages: Sequence[Package], told: Sequence[Story], *, echo: Callable[[str], object]
) -> list[Result]:
    """Play stories of the last package in scratch cities on the server of `rt`, echoing one line a story.

    Raises PackageInvalid when a package does not install.
    """
    results: list[Result] = []
    if not told:
        return results
    async with Theatre(rt.settings, rt.registry, rt.db.url, packages) as theatre:
        for story in told:
            try:
                await theatre.play(story)
            except StoryFailed as failed:
                results.append(Result(story, str(failed)))
                echo(f"FAILED  {story.title.zh} / {story.title.en}\n{failed}")
            else:
                results.append(Result(story, None))
                echo(f"passed  {story.title.zh} / {story.title.en}")
    return results
