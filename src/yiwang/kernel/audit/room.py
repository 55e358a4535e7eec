"""What the audit brings: the sealer, the command that verifies the chain, and what the clock must know of it."""

from __future__ import annotations

from yiwang.kernel.audit.commands import audit
from yiwang.kernel.audit.latest import remember_latest
from yiwang.kernel.audit.seal import seal_entries
from yiwang.kernel.runtime import Loop, Room

ROOM = Room(
    name="audit",
    package="yiwang.kernel.audit",
    loops=(Loop("audit.seal", every_s=0.5, run=seal_entries),),
    commands=(audit,),
    # After every hook of the start: those ask the clock, and a city whose clock was set back still starts and says so.
    extra={"on_started": remember_latest},
)
