"""Files on disk, addressed by their SHA-256: the same photo twice is kept once, and nothing is ever overwritten."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.errors import NotFound
from yiwang.kernel.process.errors import FileTooLarge
from yiwang.kernel.process.files.pictures import AT_ONCE, prepare
from yiwang.kernel.process.files.sniff import PICTURES, sniff
from yiwang.kernel.runtime import Runtime

_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is safely on disk; ``thumbnail`` is the address of a small JPEG of a picture."""

    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    thumbnail: str | None = None


class FileStore:
    """``rt.part(FileStore)``: the files below ``<state>/files``."""

    def __init__(self, rt: Runtime) -> None:
        self._root = rt.settings.state_dir / "files"
        self.limit = rt.settings.upload_limit_mib * 1024 * 1024
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def keep(self, name: str, content: bytes, *, keep_location: bool = False) -> StoredFile:
        """Check an upload and write it durably; the row that names it is written afterwards.

        A file whose row never came (the action failed) is only space. The place where a photo was taken is removed
        unless ``keep_location``. Raises FileTooLarge or FileRefused.
        """
        if len(content) > self.limit:
            limit = self.limit // (1024 * 1024)
            raise FileTooLarge(f"{name} has {len(content)} bytes", name=name[:200], limit_mib=limit)
        async with self._gate:
            return await asyncio.to_thread(self._keep, name, content, keep_location)

    def _keep(self, name: str, content: bytes, keep_location: bool) -> StoredFile:
        name, media_type = sniff(name, content)
        if media_type not in PICTURES:
            return StoredFile(name, media_type, len(content), self._write(content))
        picture = prepare(name, media_type, content, keep_location=keep_location)
        return StoredFile(
            name, media_type, len(picture.content), self._write(picture.content), picture.width, picture.height,
            self._write(picture.thumbnail),
        )  # fmt: skip

    def path(self, sha256: str) -> Path:
        """Where a file is; NotFound when there is none of that address."""
        found = self._place(sha256) if _SHA.fullmatch(sha256) else None
        if found is None or not found.is_file():
            raise NotFound(f"there is no file {sha256[:80]}")
        return found

    async def read(self, sha256: str) -> bytes:
        """The content of a file; NotFound when there is none of that address."""
        return await asyncio.to_thread(self.path(sha256).read_bytes)

    def _place(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _write(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        target = self._place(sha256)
        if target.is_file():
            return sha256
        # Photos of people's homes: for this service alone, not for every user of the machine.
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{sha256[:16]}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
        return sha256
