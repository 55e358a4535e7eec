"""The demo's requests: ``cities/<code>/demo.toml``, played through the real process on a clock that ends now.

Nothing is written beside the process: what a demo shows is what the process makes of these requests. It runs once, on a
city that has no incidents yet; people are the demo's own accounts where they hold the post, else accounts made for it.
"""

from __future__ import annotations

import heapq
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from yiwang.govern import actions
from yiwang.govern.elsewhen import at_moment
from yiwang.govern.replay.live.people import People
from yiwang.govern.replay.live.plan import filled
from yiwang.govern.report import Report
from yiwang.govern.store import q
from yiwang.kernel.calendar import WorkCalendar, city_folder, work_calendar
from yiwang.kernel.clock import MovableClock
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.notices import send_due
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import complete_task, mark_overdue, run_timers
from yiwang.kernel.runtime import Runtime

_LATEST = timedelta(minutes=2)


@dataclass
class _Case:
    """One request of demo.toml on its way."""

    told: dict[str, Any]
    opened_at: datetime
    id: UUID | None = None


@dataclass
class _Demo:
    rt: Runtime
    forms: dict[str, dict[str, Any]]
    pace: str
    calendar: WorkCalendar
    people: People
    end: datetime
    queue: list[tuple[datetime, int, _Case]] = field(default_factory=list)
    order: Any = field(default_factory=count)

    async def play(self, cases: list[_Case]) -> int:
        """Report and handle until the present; tells how many actions were done."""
        done = 0
        for case in cases:
            heapq.heappush(self.queue, (case.opened_at, next(self.order), case))
        while self.queue:
            moment, _, case = heapq.heappop(self.queue)
            await self._move(moment)
            if await self._step(case):
                done += 1
                again = self.calendar.add(moment, self.pace)
                if again < self.end:
                    heapq.heappush(self.queue, (again, next(self.order), case))
        await self._move(self.end)
        return done

    async def _move(self, moment: datetime) -> None:
        clock = self.rt.clock
        assert isinstance(clock, MovableClock)
        if moment > clock.now():
            clock.move_to(moment)
            await run_timers(self.rt)
            await mark_overdue(self.rt)
            await send_due(self.rt)

    async def _step(self, case: _Case) -> bool:
        if case.id is None:
            case.id = await self._report(case.told)
            return True
        async with self.rt.read_as_system() as db:
            tasks = await db.fetch(q.demo_tasks, case.id)
        for task in tasks:
            if task["step"] in self.forms and task["step"] != case.told.get("until"):
                await self._complete(case.told, task)
                return True
        return False

    async def _report(self, told: dict[str, Any]) -> UUID:
        report = Report(
            told["text"], category=told["category"], title=told["title"], area=told["area"], address=told["address"],
            source="web",
        )  # fmt: skip
        reporter = await self.people.resident(told["title"][:12])
        opened = await actions.open_incident(self.rt, reporter, report)
        return opened.id

    async def _complete(self, told: dict[str, Any], task: Any) -> None:
        near = self.rt.part(Directory).post_near("handler", told["area"])
        values = {"satisfied": "yes", "comment": "反映人表示满意。", "measures": "已现场处理完毕。"} | told
        actor = await self.people.holder(task["post"])
        async with self.rt.unit(actor) as work:
            form = filled(self.forms[task["step"]], values | {"post": near.id if near else None})
            await complete_task(work, task["id"], form, version=task["version"])


def _opened(told: dict[str, Any], now: datetime, calendar: WorkCalendar) -> datetime:
    """When it was reported: so many days ago at a time of day; on the present day ``at`` is how long ago."""
    clock = time.fromisoformat(told["at"])
    if told["days"] == 0:
        return now - timedelta(hours=clock.hour, minutes=clock.minute)
    day = calendar.local(now).date() - timedelta(days=told["days"])
    return datetime.combine(day, clock, calendar.zone)


async def load_demo(rt: Runtime, say: Callable[[str], None]) -> None:
    """Once, on a city without incidents whose folder has a demo.toml."""
    path = city_folder(rt.settings.city) / "demo.toml"
    async with rt.read_as_system() as db:
        if not path.is_file() or await db.fetchval(q.any_incident):
            return
    told = tomllib.loads(path.read_text("utf-8"))
    now, calendar = rt.clock.now(), work_calendar(rt)
    cases = [_Case(one, _opened(one, now, calendar)) for one in told["request"]]
    cases = [case for case in cases if case.opened_at < now - _LATEST]
    async with at_moment(rt, min(case.opened_at for case in cases)) as live:
        demo = _Demo(live, told["forms"], told["pace"], work_calendar(live), People(live, "zh"), now - _LATEST)
        try:
            done = await demo.play(cases)
        except YiwangError as error:
            say(f"the demo's requests stopped half-way: {error}")
            return
    say(f"{len(cases)} requests, {done} steps")
