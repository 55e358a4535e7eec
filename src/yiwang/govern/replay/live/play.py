"""Playing a day: events in the order of their moments, the clock moving from one to the next."""

from __future__ import annotations

import heapq
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from yiwang.govern.actions import open_incident
from yiwang.govern.elsewhen import at_moment
from yiwang.govern.replay.errors import NothingToReplay
from yiwang.govern.replay.live.outcome import Outcome
from yiwang.govern.replay.live.people import People
from yiwang.govern.replay.live.plan import Request, filled, moment_of
from yiwang.govern.replay.load import q
from yiwang.govern.replay.mapping import Live, Mapping
from yiwang.govern.report import Report
from yiwang.kernel.calendar import City, city_folder, work_calendar
from yiwang.kernel.clock import MovableClock
from yiwang.kernel.errors import Unavailable, YiwangError
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import complete_task, mark_overdue, run_timers
from yiwang.kernel.runtime import Runtime

#: After the last closing the clock goes on, so that the days in which a request may be reopened run out.
AFTERWARDS = timedelta(days=16)
_SECOND = timedelta(seconds=1)


async def replay_day(rt: Runtime, mapping: Mapping, day: date, console: Console, most: int | None = None) -> Outcome:
    """Replay the requests that the history has of a day (the first ``most`` of them).

    A day is replayed once: a second time tells how many were replayed before. NothingToReplay when there are none.
    """
    if mapping.live is None:
        raise NothingToReplay(f"replay.toml of {rt.settings.city} has no [live]", day=day.isoformat())
    zone = work_calendar(rt).zone
    begin = datetime.combine(day, time(), zone)
    bounds = (begin, datetime.combine(day + timedelta(days=1), time(), zone))
    async with rt.read_as_system() as db:
        before = await db.fetchval(q.replayed_on, day, *bounds)
        rows = await db.fetch(q.requests_of_day, mapping.item, day, *bounds)
    if before:
        return Outcome(day, before=before)
    if not rows:
        raise NothingToReplay(f"the history has no requests of {day}", day=day.isoformat())
    async with at_moment(rt, begin) as live:
        return await _Play(
            live, mapping, mapping.live, [Request.of(r) for r in rows][:most], Outcome(day), console
        ).run()


class _Play:
    def __init__(
        self, rt: Runtime, mapping: Mapping, live: Live, requests: list[Request], outcome: Outcome, console: Console
    ) -> None:
        self.rt, self.mapping, self.live, self.requests, self.outcome = rt, mapping, live, requests, outcome
        self.console = console
        self.calendar = work_calendar(rt)
        self.people = People(rt, City.load(city_folder(rt.settings.city)).locale)
        self.incidents: dict[UUID, Request] = {}
        self._queue: list[tuple[datetime, int, Request, Any]] = []
        self._order = count()
        self._known: set[UUID] = set()
        self._fired_at: datetime | None = None

    @property
    def clock(self) -> MovableClock:
        """The clock of the replay."""
        assert isinstance(self.rt.clock, MovableClock)
        return self.rt.clock

    async def run(self) -> Outcome:
        """Play until nothing is planned any more and the days for reopening are over."""
        for request in self.requests:
            self._plan(request.opened_at, request, None)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[now]}"),
        )
        with Progress(*columns, TimeElapsedColumn(), console=self.console) as progress:
            bar = progress.add_task(f"Replaying {self.outcome.day}", total=len(self.requests), now="")
            end: datetime | None = None
            while await self._next(end):
                if not self._queue and end is None:
                    end = self.clock.now() + AFTERWARDS
                now = f"{self.calendar.local(self.clock.now()):%Y-%m-%d %H:%M}  {self.outcome.actions} actions"
                progress.update(bar, now=now, completed=len(self.incidents))
        await self.rt.drain()
        await self.outcome.read(self.rt, list(self.incidents))
        return self.outcome

    def _plan(self, moment: datetime, request: Request, task: Any) -> None:
        heapq.heappush(self._queue, (moment, next(self._order), request, task))

    async def _try(self, doing: Any, what: str) -> None:
        """Do one step; a step that fails is told at the end and does not stop the others."""
        try:
            await doing
            self.outcome.actions += 1
        except Unavailable:
            raise
        except YiwangError as error:
            self.outcome.failures.append(f"{what}: {type(error).__name__}: {error}")

    async def _report(self, request: Request) -> None:
        actor = await self.people.resident(request.number)
        text = self.live.report.format(number=request.number, title=request.title)
        report = Report(
            text, category=request.category, title=request.title[:60], area=request.area, address=request.address,
            source="replay", item=self.mapping.item,
        )  # fmt: skip
        opened = await open_incident(self.rt, actor, report)
        self.incidents[opened.id] = request
        await self._look(opened.id)

    async def _complete(self, request: Request, task: Any) -> None:
        step = self.live.steps[task["step"]]
        actor = await self.people.holder(task["post"])
        values = {
            "number": request.number, "title": request.title[:60], "post": self._post(request),
            "category": request.category or self.mapping.category.otherwise,
        }  # fmt: skip
        async with self.rt.unit(actor) as work:
            await complete_task(work, task["id"], filled(step.form, values), version=task["version"])
        await self._look(task["subject_id"])

    def _post(self, request: Request) -> int | None:
        """The post that a dispatcher chooses: of the department, else whoever handles at the place, else anybody."""
        directory = self.rt.part(Directory)
        found = directory.post_for(request.department, "handler") if request.department is not None else None
        found = found or (directory.post_near("handler", request.area) if request.area else None)
        if found is None:
            found = next(
                (p for org in directory.orgs() for p in directory.posts_in(org.id) if p.role == "handler"), None
            )
        return found.id if found else None

    async def _look(self, *incidents: UUID) -> None:
        """Plan the tasks that have been opened for incidents."""
        async with self.rt.read_as_system() as db:
            tasks = await db.fetch(q.open_steps, list(incidents))
        for task in tasks:
            if task["id"] in self._known:
                continue
            self._known.add(task["id"])
            request, step = self.incidents[task["subject_id"]], self.live.steps.get(task["step"])
            if step is None:
                self.outcome.failures.append(f"{request.number}: replay.toml says nothing of the step {task['step']}")
            elif (moment := moment_of(step, request, task["opened_at"], self.calendar)) is not None:
                self._plan(max(moment, self.clock.now()), request, task)

    async def _next(self, end: datetime | None) -> bool:
        """Do what comes next, something planned or something that is due by itself; False when ``end`` is reached."""
        async with self.rt.read_as_system() as db:
            due: datetime | None = await db.fetchval(q.next_due)
        now = self.clock.now()
        if due is not None:
            # What is due now and stays due (a failure that is tried again) must not hold the clock.
            due = max(due, now + _SECOND if self._fired_at == now else now)
        planned = self._queue[0][0] if self._queue else end
        if due is not None and (planned is None or due <= planned):
            self.clock.move_to(due)
            self._fired_at = due
            await run_timers(self.rt)
            await mark_overdue(self.rt)
            await self._look(*self.incidents)
            return True
        if not self._queue:
            return end is None
        moment, _, request, task = heapq.heappop(self._queue)
        self.clock.move_to(max(moment, now))
        if task is None:
            await self._try(self._report(request), f"{request.number}: report")
        else:
            await self._try(self._complete(request, task), f"{request.number}: {task['step']}")
        return True
