"""The few cookies of the web shell, each set in one place only with the same strict attributes."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from starlette.responses import Response

from yiwang.kernel.settings import Settings

SESSION = "yw_session"
VISIT = "yw_visit"
FLASH = "yw_flash"
KEPT = "yw_kept"
YEAR = 365 * 24 * 3600


def name(settings: Settings, base: str) -> str:
    """Over HTTPS the browser itself guarantees host and path of ``__Host-`` cookies."""
    return f"__Host-{base}" if settings.secure_cookies else base


def put(response: Response, settings: Settings, base: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(
        name(settings, base),
        value,
        max_age=max_age,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop(response: Response, settings: Settings, base: str) -> None:
    """Remove a cookie."""
    response.delete_cookie(
        name(settings, base), path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


def pack(key: str, kind: str, params: dict[str, Any]) -> str:
    """A message for the next page, as a cookie value."""
    return base64.urlsafe_b64encode(json.dumps([key, kind, params], ensure_ascii=False).encode()).decode("ascii")


def unpack(value: str | None) -> tuple[str, str, dict[str, Any]] | None:
    """The message of ``pack``; None when it is not one."""
    if not value or len(value) > 2000:
        return None
    try:
        key, kind, params = json.loads(base64.urlsafe_b64decode(value.encode("ascii")))
    except (ValueError, binascii.Error, UnicodeError):
        return None
    if not (isinstance(key, str) and isinstance(params, dict) and kind in {"info", "success", "warning", "error"}):
        return None
    return key, kind, {str(k): str(v)[:200] for k, v in list(params.items())[:8]}
