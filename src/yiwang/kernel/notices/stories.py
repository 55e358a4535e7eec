"""What stories say about messages: ``expect: {notice: {template, channel, count}}``."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.notices.listing import NoticeFilter, list_notices
from yiwang.kernel.runtime import StoryStep
from yiwang.kernel.write import Actor


async def expect_notice(story: Any, args: Any) -> None:
    """``expect: {notice: {template: incident.closed, channel: sms, count: 1}}``; without ``count`` at least one."""
    wanted = dict(story.need(args, "template"))
    chosen = NoticeFilter(template=str(wanted["template"]), channel=wanted.get("channel"), limit=200)
    found = len(await list_notices(story.rt, Actor.system("story"), chosen))
    if found != wanted.get("count", found or -1):
        story.fail(expected={"notice": wanted}, found=f"{found} messages")


STEPS = (StoryStep("expect.notice", expect_notice, expect_notice.__doc__ or ""),)
