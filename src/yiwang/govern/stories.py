"""What stories say about incidents: ``report``, ``withdraw``, ``reopen``, ``rate``, and ``expect: {incident: ..}``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yiwang.govern import actions, store
from yiwang.govern.flow import subject_of
from yiwang.govern.model import Incident
from yiwang.govern.report import read_report
from yiwang.kernel.runtime import StoryStep

_EXPECTED = (
    "state", "category", "urgency", "on_time", "satisfied", "reopened", "returned", "supervised", "title", "result",
    "outcome", "verified", "area", "number", "due_at", "department", "anonymous", "contactable",
)  # fmt: skip


async def report(story: Any, args: Any) -> None:
    """``report: {description, category, area|lon+lat, address, phone, anonymous}``; the story is then about it."""
    given = dict(story.need(args, "description"))
    if "area" in given:
        given["area"] = story.place(str(given["area"]))
    channel = given.pop("channel", "web")
    opened = await actions.open_incident(story.rt, story.actor, read_report(given, source=channel))
    async with story.rt.read_as_system() as db:
        incident = await store.read(db, opened.id)
    story.about(subject_of(incident))
    story.facts |= {"number": opened.number, "code": opened.code, "area": incident.area}
    story.facts.setdefault("reports", []).append(str(opened.id))


def _held(story: Any) -> actions.Held:
    key: UUID | None = story.subject_id
    if key is None:
        raise story.failure(expected="a report before this step", found="none")
    # Somebody with an account acts on their own report; a visitor shows the code of the receipt.
    return actions.Held(key, by_code=story.actor.kind == "anonymous")


async def withdraw(story: Any, args: Any) -> None:
    """``withdraw: {reason}``, by the reporter."""
    await actions.withdraw(story.rt, story.actor, _held(story), str(story.need(args, "reason")["reason"]))


async def reopen(story: Any, args: Any) -> None:
    """``reopen: {reason}``, by the reporter."""
    await actions.reopen(story.rt, story.actor, _held(story), str(story.need(args, "reason")["reason"]))


async def rate(story: Any, args: Any) -> None:
    """``rate: {satisfied: yes|partly|no, comment}``, by the reporter."""
    given = story.need(args, "satisfied")
    # YAML reads yes and no as true and false.
    satisfied = {True: "yes", False: "no"}.get(given["satisfied"], given["satisfied"])
    await actions.rate(story.rt, story.actor, _held(story), str(satisfied), str(given.get("comment") or ""))


async def expect_incident(story: Any, args: Any) -> None:
    """``expect: {incident: {state, category, on_time, satisfied, reopened, supervised, count, ..}}``: of the subject.

    ``count`` counts the reports of this story; ``department`` and ``late`` may be given as an org code and a boolean.
    """
    wanted = dict(story.need({"state": args} if isinstance(args, str) else args))
    if "count" in wanted:
        expected, found = wanted.pop("count"), len(story.facts.get("reports", []))
        if expected != found:
            story.fail(expected={"incident": {"count": expected}}, found=f"{found} reports")
    if not wanted:
        return
    async with story.rt.read_as_system() as db:
        incident = await store.read(db, _held(story).incident)
    facts = _facts(story, incident)
    wrong = {}
    for name, value in wanted.items():
        if name not in facts:
            raise story.failure(expected=f"one of {', '.join(facts)}", found=name)
        value = {True: "yes", False: "no"}.get(value, value) if name == "satisfied" else value
        if facts[name] != value:
            wrong[name] = facts[name]
    if wrong:
        story.fail(expected={"incident": wanted}, found=wrong)


def _facts(story: Any, incident: Incident) -> dict[str, Any]:
    facts = incident.snapshot(_EXPECTED)
    facts["department"] = story.directory.org(incident.department).code if incident.department else None
    facts["due_at"] = incident.due_at.isoformat() if incident.due_at else None
    facts["late"] = incident.overdue(story.clock.now())
    return facts


STEPS = (
    StoryStep("report", report, report.__doc__ or ""),
    StoryStep("withdraw", withdraw, withdraw.__doc__ or ""),
    StoryStep("reopen", reopen, reopen.__doc__ or ""),
    StoryStep("rate", rate, rate.__doc__ or ""),
    StoryStep("expect.incident", expect_incident, expect_incident.__doc__ or ""),
)
