"""What can go wrong with incidents; each error says what to do next through its translation key."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, Invalid, NotFound, Stale, TooMany


class NoSuchIncident(NotFound):
    """There is no such incident, or you take no part in it."""

    key = "govern.error.no_incident"


class NoSuchCode(NotFound):
    """No report has this tracking code."""

    key = "govern.error.no_code"


class BadCode(Invalid):
    """A tracking code with a typing error: its check symbol is wrong."""

    key = "govern.error.bad_code"


class NotInThisState(Conflict):
    """The incident is not in a state that allows this."""

    key = "govern.error.not_in_this_state"


class StaleIncident(Stale):
    """The incident has changed since it was read; nothing was saved."""

    key = "govern.error.stale"


class TooLateToReopen(Conflict):
    """The days in which a report may be reopened are over."""

    key = "govern.error.too_late_to_reopen"


class CannotWithdraw(Conflict):
    """The report is done already and can no longer be withdrawn."""

    key = "govern.error.cannot_withdraw"


class CannotRate(Conflict):
    """Only a closed report is rated, and only once."""

    key = "govern.error.cannot_rate"


class OutsideCity(Invalid):
    """The place marked on the map lies outside of the city."""

    key = "govern.error.outside_city"


class ReportInvalid(Invalid):
    """Something in the report is missing or too long; the problems name the fields."""

    key = "govern.error.report_invalid"


class TooManyReports(TooMany):
    """Too many reports from one place in a short time."""

    key = "govern.error.too_many_reports"


class NoIntake(Conflict):
    """No organisation takes reports in: nobody has the role of intake."""

    key = "govern.error.no_intake"


class BadPhoto(Invalid):
    """A file that is not a photo, or more than may be sent."""

    key = "govern.error.bad_photo"


class NoTaskHere(Conflict):
    """No task of this incident lies on one of your desks now."""

    key = "govern.error.no_task_here"
