"""What scenario packages bring to a city."""

from __future__ import annotations

from yiwang.kernel.runtime import Loop, Prepare, Room
from yiwang.kernel.scenarios.bundled import install_bundled
from yiwang.kernel.scenarios.commands import scenario
from yiwang.kernel.scenarios.live import refresh_live, start_live

ROOM = Room(
    name="scenario",
    package="yiwang.kernel.scenarios",
    loops=(Loop("scenario.live", every_s=2.0, run=refresh_live, everywhere=True),),
    commands=(scenario,),
    on_start=(start_live,),
    prepare=(Prepare("Scenarios", install_bundled, demo=True, order=60),),
)
