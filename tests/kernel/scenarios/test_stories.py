"""The story runner: what it tells when a story fails, and what it refuses to read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from yiwang.app import rooms
from yiwang.kernel.runtime import Registry
from yiwang.kernel.scenarios import Package
from yiwang.kernel.scenarios.skeleton import write_skeleton
from yiwang.kernel.scenarios.stories.failure import StoryFailed
from yiwang.kernel.scenarios.stories.matching import differs
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.scenarios.stories.verbs import VERBS
from yiwang.kernel.scenarios.storybook.model import Story
from yiwang.kernel.scenarios.storybook.names import CORE_VERBS
from yiwang.kernel.scenarios.storybook.parse import parse_story
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings

HEAD = "story: x\nat: 2026-03-02T09:00+08:00\nsteps:\n"
START = "  - start: {process: told-one, title: t, at: intake}\n"
ACCEPT = "  - as: intake\n    complete: {task: 受理, form: {post: {post: handler}}}\n"


def told(steps: str) -> Story:
    story, problems = parse_story("stories/x.yaml", (HEAD + steps).encode())
    assert story is not None, problems
    return story


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def theatre(
    server: EmbeddedPostgres, state_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    folder = tmp_path_factory.mktemp("packages") / "told-one"
    write_skeleton(folder, "讲述", "Told one")
    settings = Settings(state_dir=state_dir)
    async with Theatre(settings, Registry(rooms()), server.url("postgres"), [Package.read(folder)]) as built:
        yield built


@pytest.mark.parametrize(
    ("steps", "line", "words"),
    [
        ("  - expect: {task: 办理}\n", 7, ["step 3 (expect)", "expected: {task: 没有", "found:", "办理 [main, open]"]),
        ("  - complete: {task: 归档}\n", 7, ["an open task 归档", "open tasks:", "办理 [main, open]"]),
        ("  - as: handler\n    complete: {task: 办理, form: {}}\n", 7, ["the step succeeds", "FormInvalid", "done"]),
        ("  - expect: {process: done}\n", 7, ["{process: {state: done}}", "told-one v1 running"]),
        ("  - expect: {no_task: 办理}\n", 7, ["count: 0", "办理 [main, open]"]),
        ("  - expect: {nothing: 1}\n", 7, ["one of", "nothing"]),
        ("  - wait: 1h\n    fails: '409'\n", 7, ["the step fails with 409", "it did not fail"]),
        ("  - message: {name: nobody}\n", 7, ["a process that waits for nobody"]),
        ("  - as: handler@nowhere\n    claim: 办理\n", 7, ["the step succeeds", "nowhere"]),
        ("  - at: 2026-01-01T00:00+08:00\n", 7, ["ClockSetBack"]),
    ],
)
async def test_a_failure_says_where_what_was_expected_and_found(
    theatre: Theatre, steps: str, line: int, words: list[str]
) -> None:
    steps = steps.replace("{task: 办理}\n", "{task: {name: 没有这个}}\n") if "expect: {task" in steps else steps
    with pytest.raises(StoryFailed) as caught:
        await theatre.play(told(START + ACCEPT + steps))
    report = str(caught.value)
    assert f"stories/x.yaml:{line}" in report
    missing = [word for word in words if word not in report and word != "办理 [main, open]"]
    assert not missing, report


async def test_stories_do_not_hear_each_other(theatre: Theatre) -> None:
    await theatre.play(told(START + ACCEPT))
    world = await theatre.play(told(START + "  - expect: {task: 受理, no_task: 办理}\n"))
    assert world.subject is not None


async def test_verbs_of_offices_play(theatre: Theatre) -> None:
    steps = """\
  - as: handler
    claim: 办理
  - as: handler
    save: {task: 办理, form: {done: 写了一半}}
  - as: handler
    release: 办理
  - as: handler
    suspend: {task: 办理, reason: 等材料}
  - wait: 5 working days
  - expect: {task: {name: 办理, state: suspended}}
  - as: handler
    resume: {task: 办理}
  - as: handler
    circulate: {task: 办理, to: [leader@street]}
  - expect: {task: {name: 传阅, to: leader}}
  - as: handler
    delegate: {task: 办理, to: handler@street, reason: 请就近处理}
  - as: handler@street
    complete: {task: 委派, form: {done: 已经处理}}
  - as: supervisor
    supervise: {task: 办理, to: supervisor, reason: 久拖未决}
  - expect: {task: {name: 督办, to: supervisor}}
"""
    await theatre.play(told(START + ACCEPT + steps))


def test_every_core_verb_is_known_to_the_checker_and_documented() -> None:
    assert set(VERBS) | {"expect"} == CORE_VERBS
    assert all(run.__doc__ for run in VERBS.values())


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "story: x\nat: 2026-03-02T09:00+08:00\nsteps: []\n",
        "story: x\nat: 2026-03-02 09:00\nsteps: [{wait: 1d}]\n",
        "story: x\nat: 2026-03-02T09:00+08:00\nsteps: [{wait: 1d, at: x}]\n",
        "story: x\nstory: y\nat: 2026-03-02T09:00+08:00\nsteps: [{wait: 1d}]\n",
        "story: !!python/object/apply:os.system [ls]\nat: 2026-03-02T09:00+08:00\nsteps: [{wait: 1d}]\n",
        "story: x\nat: 2026-03-02T09:00+08:00\nstep: [{wait: 1d}]\n",
        "story: x\nat: 2026-03-02T09:00+08:00\nsteps: " + "[" * 40 + "]" * 40 + "\n",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nsteps: *c\n",
    ],
)
def test_what_is_no_story_is_refused_with_its_place(text: str) -> None:
    story, problems = parse_story("stories/x.yaml", text.encode())
    assert story is None
    assert problems
    assert all(item.where.startswith("stories/x.yaml") for item in problems)


def test_only_what_is_named_is_compared() -> None:
    assert not differs({"a": 1}, {"a": 1, "b": 2})
    assert differs({"a": 1}, {"b": 2})
    assert not differs({"any": [1, 2]}, 2)
    assert differs(True, 1.5)
    assert not differs(1, 1.0)
