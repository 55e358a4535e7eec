"""What processes bring to a city: sections of packages, commands, and the loops of timers and deadlines."""

from __future__ import annotations

from yiwang.kernel.process.commands import process
from yiwang.kernel.process.loops import mark_overdue, run_timers
from yiwang.kernel.process.sections import SECTIONS
from yiwang.kernel.runtime import Loop, Room

ROOM = Room(
    name="process",
    package="yiwang.kernel.process",
    sections=SECTIONS,
    commands=(process,),
    loops=(Loop("process.timers", every_s=1.0, run=run_timers), Loop("process.overdue", every_s=5.0, run=mark_overdue)),
)
