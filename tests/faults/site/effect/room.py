"""An effect that can be counted: one row for each application of an event, and nothing that would hide a second one."""

from yiwang.kernel.runtime import Reaction, Room
from yiwang.messages.govern import IncidentOpened
from yiwang.messages.process import TaskCompleted


async def opened(unit, event: IncidentOpened) -> None:
    await unit.db.execute("insert into effect.row (kind, subject) values ('opened', $1)", event.incident)


async def completed(unit, event: TaskCompleted) -> None:
    await unit.db.execute("insert into effect.row (kind, subject) values ('completed', $1)", event.task)


ROOM = Room(
    name="effect",
    package="effect",
    reactions=(
        Reaction("effect.opened", (IncidentOpened,), opened),
        Reaction("effect.completed", (TaskCompleted,), completed),
    ),
)
