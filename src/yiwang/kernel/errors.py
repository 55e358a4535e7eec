"""Errors that own their message, their HTTP status and their translation key.

An error says what happened, where, and what to do next. ``key`` names a table in ``strings/*.toml`` with the entries
``title``, ``detail`` and ``next``; ``params`` fill it in. The English text of the class is for logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One item of a collected list: where it is, which rule found it, and the key of its sentence.

    ``where`` is ``file:line`` or the path of a field; ``text`` is the sentence in English for logs and the terminal.
    """

    where: str
    key: str
    params: dict[str, Any] = field(default_factory=dict)
    rule: str | None = None
    text: str = ""

    def __str__(self) -> str:
        """The line that a terminal shows."""
        tag = f" [{self.rule}]" if self.rule else ""
        return f"{self.where}: {self.text or self.key}{tag}"


class YiwangError(Exception):
    """The root of every error that Yiwang raises on purpose."""

    status = 500
    key = "error.unexpected"

    def __init__(
        self, message: str = "", *, key: str | None = None, problems: Sequence[Problem] = (), **params: Any
    ) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])
        if key is not None:
            self.key = key
        self.params = params
        self.problems = list(problems)

    def __str__(self) -> str:
        """The message, then the collected problems, one a line."""
        return "\n  ".join([super().__str__(), *(str(p) for p in self.problems)])


class NotFound(YiwangError):
    """There is no such thing, or you may not know of it."""

    status = 404
    key = "error.not_found"


class Invalid(YiwangError):
    """What was sent does not fit what is expected."""

    status = 422
    key = "error.invalid"


class Conflict(YiwangError):
    """Somebody else was faster, or the thing is not in a state that allows this."""

    status = 409
    key = "error.conflict"


class Stale(Conflict):
    """The page is older than the thing it shows; nothing was changed."""

    key = "error.stale"


class Refused(YiwangError):
    """The policy does not allow this; ``decision`` says why."""

    status = 403
    key = "error.refused"

    def __init__(self, message: str = "", *, decision: Any = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.decision = decision


class Unauthenticated(YiwangError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    key = "error.unauthenticated"


class TooMany(YiwangError):
    """Too many requests in too short a time; ``retry_after`` is in seconds."""

    status = 429
    key = "error.too_many"


class TooLarge(YiwangError):
    """What was sent is larger than the limit."""

    status = 413
    key = "error.too_large"


class Unavailable(YiwangError):
    """A part that this needs (database, message bus) does not answer now."""

    status = 503
    key = "error.unavailable"


class ClockSetBack(YiwangError):
    """The clock went backwards; writing is refused until it has caught up."""

    status = 503
    key = "error.clock_set_back"


class SilentAction(YiwangError):
    """An action ended without its audit row: a bug, and everything was rolled back."""

    key = "error.silent_action"


class LostWork(YiwangError):
    """A transaction that should have been kept was rolled back by the database: a bug, and nothing was changed."""


class StartError(YiwangError):
    """Something outside stops the start: one sentence that says what, where, and what to do."""

    key = "error.start"
