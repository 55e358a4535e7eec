"""Processes: BPMN definitions, running instances, and the tasks of posts.

``engine`` runs a process in memory and knows no database; ``verbs`` are what offices do with task rows, pure as well;
``session`` joins both over one locked instance; ``tasks`` and ``instances`` are the actions that others call;
``queries`` is what pages read.
"""

from yiwang.kernel.process.attachments import Attachment, attach, attach_to_subject, attachment, attachments
from yiwang.kernel.process.definitions import Definition, Definitions
from yiwang.kernel.process.files import FileStore, StoredFile
from yiwang.kernel.process.instances import (
    cancel_instance,
    deliver_message,
    instance_resource,
    process_data,
    resume_instance,
    start_process,
    suspend_instance,
)
from yiwang.kernel.process.loops import mark_overdue, run_timers
from yiwang.kernel.process.migrate import Migration, migrate_instances
from yiwang.kernel.process.model import Subject
from yiwang.kernel.process.rules import TABLE, VERBS, allowed, allowed_verbs
from yiwang.kernel.process.session import CallContext
from yiwang.kernel.process.tasks import (
    ACTIONS,
    Done,
    add_signer,
    circulate,
    claim,
    comment,
    complete_task,
    countersign,
    delegate,
    recall,
    release,
    resource_of,
    resume,
    return_task,
    save_draft,
    supervise,
    suspend,
    transfer,
    urge,
)

__all__ = [
    "ACTIONS",
    "TABLE",
    "VERBS",
    "Attachment",
    "CallContext",
    "Definition",
    "Definitions",
    "Done",
    "FileStore",
    "Migration",
    "StoredFile",
    "Subject",
    "add_signer",
    "allowed",
    "allowed_verbs",
    "attach",
    "attach_to_subject",
    "attachment",
    "attachments",
    "cancel_instance",
    "circulate",
    "claim",
    "comment",
    "complete_task",
    "countersign",
    "delegate",
    "deliver_message",
    "instance_resource",
    "mark_overdue",
    "migrate_instances",
    "process_data",
    "recall",
    "release",
    "resource_of",
    "resume",
    "resume_instance",
    "return_task",
    "run_timers",
    "save_draft",
    "start_process",
    "supervise",
    "suspend",
    "suspend_instance",
    "transfer",
    "urge",
]
