"""Tokens against forged forms: one per session, and a signed double-submit token for visitors without one."""

from __future__ import annotations

import hmac

from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.model import Session
from yiwang.kernel.identity.tokens import new_token
from yiwang.kernel.runtime import Runtime

#: The cookie that a visitor's token is compared with.
ANONYMOUS_COOKIE = "yw_visit"


def csrf_right(session: Session, sent: str | None) -> bool:
    """Does a form of this session carry its token?"""
    return sent is not None and hmac.compare_digest(session.csrf.encode(), sent.encode())


def new_visit() -> str:
    """The random value of a visitor's cookie."""
    return new_token()


def visit_csrf(rt: Runtime, visit: str) -> str:
    """The token for the forms of a visitor: signed over the cookie, so that a planted cookie has no valid partner."""
    return rt.part(Keys).box.sign("csrf", visit)


def visit_csrf_right(rt: Runtime, visit: str | None, sent: str | None) -> bool:
    """Do the cookie and the form belong together?"""
    return bool(visit and sent) and rt.part(Keys).box.signed("csrf", visit or "", sent or "")
