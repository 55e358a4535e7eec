"""Reading a package from a folder or a .zip into memory, without trusting either.

Nothing is unpacked to disk and no link is followed. Whatever is wrong with the container itself (links, executables,
Python, sizes, names that climb out, bombs) becomes a problem of the rule `safety`; reading goes on to find all.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.scenarios import limits
from yiwang.kernel.scenarios.problems import problem

RULE = "safety"
CODE = {".py", ".pyc", ".pyo", ".pyd", ".pyw", ".pth", ".so", ".dll", ".exe", ".sh", ".bash", ".bat", ".cmd", ".ps1",
        ".js", ".mjs", ".jar", ".class", ".php", ".rb", ".pl", ".wasm", ".ipynb", ".com", ".vbs", ".whl"}  # fmt: skip
SKIPPED = {".git", ".DS_Store", "__MACOSX"}
MAGIC = {b"\x7fELF": "ELF", b"MZ": "PE", b"#!": "script", b"\xca\xfe\xba\xbe": "class", b"\xcf\xfa\xed\xfe": "Mach-O"}


class Tray:
    """Files collected so far, with what was wrong with them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.problems: list[Problem] = []
        self.total = 0
        self._folded: dict[str, str] = {}

    def refuse(self, where: str, what: str, **params: object) -> None:
        """Note a problem of the container."""
        self.problems.append(problem(RULE, where, what, **params))

    def admits(self, path: str, size: int) -> bool:
        """Whether a file of this name and size may be read at all; notes why not."""
        if len(self.files) >= limits.MAX_FILES:
            self.refuse(path, "too_many_files", limit=limits.MAX_FILES)
            return False
        if size > limits.MAX_FILE_BYTES:
            self.refuse(path, "file_too_large", size=size, limit=limits.MAX_FILE_BYTES)
            return False
        if self.total + size > limits.MAX_TOTAL_BYTES:
            self.refuse(path, "package_too_large", limit=limits.MAX_TOTAL_BYTES)
            return False
        return True

    def put(self, path: str, content: bytes) -> None:
        """Keep a file, unless it is code or its name collides with another on some file system."""
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in self._folded:
            self.refuse(path, "same_name", other=self._folded[folded])
            return
        self._folded[folded] = path
        if PurePosixPath(path).suffix.lower() in CODE:
            self.refuse(path, "code_file", suffix=PurePosixPath(path).suffix)
        for magic, kind in MAGIC.items():
            if content.startswith(magic):
                self.refuse(path, "executable", kind=kind)
        self.files[path] = content
        self.total += len(content)


def read_source(source: Path) -> Tray:
    """Read a folder or a .zip. NotFound when there is nothing; Invalid when a file is no zip archive."""
    if source.is_dir():
        return read_folder(source)
    if not source.is_file():
        raise NotFound(f"there is no package at {source}", key="scenario.error.no_source", path=str(source))
    if source.stat().st_size > limits.MAX_ZIP_BYTES:
        raise Invalid(f"{source.name} is larger than {limits.MAX_ZIP_BYTES} bytes", key="scenario.error.zip_too_large")
    return read_zip(source.read_bytes())


def read_folder(root: Path) -> Tray:
    """Read a folder, never following a link."""
    tray = Tray()
    for path in _walk(root, tray, root):
        name = path.relative_to(root).as_posix()
        info = path.lstat()
        if not stat.S_ISREG(info.st_mode):
            tray.refuse(name, "special_file")
            continue
        if info.st_mode & 0o111:
            tray.refuse(name, "executable", kind="mode +x")
        if _good_name(name, tray) and tray.admits(name, info.st_size):
            tray.put(name, path.read_bytes())
    return tray


def _walk(folder: Path, tray: Tray, root: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in SKIPPED:
            continue
        if path.is_symlink():
            tray.refuse(path.relative_to(root).as_posix(), "symlink")
        elif path.is_dir():
            yield from _walk(path, tray, root)
        else:
            yield path


def read_zip(content: bytes) -> Tray:
    """Read a .zip from memory. Invalid when it is no zip archive or is encrypted."""
    tray = Tray()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError) as error:
        raise Invalid(f"this is not a zip archive: {error}", key="scenario.error.not_a_zip") from error
    with archive:
        for info in archive.infolist():
            _read_member(archive, info, tray)
    return tray


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, tray: Tray) -> None:
    name, mode = info.filename, info.external_attr >> 16
    if info.is_dir() and info.file_size == 0:
        return
    if stat.S_ISLNK(mode):
        tray.refuse(name, "symlink")
        return
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        tray.refuse(name, "special_file")
        return
    if mode & 0o111:
        tray.refuse(name, "executable", kind="mode +x")
    if info.flag_bits & 0x1:
        tray.refuse(name, "encrypted")
        return
    if not _good_name(name, tray) or not tray.admits(name, info.file_size):
        return
    try:
        with archive.open(info) as stream:  # the header's size may lie: read one byte more than is allowed
            data = stream.read(limits.MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError) as error:
        tray.refuse(name, "unreadable_member", reason=str(error))
        return
    if tray.admits(name, len(data)):
        tray.put(name, data)


def _good_name(name: str, tray: Tray) -> bool:
    parts = name.split("/")
    climbing = name.startswith("/") or "\\" in name or ":" in name or any(p in ("", ".", "..") for p in parts)
    if climbing or any(ord(c) < 32 or unicodedata.category(c) in ("Cf", "Co", "Cs") for c in name):
        tray.refuse(name.encode("unicode_escape").decode(), "bad_path")
        return False
    if len(name) > limits.MAX_PATH:
        tray.refuse(name[:60] + "…", "path_too_long", limit=limits.MAX_PATH)
        return False
    return True
