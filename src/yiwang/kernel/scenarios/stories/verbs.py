"""The verbs of the kernel: time, processes, and everything that people do with tasks.

Each verb is `async def verb(story, args)`; its first line of documentation goes into the reference.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from yiwang.kernel.calendar import Span, work_calendar
from yiwang.kernel.process import tasks
from yiwang.kernel.process.instances import deliver_message, start_process
from yiwang.kernel.process.model import Subject
from yiwang.kernel.scenarios.stories.tasks import on_desk
from yiwang.kernel.scenarios.stories.time import move_to
from yiwang.kernel.scenarios.stories.world import World
from yiwang.kernel.write import Actor, Resource
from yiwang.kit.ids import new_id

Verb = Callable[[World, Any], Awaitable[None]]


async def _wait(story: World, args: Any) -> None:
    """Let time pass: `2 working days`, `3 hours`, `15d`. Timers and deadlines on the way happen."""
    span = Span.parse(str(args))
    calendar = work_calendar(story.rt)
    await move_to(story.rt, calendar.add(story.clock.now(), span))


async def _at(story: World, args: Any) -> None:
    """Move the clock to a moment, such as `2026-03-05T10:00+08:00`; never back."""
    moment = args if isinstance(args, datetime) else datetime.fromisoformat(str(args))
    if moment.tzinfo is None:
        story.fail(expected="a moment with its offset", found=args)
    await move_to(story.rt, moment)


async def _start(story: World, args: Any) -> None:
    """Start a process: `{process, title, data, at: role or role@org that it begins at, area}`."""
    wanted = story.need(args, "process", "title")
    post = story.post(str(wanted.get("at", "intake")))
    area = story.place(str(wanted.get("area", "grid")))
    story.facts["area"] = area
    subject = Subject("story", new_id(), str(wanted["title"]))
    system = Actor.system("story")
    async with story.rt.act(system, "process.start", Resource("process", None, org=post.org, area=area)) as act:
        await start_process(
            act, str(wanted["process"]), subject, story.filled(dict(wanted.get("data", {}))), org=post.org, area=area
        )
        act.record(after={"process": wanted["process"], "title": wanted["title"]})
    story.about(subject)


async def _message(story: World, args: Any) -> None:
    """Tell the process something: `{name, payload}`."""
    wanted = story.need(args, "name")
    if story.subject is None:
        story.fail(expected="a story about something", found="nothing was started or reported yet")
        return
    resource = Resource("process", None, attrs={"subject_type": story.subject.type})
    async with story.rt.act(Actor.system("story"), "process.message", resource) as act:
        told = await deliver_message(
            act, str(wanted["name"]), story.subject.type, story.subject.id, dict(wanted.get("payload", {}))
        )
        act.record(after={"message": wanted["name"], "told": len(told)})
    if not told:
        story.fail(expected=f"a process that waits for {wanted['name']}", found="nobody waits for it")


async def _who(story: World, args: Any) -> tuple[dict[str, Any], dict[str, Any], Actor]:
    """The arguments, the task they name, and who acts: `as` if the step has it, else whoever holds the task's post."""
    wanted = story.need({"task": args} if isinstance(args, str) else args, "task")
    told = story.line.actor if story.line else None
    task = await on_desk(story, str(wanted["task"]), str(wanted["at"]) if "at" in wanted else _role(told))
    if told is None or ("@" not in told and told not in ("resident", "anonymous", "system")):
        return wanted, task, await story.people.holder(task["post"])
    return wanted, task, story.actor


def _role(told: str | None) -> str | None:
    return None if told is None or told.split("@")[0] in ("resident", "anonymous", "system") else told


async def _complete(story: World, args: Any) -> None:
    """Complete a task with its form: `{task, form, at}`; `as` chooses among tasks of that name by post."""
    wanted, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.complete_task(work, task["id"], story.filled(dict(wanted.get("form", {}))))


async def _save(story: World, args: Any) -> None:
    """Keep a draft: `{task, form}`."""
    wanted, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.save_draft(work, task["id"], story.filled(dict(wanted.get("form", {}))))


async def _claim(story: World, args: Any) -> None:
    """Take a task of one's post for oneself: `{task}`."""
    _, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.claim(work, task["id"])


async def _release(story: World, args: Any) -> None:
    """Give a task back to the post: `{task}`."""
    _, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.release(work, task["id"])


def _posts(story: World, to: Any) -> list[int]:
    return [story.post(str(name)).id for name in (to if isinstance(to, list) else [to])]


async def _countersign(story: World, args: Any) -> None:
    """会签: ask several posts for their opinion: `{task, to: [posts], rule: all, any or majority, reason}`."""
    wanted, task, actor = await _who(story, args)
    posts, reason = _posts(story, story.need(wanted, "to")["to"]), str(wanted.get("reason", ""))
    async with story.rt.unit(actor) as work:
        await tasks.countersign(work, task["id"], posts, wanted.get("rule", "all"), reason=reason)


async def _add_signer(story: World, args: Any) -> None:
    """加签: have others sign `before` the task is completed or `after`: `{task, to: [posts], when, reason}`."""
    wanted, task, actor = await _who(story, args)
    posts, reason = _posts(story, story.need(wanted, "to")["to"]), str(wanted.get("reason", ""))
    async with story.rt.unit(actor) as work:
        await tasks.add_signer(work, task["id"], posts, wanted.get("when", "before"), reason=reason)


async def _transfer(story: World, args: Any) -> None:
    """转办: hand a task over for good: `{task, to: post, reason}`."""
    wanted, task, actor = await _who(story, args)
    [post] = _posts(story, str(story.need(wanted, "to")["to"]))
    async with story.rt.unit(actor) as work:
        await tasks.transfer(work, task["id"], post, str(wanted.get("reason", "")))


async def _delegate(story: World, args: Any) -> None:
    """委派: let another post do it; it comes back to be confirmed: `{task, to: post, reason}`."""
    wanted, task, actor = await _who(story, args)
    [post] = _posts(story, str(story.need(wanted, "to")["to"]))
    async with story.rt.unit(actor) as work:
        await tasks.delegate(work, task["id"], post, reason=str(wanted.get("reason", "")))


async def _return(story: World, args: Any) -> None:
    """退回: an earlier step does its work again: `{task, to: step id, reason}`."""
    wanted, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.return_task(work, task["id"], str(wanted.get("reason", "")), to_step=wanted.get("to"))


async def _recall(story: World, args: Any) -> None:
    """撤回: take back a task one has completed while nobody has touched what follows: `{task, reason}`."""
    from yiwang.kernel.scenarios.stories.tasks import called, tasks_of

    wanted = story.need({"task": args} if isinstance(args, str) else args, "task")
    done = [t for t in await tasks_of(story) if called(t, str(wanted["task"])) and t["state"] in ("done", "waiting")]
    if not done:
        story.fail(expected=f"a task {wanted['task']} that was completed", found="none")
    actor = await story.people.holder(done[-1]["post"])
    async with story.rt.unit(actor) as work:
        await tasks.recall(work, done[-1]["id"], reason=str(wanted.get("reason", "")))


async def _circulate(story: World, args: Any) -> None:
    """传阅: have other posts read it: `{task, to: [posts], reason}`."""
    wanted, task, actor = await _who(story, args)
    posts = _posts(story, story.need(wanted, "to")["to"])
    async with story.rt.unit(actor) as work:
        await tasks.circulate(work, task["id"], posts, reason=str(wanted.get("reason", "")))


async def _urge(story: World, args: Any) -> None:
    """催办: remind the post that holds a task: `{task, reason}`."""
    wanted, task, _ = await _who(story, {**({"task": args} if isinstance(args, str) else args)})
    actor = story.actor if story.line and story.line.actor else Actor.system("story")
    async with story.rt.unit(actor) as work:
        await tasks.urge(work, task["id"], reason=str(wanted.get("reason", "")))


async def _supervise(story: World, args: Any) -> None:
    """督办: have a supervisor's post watch a task: `{task, to: post, reason, within}`."""
    wanted = story.need(args, "task", "to")
    task = await on_desk(story, str(wanted["task"]), None)
    [post] = _posts(story, str(wanted["to"]))
    async with story.rt.unit(story.actor) as work:
        reason = str(wanted.get("reason", ""))
        await tasks.supervise(work, task["id"], post, reason, span=wanted.get("within"))


async def _suspend(story: World, args: Any) -> None:
    """挂起: the clock of a task stands still: `{task, reason}`."""
    wanted, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.suspend(work, task["id"], str(wanted.get("reason", "")))


async def _resume(story: World, args: Any) -> None:
    """恢复: the clock of a suspended task goes on: `{task, reason}`."""
    wanted, task, actor = await _who(story, args)
    async with story.rt.unit(actor) as work:
        await tasks.resume(work, task["id"], reason=str(wanted.get("reason", "")))


VERBS: dict[str, Verb] = {
    "wait": _wait, "at": _at, "start": _start, "message": _message, "complete": _complete, "save": _save,
    "claim": _claim, "release": _release, "countersign": _countersign, "add_signer": _add_signer, "transfer": _transfer,
    "delegate": _delegate, "return": _return, "recall": _recall, "circulate": _circulate, "urge": _urge,
    "supervise": _supervise, "suspend": _suspend, "resume": _resume,
}  # fmt: skip
"""Verb to what it does; `expect` stands in expect.py."""


def doc_of(verb: str) -> str:
    """The first line of a verb's documentation."""
    return (VERBS[verb].__doc__ or "").strip().splitlines()[0]
