"""Running one story, step by step, in its world."""

from __future__ import annotations

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios.stories.expect import expect
from yiwang.kernel.scenarios.stories.failure import StoryFailed
from yiwang.kernel.scenarios.stories.tasks import open_tasks
from yiwang.kernel.scenarios.stories.time import settle
from yiwang.kernel.scenarios.stories.verbs import VERBS
from yiwang.kernel.scenarios.stories.world import World
from yiwang.kernel.scenarios.storybook.model import Story, StoryLine
from yiwang.kernel.write import Actor


async def run_story(rt: Runtime, story: Story, package: str) -> World:
    """Play a story to its end and return the world as it then is. Raises StoryFailed at the first step that fails."""
    world = World(rt, story, package)
    await world.directory.refresh()
    for line in story.lines:
        world.line = line
        await _step(world, line)
    return world


async def _step(world: World, line: StoryLine) -> None:
    try:
        world.actor = await world.act_as(line.actor) if line.actor else Actor.system("story")
        await _verb(world, line)
        await settle(world.rt)
    except StoryFailed as failed:
        if not failed.context:
            raise world.failure(
                expected=failed.expected, found=failed.found, context=await open_tasks(world)
            ) from failed
        raise
    except YiwangError as error:
        await _failed_as_told(world, line, error)
    else:
        if line.fails is not None:
            raise world.failure(expected=f"the step fails with {line.fails}", found="it did not fail")


async def _verb(world: World, line: StoryLine) -> None:
    if line.verb == "expect":
        await expect(world, line.args)
        return
    run = VERBS.get(line.verb)
    if run is None:
        run = next((step.run for step in world.rt.registry.all("story_steps") if step.verb == line.verb), None)
    if run is None:
        raise world.failure(expected=f"a verb {line.verb}", found="no installed net has it")
    await run(world, line.args)


async def _failed_as_told(world: World, line: StoryLine, error: YiwangError) -> None:
    told = (error.key, str(error.status), type(error).__name__)
    if line.fails in told:
        await settle(world.rt)
        return
    expected = f"the step fails with {line.fails}" if line.fails else "the step succeeds"
    raise world.failure(
        expected=expected, found=f"{type(error).__name__} ({error.key}): {error}", context=await open_tasks(world)
    ) from error
