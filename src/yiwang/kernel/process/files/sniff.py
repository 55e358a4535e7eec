"""What a file is, by its first bytes. What the browser or the name says is a claim, and a false claim is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from yiwang.kernel.process.errors import FileRefused

#: Endings that may be attached -> media type. OFD is the Chinese national format for fixed documents (GB/T 33190).
ACCEPTED: dict[str, str] = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "pdf": "application/pdf", "ofd": "application/ofd", "txt": "text/plain", "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip", "mp4": "video/mp4", "mov": "video/quicktime", "m4a": "audio/mp4", "mp3": "audio/mpeg",
    "wav": "audio/wav", "amr": "audio/amr",
}  # fmt: skip
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_LONGEST_NAME = 200


def _ftyp(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda b: b[4:8] == b"ftyp" and any(b[8:12].startswith(brand) for brand in brands)


def _zip_holding(member: str) -> Callable[[bytes], bool]:
    def holds(content: bytes) -> bool:
        if content[:4] != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return any(name.startswith(member) for name in archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    return holds


def _text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:2000].lstrip("\ufeff \r\n\t").lower()
        return not head.startswith(("<!doctype", "<html", "<script", "<svg", "<?xml"))
    return False


_TESTS: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": lambda b: b[:3] == b"\xff\xd8\xff",
    "image/png": lambda b: b[:8] == b"\x89PNG\r\n\x1a\n",
    "image/gif": lambda b: b[:6] in (b"GIF87a", b"GIF89a"),
    "image/webp": lambda b: b[:4] == b"RIFF" and b[8:12] == b"WEBP",
    "application/pdf": lambda b: b[:5] == b"%PDF-",
    "application/ofd": _zip_holding("OFD.xml"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _zip_holding("word/"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _zip_holding("xl/"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": _zip_holding("ppt/"),
    "application/zip": _zip_holding(""),
    "video/mp4": _ftyp(b"isom", b"iso2", b"mp4", b"avc1", b"M4V", b"dash"),
    "video/quicktime": _ftyp(b"qt"),
    "audio/mp4": _ftyp(b"M4A", b"mp4", b"isom"),
    "audio/mpeg": lambda b: b[:3] == b"ID3" or (len(b) > 1 and b[0] == 0xFF and b[1] & 0xE6 == 0xE2),
    "audio/wav": lambda b: b[:4] == b"RIFF" and b[8:12] == b"WAVE",
    "audio/amr": lambda b: b[:5] == b"#!AMR",
    "text/plain": _text,
    "text/csv": _text,
}


def sniff(name: str, content: bytes) -> tuple[str, str]:
    """The safe name and the media type of an upload.

    Raises FileRefused when it is empty, of a kind that is not accepted, or not what the ending of its name says.
    """
    name = _safe_name(name)
    ending = PurePath(name).suffix.lstrip(".").lower()
    media_type = ACCEPTED.get(ending)
    if not content:
        raise FileRefused(f"{name} is empty", key="process.error.file_empty", name=name)
    if media_type is None:
        raise FileRefused(f"files ending in .{ending} are not accepted", name=name, ending=ending or "—")
    if not _TESTS[media_type](content):
        raise FileRefused(f"{name} is not a {media_type}", key="process.error.file_forged", name=name, ending=ending)
    return name, media_type


def _safe_name(name: str) -> str:
    """The last part of a path without control characters, short enough to show; the ending is kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    last = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip().lstrip(".")
    path = PurePath(last or "file")
    return path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix[:20]
