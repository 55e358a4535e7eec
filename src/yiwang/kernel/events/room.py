"""What the events bring: the relay and the sweep for what no message will bring."""

from __future__ import annotations

from yiwang.kernel.events.commands import events
from yiwang.kernel.events.deliver import deliver_due
from yiwang.kernel.events.relay import relay_events
from yiwang.kernel.runtime import Loop, Room

ROOM = Room(
    name="event",
    package="yiwang.kernel.events",
    loops=(
        Loop("event.relay", every_s=1.0, run=relay_events, wake="yw_event"),
        Loop("event.sweep", every_s=5.0, run=deliver_due),
    ),
    commands=(events,),
)
