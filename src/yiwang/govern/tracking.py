"""Tracking codes: derived from the secret key of the form, kept only as a digest.

Whoever holds the code sees the public part of the report. The same form always gives the same code, so that a double
submission shows one receipt.
"""

from __future__ import annotations

import secrets

from yiwang.govern.errors import BadCode
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor
from yiwang.kit.ids import normal_tracking_code, tracking_code_of

#: Characters of a form key: 128 bits and more, so that nobody guesses another's receipt.
KEY_LENGTH = (22, 64)


def new_form_key() -> str:
    """The secret that one blank form carries."""
    return secrets.token_urlsafe(18)


def form_key_fits(key: str) -> bool:
    """Whether this can be the key of a form: long enough, plain characters."""
    return KEY_LENGTH[0] <= len(key) <= KEY_LENGTH[1] and all(c.isalnum() or c in "-_" for c in key) and key.isascii()


def code_of_form(rt: Runtime, key: str) -> str:
    """The tracking code of the report that a form becomes."""
    return tracking_code_of(rt.part(Keys).box.digest("govern.form", key))


def own_form_key(rt: Runtime, actor: Actor, key: str) -> str:
    """The form key of an idempotency key that a caller chose. Programs count up: whoever guesses the key of another
    must not be handed the tracking code of the other's report, so an account's keys are its own."""
    if actor.id is None:
        return key
    return rt.part(Keys).box.digest("govern.own-form", f"{actor.id}:{key}").hex()


def digest_of_code(rt: Runtime, typed: str) -> bytes:
    """What the database knows of a code as a person typed it; BadCode when its check symbol is wrong."""
    code = normal_tracking_code(typed[:60])
    if code is None or len(code) != 14:
        raise BadCode("the check symbol does not fit")
    return rt.part(Keys).box.digest("govern.tracking", code)
