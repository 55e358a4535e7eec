"""Live runs in memory, so that a step seldom has to read the engine's state back.

A run is kept under the stamp of the state that was saved from it. Whoever loads the instance compares stamps under the
lock: a state that another process saved, or a save that was rolled back, has another stamp, and the run is not used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from yiwang.kernel.process.engine import Run
from yiwang.kernel.runtime import Runtime

#: Runs kept; each is some tens of kilobytes.
_KEPT = 512


class Runs:
    """``rt.part(Runs)``: the runs of this process, most recently used last."""

    def __init__(self, _rt: Runtime) -> None:
        self._runs: OrderedDict[UUID, tuple[int, Run, tuple[UUID, ...]]] = OrderedDict()
        self._of_task: dict[UUID, UUID] = {}

    def stamp(self, *, instance: UUID | None = None, task: UUID | None = None) -> int:
        """The stamp held for an instance (or for that of a task); 0 when none is."""
        key = instance or (self._of_task.get(task) if task else None)
        held = self._runs.get(key) if key else None
        return held[0] if held else 0

    def take(self, instance: UUID, stamp: int) -> Run | None:
        """Take the run out, if it is the one of that stamp: until it is put back nobody else may move it."""
        held = self._runs.get(instance)
        if held is None or held[0] != stamp:
            return None
        self._forget(instance)
        return held[1]

    def put(self, instance: UUID, stamp: int, run: Run, tasks: Iterable[UUID]) -> None:
        """Keep a run under the stamp of what was saved; ``tasks`` are the rows by which it may be asked for."""
        self._forget(instance)
        names = tuple(tasks)
        self._runs[instance] = (stamp, run, names)
        self._of_task.update(dict.fromkeys(names, instance))
        while len(self._runs) > _KEPT:
            self._forget(next(iter(self._runs)))

    def _forget(self, instance: UUID) -> None:
        held = self._runs.pop(instance, None)
        if held is not None:
            for name in held[2]:
                self._of_task.pop(name, None)
