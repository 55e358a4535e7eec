"""What stories say about numbers: ``expect: {indicator: {id, value, by, key, package}}``."""

from __future__ import annotations

from typing import Any

from yiwang.assess.compute import compute
from yiwang.assess.model import Question
from yiwang.assess.store import all_indicators
from yiwang.kernel.runtime import StoryStep


async def expect_indicator(story: Any, args: Any) -> None:
    """``expect: {indicator: {id: on-time-rate, value: 100}}``; ``value: null`` means not recorded.

    ``by`` and ``key`` pick one line of a breakdown; ``package`` names another package than the story's own.
    """
    wanted = dict(story.need(args, "id", "value"))
    async with story.rt.read_as_system() as db:
        found = await all_indicators(db)
    matching = [i for i in found.values() if i.id == wanted["id"] and wanted.get("package", i.package) == i.package]
    if not matching:
        raise story.failure(expected=f"one of {', '.join(sorted(i.id for i in found.values()))}", found=wanted["id"])
    indicator = matching[0]
    answer = await compute(story.rt, Question((indicator,), wanted.get("by")))
    value = answer.total.get(indicator.id)
    if "key" in wanted:
        lines = {line.key: line.values[indicator.id] for line in answer.lines}
        value = lines.get(str(wanted["key"]))
    if value != wanted["value"]:
        story.fail(expected={"indicator": wanted}, found=value)


STEPS = (StoryStep("expect.indicator", expect_indicator, expect_indicator.__doc__ or ""),)
