"""Attaching files to a subject, at a task or (before there is a process) to the subject alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.kernel.db import Conn
from yiwang.kernel.errors import NotFound
from yiwang.kernel.process.files import FileStore, StoredFile
from yiwang.kernel.process.model import Subject
from yiwang.kernel.process.rules import require
from yiwang.kernel.process.session import Session, Work
from yiwang.kernel.process.store import q
from yiwang.kernel.process.tasks import resource_of
from yiwang.kernel.write import Act
from yiwang.kit.ids import new_id
from yiwang.messages.process import FileAttached


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a subject, as pages show it; ``thumbnail`` is the address of a small JPEG, for pictures."""

    id: UUID
    task: UUID | None
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    thumbnail: str | None
    by_name: str
    at: datetime


async def attach(work: Work, task_id: UUID, file: StoredFile) -> UUID:
    """附件: attach a stored file (``rt.part(FileStore).keep``) at a task; returns the attachment's id."""
    session = await Session.of_task(work, task_id)
    board, row = session.board, session.board.task(task_id)
    package = (await session.definition()).package
    async with work.also("task.attach", resource_of(row, package)) as act:
        require("attach", row)
        inst = board.instance
        attachment = await attach_to_subject(
            act, inst.subject, file, instance=inst.id, task=row.id, org=inst.org, parties=tuple(inst.parties),
            area=inst.area, post=board.by.post,
        )  # fmt: skip
        board.note_down("attach", row, name=file.name, attachment=str(attachment))
        board.say(
            FileAttached, attachment=attachment, task=row.id, name=file.name, media_type=file.media_type, size=file.size
        )
        await session.save(act)
        act.record(after={"attachment": str(attachment), "name": file.name, "sha256": file.sha256})
    return attachment


async def attach_to_subject(
    act: Act,
    subject: Subject,
    file: StoredFile,
    *,
    org: int,
    parties: tuple[int, ...] = (),
    area: str = "",
    instance: UUID | None = None,
    task: UUID | None = None,
    post: int | None = None,
) -> UUID:
    """Write the row of an attachment within an action on the subject (a report with its photos), which records it."""
    key = new_id()
    await act.db.execute(
        q.add_attachment, key, instance, task, subject.type, subject.id, file.name, file.media_type, file.size,
        file.sha256, file.width, file.height, file.thumbnail, act.actor.id, act.actor.shown_name, post, act.now, org,
        sorted(set(parties)), area,
    )  # fmt: skip
    return key


async def attachments(db: Conn, subject_type: str, subject_id: UUID) -> list[Attachment]:
    """The files of a subject that the scope sees, oldest first."""
    return [Attachment(**dict(row)) for row in await db.fetch(q.attachments, subject_type, subject_id)]


async def attachment(db: Conn, key: UUID) -> Attachment:
    """One attachment that the scope sees; NotFound otherwise. Its content is ``FileStore.path(sha256)``."""
    row = await db.fetchrow(q.attachment, key)
    if row is None:
        raise NotFound(f"there is no attachment {key}")
    return Attachment(**dict(row))


__all__ = ["Attachment", "FileStore", "attach", "attach_to_subject", "attachment", "attachments"]
