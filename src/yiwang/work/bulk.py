"""One verb on many tasks: each is a unit of its own, so that what fails for one leaves the others done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.datastructures import FormData

from yiwang.kernel.errors import NotFound, YiwangError
from yiwang.kernel.process import complete_task
from yiwang.web.context import Context
from yiwang.web.tasks import VERBS, Given, Verb, perform
from yiwang.work.errors import NothingChosen
from yiwang.work.told import tell

#: Tasks of one bulk action, and how many are done side by side.
MOST, AT_ONCE = 200, 4
#: The receipt of what circulates is a completion; in bulk it is a verb of its own.
READ = Verb("read", "check-check", "desk", reason="may", bulk=True)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ticked task with the version that the list showed."""

    task: UUID
    version: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task: done, or why not and what to do next."""

    task: UUID
    done: bool
    why: str = ""


def bulk_verb(name: str) -> Verb:
    """A verb that many tasks may be given to at once; NotFound otherwise."""
    found = READ if name == READ.name else VERBS.get(name)
    if found is None or not found.bulk:
        raise NotFound(f"there is no bulk action {name[:40]!r}")
    return found


def read_chosen(form: FormData) -> list[Chosen]:
    """The ticked tasks (``<id>`` or ``<id>:<version>``). NothingChosen when there are none or too many."""
    found: dict[UUID, Chosen] = {}
    for text in form.getlist("task"):
        if not isinstance(text, str):
            continue
        key, _, version = text.partition(":")
        try:
            task = UUID(key)
        except ValueError:
            continue
        found[task] = Chosen(
            task, int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        )
    if not 0 < len(found) <= MOST:
        raise NothingChosen(f"{len(found)} tasks were chosen", most=MOST)
    return list(found.values())


async def do_all(ctx: Context, verb: Verb, chosen: Sequence[Chosen], given: Given) -> list[Outcome]:
    """Do it to each; the outcomes come in the order of ``chosen``."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(this: Chosen) -> Outcome:
        async with gate:
            return await _do(ctx, verb, this, given)

    return list(await asyncio.gather(*(one(this) for this in chosen)))


async def _do(ctx: Context, verb: Verb, this: Chosen, given: Given) -> Outcome:
    try:
        async with ctx.rt.unit(ctx.actor) as unit:
            if verb is READ:
                opinion = {"opinion": given.reason} if given.reason else {}
                await complete_task(unit, this.task, opinion, version=this.version)
            else:
                await perform(unit, verb, this.task, replace(given, version=this.version))
    except YiwangError as error:
        if error.status >= 500:
            raise
        told = tell(ctx, error)
        return Outcome(this.task, False, " ".join(part for part in (told.title, told.detail) if part))
    return Outcome(this.task, True)


def count_done(outcomes: Iterable[Outcome]) -> int:
    """How many were done."""
    return sum(one.done for one in outcomes)
