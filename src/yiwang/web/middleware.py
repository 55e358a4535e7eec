"""What surrounds every request, as one plain ASGI layer: request id, size limit, other sites, security headers, time.

It knows no session and opens no connection, so it costs next to nothing and works when the database does not.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yiwang.kernel.observe import request_id
from yiwang.kernel.runtime import Runtime
from yiwang.kit.ids import new_id
from yiwang.web.errors import BodyTooLarge, CrossSite
from yiwang.web.problems import answer

#: Bytes of a body without files (JSON, a plain form).
PLAIN_LIMIT = 2 * 1024 * 1024
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

#: No inline script, no inline style element, nothing from elsewhere. Attributes may carry styles, because the process
#: diagram sets them on SVG text; they cannot run anything.
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:",
        "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}


class Shell:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, rt: Runtime) -> None:
        self.app = app
        self.rt = rt
        # A form may carry several files; the limit of one file is checked where it is stored.
        self.body_limit = (rt.settings.upload_limit_mib * 3 + 2) * 1024 * 1024

    def limit_for(self, headers: Headers) -> int:
        """Bytes that a body of this kind may have. What is no form with files is parsed in memory at once, in the
        one thread that serves everybody: a few megabytes of JSON would hold all others up."""
        files = headers.get("content-type", "").startswith("multipart/form-data")
        return self.body_limit if files else min(PLAIN_LIMIT, self.body_limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever goes wrong inside becomes an answer, not a broken connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        scope["yw.request_id"] = given if _REQUEST_ID.fullmatch(given) else new_id().hex
        request_id.set(scope["yw.request_id"])
        guarded = _Guarded(self, scope, receive, send)
        try:
            if scope["method"] in UNSAFE:
                check_origin(headers, self.rt)
            guarded.check_length(headers)
            await self.app(scope, guarded.receive, guarded.send)
            if guarded.over is not None:
                raise guarded.over
        except Exception as error:
            if guarded.started:
                raise
            guarded.answering = True
            response = await answer(Request(scope, guarded.receive), error)
            await response(scope, receive, guarded.send)


class _Guarded:
    """``receive`` and ``send`` of one request with limits and headers."""

    def __init__(self, shell: Shell, scope: Scope, receive: Receive, send: Send) -> None:
        self._limit = shell.limit_for(Headers(scope=scope))
        self._https = shell.rt.settings.secure_cookies
        self._scope = scope
        self._receive = receive
        self._send = send
        self._got = 0
        self.started = False
        self.answering = False
        #: Set when the body went over the limit: whatever the application makes of that, this is what is told.
        self.over: BodyTooLarge | None = None

    def check_length(self, headers: Headers) -> None:
        """Refuse by the announced length, before reading."""
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self._limit:
            raise BodyTooLarge(f"{announced} bytes", limit=self._limit // (1024 * 1024))

    async def receive(self) -> Message:
        """Count what comes: a chunked body announces nothing."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._got += len(message.get("body", b""))
            if self._got > self._limit:
                self.over = BodyTooLarge(f"more than {self._limit} bytes", limit=self._limit // (1024 * 1024))
                raise self.over
        return message

    async def send(self, message: Message) -> None:
        """Add the headers that every answer has."""
        if self.over is not None and not self.started and not self.answering:
            return
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._scope["yw.request_id"]
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._https:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        await self._send(message)


def check_origin(headers: Headers, rt: Runtime) -> None:
    """Refuse what a browser says another site has sent, unless it carries its own token instead of our cookies.

    Browsers name the sender in Sec-Fetch-Site (or, older ones, in Origin); a program names neither and has no cookie
    that somebody else could use.
    """
    if "authorization" in headers or "cookie" not in headers:
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSite(f"sent from {site}")
        return
    origin = headers.get("origin")
    if origin and origin != "null":
        sender = urlsplit(origin).netloc
        if sender not in {headers.get("host", ""), urlsplit(rt.settings.public_url).netloc}:
            raise CrossSite(f"sent from {sender}")
