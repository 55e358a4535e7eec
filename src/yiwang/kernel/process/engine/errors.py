"""What the engine refuses: a bad definition, a token that is not there, a message that nobody awaits."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.kernel.errors import Conflict, Invalid, NotFound, Problem


class ProcessInvalid(Invalid):
    """A process or decision file cannot be used; every problem found is in ``problems``."""

    key = "engine.invalid"

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"{file} has {len(problems)} problem(s)", problems=problems, file=file, count=len(problems))


class NoSuchToken(NotFound):
    """The step is not open in this instance: it was completed, cancelled, or never there."""

    key = "engine.no_such_token"


class NotAwaited(Conflict):
    """Nothing in this instance waits for the message now."""

    key = "engine.not_awaited"


class ErrorNotCaught(Conflict):
    """A step failed with an error code that no boundary event around it catches."""

    key = "engine.error_not_caught"


class Runaway(Conflict):
    """The process went on and on without reaching a person, a timer or a message."""

    key = "engine.runaway"


class RunBroken(Conflict):
    """This run failed half-way before and must be loaded again from its stored state."""

    key = "engine.run_broken"


class StateUnreadable(Conflict):
    """The stored state does not fit the process definition that it is pinned to."""

    key = "engine.state_unreadable"


class CannotMove(Invalid):
    """A running instance does not fit the other version; ``problems`` names what has no counterpart."""

    key = "engine.cannot_move"


class BadData(Invalid):
    """A value that cannot be stored with a run."""

    key = "engine.bad_data"
