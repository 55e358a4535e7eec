"""What the policy brings: itself at the start, and the pruning of old refusals."""

from __future__ import annotations

from yiwang.kernel.policy.packages import PolicySection
from yiwang.kernel.policy.service import prune_refusals, start_policies
from yiwang.kernel.runtime import Loop, Room, SectionHandler

ROOM = Room(
    name="policy",
    package="yiwang.kernel.policy",
    sections=(SectionHandler("policies", (".cedar",), PolicySection()),),
    loops=(Loop("policy.prune_refusals", every_s=3600.0, run=prune_refusals),),
    on_start=(start_policies,),
)
