"""What can go wrong with processes and tasks; each error says what to do next through its translation key."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, Invalid, NotFound, Stale, TooLarge, TooMany, YiwangError


class NoSuchTask(NotFound):
    """There is no such task, or you take no part in it."""

    key = "process.error.no_task"


class NoSuchInstance(NotFound):
    """There is no such process instance, or you take no part in it."""

    key = "process.error.no_instance"


class NoSuchProcess(NotFound):
    """No process of that key is installed."""

    key = "process.error.no_process"


class NotNow(Conflict):
    """The task is not in a state that allows this."""

    key = "process.error.not_now"


class AlreadyDone(Conflict):
    """Somebody else has completed this task: the params say who and when."""

    key = "process.error.already_done"


class ClaimedByOther(Conflict):
    """A colleague of the same post has taken this task."""

    key = "process.error.claimed"


class StaleTask(Stale):
    """The task has changed since the page was opened; nothing was saved."""

    key = "process.error.stale"


class NothingToRecall(Conflict):
    """The next step has already been touched, or there is none: it cannot be taken back any more."""

    key = "process.error.nothing_to_recall"


class NoEarlierStep(Conflict):
    """There is no earlier step that this task could be returned to."""

    key = "process.error.no_earlier_step"


class UrgedTooOften(TooMany):
    """This task was urged a moment ago."""

    key = "process.error.urged_too_often"


class NobodyResponsible(Invalid):
    """No post can be found for a step: the organisation has nobody in that role."""

    key = "process.error.nobody_responsible"


class BadRequest(Invalid):
    """A verb was asked for with something missing or contradictory."""

    key = "process.error.bad_request"


class InstanceStopped(Conflict):
    """The process has ended or is suspended."""

    key = "process.error.stopped"


class EndlessProcess(YiwangError):
    """A process called services without end in one action; everything was rolled back."""

    key = "process.error.endless"


class CannotMigrate(Conflict):
    """Some instances cannot be moved to the new version; the problems name them."""

    key = "process.error.cannot_migrate"


class FileTooLarge(TooLarge):
    """The file is larger than the limit."""

    key = "process.error.file_too_large"


class FileRefused(Invalid):
    """The file is of a type that is not accepted, or is not what its name says."""

    key = "process.error.file_refused"
