"""Moving running instances to another version of their process: first a preview, then the same for real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.definitions import Definition, Definitions
from yiwang.kernel.process.engine import CannotMove
from yiwang.kernel.process.errors import BadRequest, CannotMigrate
from yiwang.kernel.process.instances import instance_resource
from yiwang.kernel.process.session import Session
from yiwang.kernel.process.store import q
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, unit
from yiwang.messages.process import ProcessMigrated


@dataclass(slots=True)
class Migration:
    """What a migration would do or has done: instances that fit, and why each of the others does not."""

    key: str
    to_version: int
    ready: list[UUID] = field(default_factory=list)
    stuck: dict[UUID, list[Problem]] = field(default_factory=dict)
    moved: int = 0


class _PreviewDone(Exception):
    pass


async def migrate_instances(
    rt: Runtime,
    actor: Actor,
    key: str,
    from_version: int,
    to_version: int,
    mapping: Mapping[str, str] | None = None,
    *,
    only: list[UUID] | None = None,
    preview: bool = True,
    most: int = 10_000,
) -> Migration:
    """Move the running instances of one version (or ``only`` some) to another; ``mapping``: old step id -> new one.

    A preview does everything and rolls each back, so what it promises is what will happen. For real, each instance
    moves in its own transaction: a large migration can be stopped and taken up again, and one that does not fit stays.
    Raises NoSuchProcess, or BadRequest when the mapping names a step that the new version does not have.
    """
    async with rt.read(actor) as db:
        new = await rt.part(Definitions).get(db, key, to_version)
        ids = only or [r["id"] for r in await db.fetch(q.running_of, key, from_version, most)]
    for step in (mapping or {}).values():
        if step not in new.spec.steps:
            raise BadRequest(f"version {to_version} has no step {step!r}", key="process.error.no_such_step", step=step)
    result = Migration(key, to_version)
    for instance in ids:
        try:
            await migrate_instance(rt, actor, instance, new, mapping or {}, preview=preview)
        except CannotMove as error:
            result.stuck[instance] = error.problems
        except CannotMigrate as error:
            result.stuck[instance] = [Problem(str(instance), error.key, error.params, text=str(error))]
        else:
            result.ready.append(instance)
    result.moved = 0 if preview else len(result.ready)
    return result


async def migrate_instance(
    rt: Runtime, actor: Actor, instance: UUID, new: Definition, mapping: Mapping[str, str], *, preview: bool = False
) -> None:
    """Move one instance: its engine state, and the steps, names and forms of its live rows."""
    try:
        async with unit(rt, actor) as work:
            session = await Session.of_instance(work, instance, whole=True)
            inst, board = session.board.instance, session.board
            async with work.also("process.migrate", instance_resource(inst)) as act:
                if inst.key != new.key or inst.ended_at is not None:
                    raise CannotMigrate(f"process instance {instance} is {inst.state}", key="process.error.stopped")
                before = inst.version
                await session.move_to(act, new, mapping)
                board.note_down("migrate", None, from_version=before, to_version=new.version)
                board.say(ProcessMigrated, from_version=before, to_version=new.version)
                await session.save(act)
                act.record(before={"version": before}, after={"version": new.version, "mapping": dict(mapping)})
            if preview:
                raise _PreviewDone
    except _PreviewDone:
        return


__all__ = ["Migration", "migrate_instance", "migrate_instances"]
