"""One running instance, as its callers see it. It is told the time, and answers with what is to be done outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.effects import Effects, OpenedStep, ServiceCall
from yiwang.kernel.process.engine.errors import CannotMove, ErrorNotCaught, NoSuchToken, NotAwaited, RunBroken
from yiwang.kernel.process.engine.events import Message, Timer
from yiwang.kernel.process.engine.migrate import Mover
from yiwang.kernel.process.engine.spec import Spec
from yiwang.kernel.process.engine.state import dump_state, load_state
from yiwang.kernel.process.engine.steps import Call, Step
from yiwang.kernel.process.engine.timers import Due
from yiwang.kernel.process.engine.token import Token
from yiwang.kernel.process.engine.values import json_map
from yiwang.kernel.process.engine.workflow import Instance


class Run:
    """A run of a process. Every move takes the moment at which it happens and returns its Effects.

    A move that raises leaves the run broken: throw it away and load it again from the text that was stored.
    A run may be kept and moved on as long as its stored text is that of its last ``dump``.
    """

    def __init__(self, spec: Spec, instance: Instance) -> None:
        self.spec = spec
        self._instance = instance
        self._broken = False
        self._started: Effects | None = None

    @classmethod
    def new(cls, spec: Spec, data: Mapping[str, Any], now: datetime, due: Due | None = None) -> Run:
        """Start a process. ``due(moment, span)`` adds a span of the city's calendar; the first move is ``started``."""
        run = cls(spec, Instance(spec, json_map(data), due))
        run._started = run._move(now, run._instance.start)
        return run

    @classmethod
    def load(cls, spec: Spec, text: str, now: datetime | None = None, due: Due | None = None) -> Run:
        """A run from its stored text. Raises StateUnreadable when it does not fit the definition."""
        run = cls(spec, load_state(spec, text, due))
        run._instance.now = now
        return run

    @property
    def started(self) -> Effects:
        """What the start has left to do; only on a run that was just made by ``new``."""
        if self._started is None:
            raise RuntimeError("this run was loaded, not started")
        return self._started

    # -- moves

    def advance(self, now: datetime) -> Effects:
        """Let the timers that are due by ``now`` fire, in the order in which they were due."""
        return self._move(now, self._fire_timers)

    def complete(self, token_id: str, data: Mapping[str, Any], now: datetime) -> Effects:
        """A person has finished a step, or a capability has returned. Raises NoSuchToken when it is not open."""
        token = self._open(token_id)
        result = json_map(data)

        def complete() -> None:
            token.task_spec.take(token, result)
            token.run()
            self._instance.settle()

        return self._move(now, complete)

    def fail(self, token_id: str, error_code: str, now: datetime) -> Effects:
        """A step has failed: the nearest boundary event for the code takes over. Raises ErrorNotCaught otherwise."""
        token = self._open(token_id)

        def fail() -> None:
            if not self._instance.throw("error", error_code, token):
                raise ErrorNotCaught(
                    f"nothing catches {error_code!r} around {token.task_spec.element}",
                    code=error_code, step=token.task_spec.element,
                )  # fmt: skip
            self._instance.settle()

        return self._move(now, fail)

    def deliver(self, message: str, payload: Mapping[str, Any], now: datetime) -> Effects:
        """Give a message to everything that waits for it by that name. Raises NotAwaited when nothing does."""
        waiting = [t for t in self._waiting(Message) if t.task_spec.event_definition.name == message]
        if not waiting:
            raise NotAwaited(f"nothing waits for the message {message!r}", name=message)

        brought = json_map(payload)

        def deliver() -> None:
            for token in waiting:
                if token._state == TaskState.WAITING:
                    token.vars.update(brought)
                    token._ready()
            self._instance.settle()

        return self._move(now, deliver)

    def cancel(self, now: datetime) -> Effects:
        """End the run where it stands; every open step is closed."""

        def cancel() -> None:
            for token in list(self._instance.tokens()):
                token.cancel()
            self._instance.settle()

        return self._move(now, cancel)

    def migrate(self, new: Spec, mapping: Mapping[str, str], now: datetime) -> Effects:
        """Go on in another version; ``mapping`` names the new id of elements that have another one there.

        Raises CannotMove with every place that has no counterpart; the run then stands where it was. Open steps keep
        their tokens: ask ``open_steps`` for what they are called now.
        """
        self._refuse_broken()
        problems = migratable(self.spec, new, self, mapping)
        if problems:
            raise CannotMove(f"this run of {self.spec.key} does not fit the other version", problems=problems)
        self._instance = Mover(self._instance, new, mapping).move(now)
        self.spec = new
        return self._move(now, lambda: None)

    # -- looking

    @property
    def data(self) -> dict[str, Any]:
        """The data of the process: one flat dict of JSON values. Change it only through ``update``."""
        return self._instance.vars.own

    def update(self, values: Mapping[str, Any]) -> None:
        """Write into the data of the process from outside (a correction, a recorded fact)."""
        self._instance.vars.update(json_map(values))

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self._instance.ended

    @property
    def error(self) -> str | None:
        """The code of the uncaught error end event with which the run ended."""
        return self._instance.error

    def awaits(self, message: str) -> bool:
        """Whether something waits for the message now."""
        return message in self._awaiting()

    def open_steps(self, now: datetime) -> list[OpenedStep]:
        """Every human task that is open, in the order in which they were opened."""
        self._instance.now = now
        return [t.task_spec.opened(t) for t in self._ready() if isinstance(t.task_spec, Step)]

    def open_services(self, now: datetime) -> list[ServiceCall]:
        """Every service that was asked for and has not answered."""
        self._instance.now = now
        return [t.task_spec.call(t) for t in self._ready() if isinstance(t.task_spec, Call)]

    def overlay(self) -> dict[str, dict[str, Any]]:
        """For the diagram: element or flow id -> state (``active``, ``done``), count, entered_at (last, aware UTC)."""
        active = {t.task_spec.element for t in self._instance.tokens()}
        return {
            name: {
                "state": "active" if name in active else "done",
                "count": count,
                "entered_at": datetime.fromtimestamp(last, UTC),
            }
            for name, count, last in self._instance.seen.entered()
        }

    def dump(self) -> str:
        """The state as text, for a text column (key order matters)."""
        self._refuse_broken()
        return dump_state(self._instance, self.spec.digest)

    # -- inside

    @contextmanager
    def _moving(self, now: datetime) -> Iterator[Instance]:
        self._refuse_broken()
        if now.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        instance = self._instance
        instance.now = now
        instance.opened, instance.services, instance.closed = {}, {}, []
        self._broken = True
        yield instance
        self._broken = False

    def _move(self, now: datetime, move: Callable[[], None]) -> Effects:
        with self._moving(now) as instance:
            move()
            return Effects(
                opened=list(instance.opened.values()),
                closed=instance.closed,
                services=list(instance.services.values()),
                next_timer=min((t.task_spec.event_definition.due(t) for t in self._waiting(Timer)), default=None),
                awaiting=self._awaiting(),
                ended=instance.ended,
                error=instance.error,
            )

    def _refuse_broken(self) -> None:
        if self._broken:
            raise RunBroken("an earlier move of this run failed; load it again")

    def _open(self, token_id: str) -> Token:
        token = self._instance.find(int(token_id)) if token_id.isdecimal() else None
        if token is None or token._state != TaskState.READY or not isinstance(token.task_spec, Step | Call):
            raise NoSuchToken(f"token {token_id} is not open in this run of {self.spec.key}", token=token_id)
        return token

    def _ready(self) -> list[Token]:
        return sorted((t for t in self._instance.tokens() if t._state == TaskState.READY), key=lambda t: t.id)

    def _waiting(self, kind: type) -> list[Token]:
        waiting = self._instance.event_manager.tasks.values()
        return [t for t in waiting if isinstance(t.task_spec.event_definition, kind)]

    def _awaiting(self) -> list[str]:
        return sorted({t.task_spec.event_definition.name for t in self._waiting(Message)})

    def _fire_timers(self) -> None:
        instance = self._instance
        while True:
            due = [(t.task_spec.event_definition.due(t), t.id, t) for t in self._waiting(Timer)]
            due = [entry for entry in due if entry[0] <= instance.moment]
            if not due:
                break
            min(due, key=lambda entry: entry[:2])[2]._ready()
            instance.settle()


def migratable(old: Spec, new: Spec, run: Run, mapping: Mapping[str, str]) -> list[Problem]:
    """What keeps a run of ``old`` from going on in ``new``: an empty list when nothing does."""
    if run.spec.digest != old.digest:
        text = f"the run is not of this version of {old.key}"
        params = {"element": old.key, "target": new.key}
        return [Problem(where=old.key, key="engine.move.other_version", params=params, rule="migration", text=text)]
    return list(Mover(run._instance, new, mapping).problems())
