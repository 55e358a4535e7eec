"""What identity refuses, in sentences that help the right person and tell the wrong one nothing."""

from __future__ import annotations

import math
from datetime import timedelta

from yiwang.kernel.errors import Conflict, Invalid, Problem, Refused, TooMany, YiwangError


class SignInRefused(YiwangError):
    """Name and password do not belong together.

    The same for an unknown name, a wrong password and a disabled account.
    """

    status = 401
    key = "identity.error.sign_in_refused"


class CodeRefused(YiwangError):
    """The code is wrong, was used before, or has expired."""

    status = 401
    key = "identity.error.code_refused"


class TicketOver(YiwangError):
    """What was begun took too long, or was finished already: begin again."""

    status = 410
    key = "identity.error.ticket_over"


class Throttled(TooMany):
    """Too many failed tries; wait before the next."""

    key = "identity.error.throttled"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(f"wait {seconds} s before the next try", seconds=seconds)
        self.retry_after = seconds


class SignInBusy(TooMany):
    """More people sign in at this moment than the machine can check; try again in a moment."""

    key = "identity.error.busy"
    retry_after = 5


class WeakPassword(Invalid):
    """The password does not meet the policy; `reason` is a string key under identity.password."""

    key = "identity.error.weak_password"

    def __init__(self, reason: str, minimum: int) -> None:
        wrong = Problem("password", f"identity.password.{reason}", {"minimum": minimum}, text=f"password: {reason}")
        super().__init__(f"password refused: {reason}", problems=[wrong])
        self.reason = reason


class LoginTaken(Conflict):
    """There is an account with this sign-in name, phone or mail address."""

    key = "identity.error.login_taken"


class BadContact(Invalid):
    """This is neither a phone number nor a mail address that can be written to."""

    key = "identity.error.bad_contact"


class NotYourPost(Refused):
    """You do not hold this post now."""

    key = "identity.error.not_your_post"


class ProviderFailed(YiwangError):
    """The sign-in provider did not answer, or its answer could not be trusted; `reason` is for the log."""

    status = 502
    key = "identity.error.provider_failed"


class NotLinked(YiwangError):
    """The provider knows you, but no account here is linked to you."""

    status = 403
    key = "identity.error.not_linked"
