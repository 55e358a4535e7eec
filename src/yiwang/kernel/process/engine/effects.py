"""What a move of a run leaves for the outside to do: steps to open and close, services to call, a timer to set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class StepInfo:
    """An element of a definition for people: ``kind`` is its BPMN name, ``attrs`` its yw: attributes as written."""

    id: str
    kind: str
    name: str
    attrs: Mapping[str, str] = field(default_factory=dict)
    process: str = ""
    loop: str | None = None  # "parallel" or "sequential" when it is a multi-instance step


@dataclass(frozen=True)
class OpenedStep:
    """A human task that was reached. ``step`` names an element of ``Spec.steps``.

    ``attrs`` are its yw: attributes with every CEL value computed (``post`` and ``org`` an id, a code or None;
    ``priority`` an int; ``due`` a span such as ``2wd`` or None). ``data`` is what the step sees; in a multi-instance
    step with its item, ``index`` (from 0) and ``total``.
    """

    token_id: str
    step: str
    data: Mapping[str, Any]
    attrs: Mapping[str, Any] = field(default_factory=dict)
    index: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class ServiceCall:
    """A capability to be run; complete its token with the result, or fail it with an error code."""

    token_id: str
    capability: str
    inputs: Mapping[str, Any]
    step: str = ""


@dataclass(frozen=True)
class Effects:
    """All that happened in one move, in order; ``awaiting`` and ``next_timer`` are of the whole run after it.

    ``error`` is the code of an error end event that nobody caught: the run has ended with it.
    """

    opened: list[OpenedStep] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    services: list[ServiceCall] = field(default_factory=list)
    next_timer: datetime | None = None
    awaiting: list[str] = field(default_factory=list)
    ended: bool = False
    error: str | None = None
