"""What the audit brings: the sealer, and the command that verifies the chain."""

from __future__ import annotations

from yiwang.kernel.audit.commands import audit
from yiwang.kernel.audit.seal import seal_entries
from yiwang.kernel.runtime import Loop, Room

ROOM = Room(
    name="audit",
    package="yiwang.kernel.audit",
    loops=(Loop("audit.seal", every_s=0.5, run=seal_entries),),
    commands=(audit,),
)
