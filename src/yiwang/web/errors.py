"""What the shell itself refuses."""

from __future__ import annotations

from yiwang.kernel.errors import TooLarge, YiwangError


class FormExpired(YiwangError):
    """The form is older than the session, or the session has ended: nothing was changed, and the text is kept."""

    status = 403
    key = "error.form_expired"

    def __init__(self, *, signed_out: bool) -> None:
        super().__init__()
        self.signed_out = signed_out
        if signed_out:
            self.status = 401
            self.key = "error.session_ended"


class CrossSite(YiwangError):
    """Another site tried to send this request in a visitor's name."""

    status = 403
    key = "error.cross_site"


class BodyTooLarge(TooLarge):
    """The request's body is larger than the limit of the shell."""

    key = "error.body_too_large"
