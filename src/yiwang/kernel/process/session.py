"""One action on one instance: its board, its run, and the way from what the engine wants to rows and service calls."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import held
from yiwang.kernel.process.board import Board, Card
from yiwang.kernel.process.clockwork import CityClockwork
from yiwang.kernel.process.definitions import Definition, Definitions
from yiwang.kernel.process.engine import Effects, ErrorNotCaught, OpenedStep, Run, ServiceCall
from yiwang.kernel.process.errors import EndlessProcess
from yiwang.kernel.process.model import By, InstanceRow, Json, Subject, TaskRow
from yiwang.kernel.process.responsible import place_for
from yiwang.kernel.process.runs import Runs
from yiwang.kernel.process.store import load, moment, new_stamp, save
from yiwang.kernel.process.verbs import close_token
from yiwang.kernel.process.verbs.moving import move
from yiwang.kernel.write import Act, Actor, Unit
from yiwang.kit.ids import new_id
from yiwang.messages import process as said

Work = Act | Unit
#: Service calls of one action; more is a process that goes round in circles.
MOST_CALLS = 500


@dataclass(frozen=True, slots=True)
class CallContext:
    """What a capability is told besides its inputs: which process calls, about what, with which data."""

    instance: UUID
    process: str
    step: str
    subject: Subject
    org: int
    parties: tuple[int, ...]
    area: str
    data: Mapping[str, Any]
    now: datetime
    by: By


class Session:
    """An instance in the hands of one action. Made by ``of_task``, ``of_instance`` or ``start``; ends with ``save``."""

    def __init__(self, work: Work, board: Board, engine: str | None, *, starting: bool = False) -> None:
        self.work = work
        self.rt = work.rt
        self.board = board
        self._engine = engine
        self._starting = starting
        self._run: Run | None = None
        self._definition: Definition | None = None
        self._effects: Effects | None = None
        self._moved = False

    # ---- getting hold of one

    @classmethod
    async def of_task(cls, work: Work, task: UUID, *, whole: bool = False, engine: bool = False) -> Session:
        """Lock the instance of a task that the actor can see. ``engine``: the run will probably be needed."""
        stamp = work.rt.part(Runs).stamp(task=task) if engine else -1
        loaded = await load(work.db, task=task, known=stamp if engine else None, whole=whole)
        row = next((t for t in loaded.tasks if t.id == task), None)
        board = _board(work, loaded.instance, loaded.tasks, row.post if row else None)
        return cls(work, board, loaded.engine)

    @classmethod
    async def of_instance(
        cls, work: Work, instance: UUID, *, whole: bool = False, trusted: bool = False
    ) -> Session:  # fmt: skip
        """Lock an instance; ``trusted`` when an action on its subject was already decided."""
        stamp = work.rt.part(Runs).stamp(instance=instance)
        loaded = await load(work.db, instance=instance, known=stamp, whole=whole, trusted=trusted)
        return cls(work, _board(work, loaded.instance, loaded.tasks, None), loaded.engine)

    @classmethod
    async def start(
        cls,
        act: Act,
        definition: Definition,
        subject: Subject,
        data: Json,
        org: int,
        parties: tuple[int, ...],
        area: str,
    ) -> Session:
        """A new instance, up to where it waits for somebody."""
        by = _by(act.actor, None)
        instance = InstanceRow(
            id=new_id(), key=definition.key, version=definition.version, subject_type=subject.type,
            subject_id=subject.id, subject_no=subject.no, title=subject.title, state="running", org=org,
            parties=sorted(set(parties) - {org}), area=area, started_by=by.id, started_name=by.name,
            started_at=act.now, latest=act.now,
        )  # fmt: skip
        session = cls(act, _board(act, instance, [], None), None, starting=True)
        session._definition = definition
        board = session.board
        board.say(said.ProcessStarted, version=definition.version, org=org)
        board.note_down("start", None)
        session._run = Run.new(definition.spec, data, board.now, due=board.clock.due)
        await session.follow(act, session._run.started, None)
        return session

    # ---- its parts

    async def definition(self) -> Definition:
        """The version that the instance is pinned to."""
        if self._definition is None:
            inst = self.board.instance
            self._definition = await self.rt.part(Definitions).get(self.work.db, inst.key, inst.version)
        return self._definition

    async def run(self) -> Run:
        """The engine's run: from memory when it is the very state that is stored, else read back."""
        if self._run is None:
            inst = self.board.instance
            run = self.rt.part(Runs).take(inst.id, inst.stamp)
            if run is None:
                if self._engine is None:
                    self._engine = (await load(self.work.db, instance=inst.id, known=0, trusted=True)).engine
                definition = await self.definition()
                run = Run.load(definition.spec, self._engine or "", self.board.now, due=self.board.clock.due)
            self._run = run
        return self._run

    # ---- moving on

    async def follow(self, act: Act, effects: Effects, cause: UUID | None) -> None:
        """Do what a move of the engine asks for, and what the services that it calls lead to, until it waits again."""
        queue = deque([self._latest(effects)])
        closed: set[str] = set()
        calls = 0
        while queue:
            move_ = queue.popleft()
            for token in move_.closed:
                closed.add(token)
                close_token(self.board, token)
            for step in move_.opened:
                await self._open(step, cause)
            for call in move_.services:
                calls += 1
                if calls > MOST_CALLS:
                    raise EndlessProcess(f"{self.board.instance.key} called services {calls} times in one action")
                if call.token_id not in closed:
                    result = await self._call(act, call)
                    closed.update(result.closed)
                    queue.append(result)
        if (await self.run()).ended:
            self._end("done", (self._effects.error if self._effects else None) or "")

    async def _open(self, step: OpenedStep, cause: UUID | None) -> None:
        definition = await self.definition()
        info = definition.spec.steps[step.step]
        attrs = step.attrs
        card = Card(
            step.step, info.name or step.step, str(attrs.get("title-en") or ""), attrs.get("form"), attrs.get("due"),
            attrs.get("escalate"), int(attrs.get("priority") or 0),
        )  # fmt: skip
        place = place_for(self.rt.part(Directory), attrs, self.board.instance, card.name_zh)
        self.board.open("main", card, place, asked="advance", token=step.token_id, cause=cause)

    async def _call(self, act: Act, call: ServiceCall) -> Effects:
        """Run a capability in this transaction. Its error goes to the boundary event that catches it, or fails all."""
        run, definition, inst = await self.run(), await self.definition(), self.board.instance
        capability = self.rt.registry.capability(call.capability)
        if capability is None:
            raise YiwangError(f"no room brings the capability {call.capability}", key="process.error.no_capability")
        context = CallContext(
            inst.id, inst.key, call.step, inst.subject, inst.org, tuple(inst.parties), inst.area, run.data,
            self.board.now, self.board.by,
        )  # fmt: skip
        guarded = definition.guards(call.step)
        try:
            if guarded:
                async with act.db.savepoint():
                    result = await capability.handle(act, dict(call.inputs), context)
            else:
                result = await capability.handle(act, dict(call.inputs), context)
        except YiwangError as error:
            if not guarded or error.status >= 500:
                raise
            self.board.note_down("service_failed", None, reason=str(error)[:500], step=call.step)
            try:
                return self._latest(run.fail(call.token_id, error_code(error), self.board.now))
            except ErrorNotCaught:
                raise error from None
        return self._latest(run.complete(call.token_id, result or {}, self.board.now))

    def _latest(self, effects: Effects) -> Effects:
        self._effects, self._moved = effects, True
        return effects

    def _end(self, outcome: str, reason: str) -> None:
        inst, board = self.board.instance, self.board
        if inst.ended_at is not None:
            return
        inst.state, inst.ended_at = outcome, board.now
        for row in board.live():
            if row.live and (outcome == "cancelled" or row.kind not in ("circulate", "supervise")):
                board.cancel(row, reason)
        board.note_down("end" if outcome == "done" else "cancel", None, reason=reason)
        board.say(said.ProcessEnded, outcome=outcome, reason=reason)

    async def cancel(self, reason: str) -> None:
        """End the instance where it stands."""
        run = await self.run()
        self._latest(run.cancel(self.board.now))
        self._end("cancelled", reason)

    async def correct(self, act: Act, step: str, data: Json, reopened: list[TaskRow]) -> None:
        """An earlier step was done again: its data replace what it gave, and whoever has to act next is asked anew."""
        run, definition = await self.run(), await self.definition()
        into = definition.spec.steps[step].attrs.get("into")
        run.update({into: data} if into else data)
        await self.follow(act, run.advance(self.board.now), None)
        now_open = {s.token_id: s for s in run.open_steps(self.board.now)}
        for row in reopened:
            step_now = now_open.get(row.token or "")
            if step_now is None or not row.live:
                continue
            place = place_for(self.rt.part(Directory), step_now.attrs, self.board.instance, row.step_name_zh)
            if place.post != row.assigned:
                new = move(self.board, row, place, "")
                new.assigned, new.plan = place.post, {**new.plan, "fresh": new.version}

    async def move_to(self, act: Act, new: Definition, mapping: Mapping[str, str]) -> None:
        """Go on in another version of the process. Raises CannotMove with every place that does not fit."""
        run, board = await self.run(), self.board
        effects = run.migrate(new.spec, mapping, board.now)
        self._definition, board.instance.version = new, new.version
        open_now = {step.token_id: step for step in run.open_steps(board.now)}
        for row in board.rows.values():
            target = open_now[row.token].step if row.token in open_now and row.live else mapping.get(row.step, row.step)
            info = new.spec.steps.get(target)
            if info is None or not row.live:
                continue
            board.touch(row)
            row.step, row.step_name_zh = target, info.name or target
            row.step_name_en = str(info.attrs.get("title-en") or "")
            if row.kind in ("main", "rework", "delegated"):
                row.form = info.attrs.get("form")
        await self.follow(act, effects, None)

    async def hold_timers(self, act: Act, token: str | None, *, paused: bool) -> None:
        """Stop or start the engine's timers on a token (None: all of the instance)."""
        run, board = await self.run(), self.board
        if paused:
            held.hold(run, token, board.now)
        else:
            held.let_go(run, token, board.now, board.clock)
        await self.follow(act, run.advance(board.now), None)

    # ---- putting it back

    async def save(self, act: Act) -> None:
        """Write the board (and the run, where it moved), and say what happened."""
        inst, board = self.board.instance, self.board
        engine, timer, awaiting = None, {}, None
        if self._moved and self._run is not None:
            inst.stamp = new_stamp()
            effects = self._effects or Effects()
            waits = inst.ended_at is None
            when = effects.next_timer if waits and effects.next_timer and effects.next_timer < held.NEVER else None
            timer = {"timer": when}
            awaiting = effects.awaiting if waits else []
            if waits:
                engine = self._run.dump()
            else:
                inst.result = {"data": self._run.data, "trail": trail(self._run)}
        await save(act.db, board, engine=engine, awaiting=awaiting, starting=self._starting, **timer)
        if self._run is not None and inst.ended_at is None:
            self.rt.part(Runs).put(inst.id, inst.stamp, self._run, [r.id for r in board.live()])
        for event in board.events:
            act.emit(event)


def trail(run: Run) -> Json:
    """The overlay of the diagram, as it is stored with an ended instance."""
    return {key: {**mark, "entered_at": mark["entered_at"].isoformat()} for key, mark in run.overlay().items()}


def error_code(error: YiwangError) -> str:
    """The BPMN error code of a business error: what it says in ``code``, else its translation key."""
    return str(getattr(error, "code", None) or error.key)


def _board(work: Work, instance: InstanceRow, tasks: list[TaskRow], post: int | None) -> Board:
    clock = work.rt.part(CityClockwork)
    return Board(instance, tasks, by=_by(work.actor, post), now=moment(instance, work.now), clock=clock)


def _by(actor: Actor, post: int | None) -> By:
    acting = post if post is not None and post in actor.posts else actor.post
    return By(actor.id, actor.shown_name, acting)
