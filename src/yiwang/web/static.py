"""Built assets: logical names to hashed files, served with compression made at build time and cached for ever."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "static"
MANIFEST = FOLDER / "dist" / "manifest.json"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".bpmn": "application/xml; charset=utf-8",
}


class Assets:
    """Addresses of built files. The manifest is read again when a new build replaced it (development)."""

    def __init__(self) -> None:
        self._read_at = -1.0
        self._names: dict[str, str] = {}

    def url(self, logical: str) -> str:
        """The address of ``app.css``, ``desk.js`` and so on; without a build a page still works, unstyled."""
        try:
            changed = MANIFEST.stat().st_mtime
        except FileNotFoundError:
            if self._read_at != 0:
                log.warning("no built assets: run `npm ci && npm run build`")
            self._read_at, self._names = 0, {}
            return f"/static/dist/{logical}"
        if changed != self._read_at:
            self._names = json.loads(MANIFEST.read_text("utf-8"))
            self._read_at = changed
        return f"/static/dist/{self._names.get(logical, logical)}"


class StaticSite:
    """A small ASGI application for ``/static``: only known types, only files below the folder, precompressed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = self._respond(scope)
        await response(scope, receive, send)

    def _respond(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("", 405, {"Allow": "GET, HEAD"})
        relative = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/").removeprefix("static/")
        path = (FOLDER / relative).resolve()
        kind = TYPES.get(path.suffix)
        if kind is None or not path.is_relative_to(FOLDER) or not path.is_file():
            return PlainTextResponse("", 404)
        headers = {
            "Cache-Control": FOREVER if "dist/" in relative else "public, max-age=3600",
            "Vary": "Accept-Encoding",
        }
        accepted = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"accept-encoding"), "")
        for suffix, coding in ((".br", "br"), (".gz", "gzip")):
            packed = path.with_name(path.name + suffix)
            if coding in accepted and packed.is_file():
                return FileResponse(packed, media_type=kind, headers=headers | {"Content-Encoding": coding})
        return FileResponse(path, media_type=kind, headers=headers)
