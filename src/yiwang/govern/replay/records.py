"""Reading a log as a stream: gzip or plain, RFC 4180 rows as bytes, a digest of the whole, bounded memory.

Almost every row of a real log is a plain line without quotes: it is split at its commas. Only a row with quotes goes
through the csv module, so that a third of a million rows are read in a quarter of a second.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from yiwang.govern.replay.errors import BadFile

CHUNK = 1 << 19
#: A row with quotes may go on over line breaks; more than this is a quote that was never closed.
MOST_LINES, MOST_BYTES = 50, 64 * 1024

Fields = list[bytes]


class Log:
    """One log file. ``heading`` is its first row; after ``chunks()`` has ended, ``digest`` identifies the content.

    The digest is of the uncompressed bytes, so that a file and its gzip are the same log.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.digest = ""
        self._file: IO[bytes] = path.open("rb")
        packed = self._file.read(2) == b"\x1f\x8b"
        self._file.seek(0)
        self._text = cast("IO[bytes]", gzip.GzipFile(fileobj=self._file)) if packed else self._file
        self._sum = hashlib.sha256()
        self._rest = b""
        self._done = False
        first = next(self._lines(), [])
        heading, after = (first[0], first[1:]) if first else (b"", [])
        self._ahead = after
        self.heading = [cell.decode("utf-8", "replace") for cell in fields_of(heading.removeprefix(b"\xef\xbb\xbf"))]
        if not self.heading or not heading:
            raise BadFile(f"{path} is empty", file=path.name, what="heading")

    @property
    def position(self) -> int:
        """How many bytes of the file have been read, for a progress bar."""
        return self._file.tell()

    def close(self) -> None:
        """Let go of the file."""
        self._text.close()
        self._file.close()

    def chunks(self) -> Iterator[list[tuple[bytes, Fields]]]:
        """Rows after the heading, some thousand at a time: each as it stands in the file, and its cells."""
        if self._ahead:
            yield rows_of(self._ahead)
        for lines in self._lines():
            yield rows_of(lines)

    def _lines(self) -> Iterator[list[bytes]]:
        while not self._done:
            try:
                block = self._text.read(CHUNK)
            except (OSError, EOFError, zlib.error) as error:
                raise BadFile(f"{self.path} cannot be read: {error}", file=self.path.name, what="gzip") from error
            self._sum.update(block)
            self._done = not block
            text = self._rest + block
            if self._done:
                self.digest = self._sum.hexdigest()
                end = len(text)
            else:
                end = _end_of_rows(text)
            self._rest = text[end:]
            if not self._done and len(self._rest) > MOST_BYTES * MOST_LINES:
                raise BadFile(f"{self.path} has a line of megabytes: it is no CSV", file=self.path.name, what="lines")
            lines = text[:end].removesuffix(b"\n").split(b"\n") if end else []
            if lines:
                yield lines


def _end_of_rows(text: bytes) -> int:
    """Where the last whole row ends: a chunk must not end between an opening and a closing quote."""
    end = text.rfind(b"\n") + 1
    if b'"' not in text or text.count(b'"', 0, end) % 2 == 0:
        return end
    # The last row is not complete yet; unless the quote was never closed, which the reader of rows finds out.
    before = text.rfind(b"\n", 0, max(text.rfind(b'"', 0, end), 0)) + 1
    return before if before and end - before < MOST_BYTES else end


def rows_of(lines: list[bytes]) -> list[tuple[bytes, Fields]]:
    """Rows of whole lines, each with its cells."""
    if any(line.endswith(b"\r") for line in lines[:2]):
        lines = [line.removesuffix(b"\r") for line in lines]
    quoted = [line for line in lines if b'"' in line]
    if any(line.count(b'"') % 2 for line in quoted):
        lines = _whole(lines)
    return [(line, line.split(b",") if b'"' not in line else fields_of(line)) for line in lines]


def _whole(lines: list[bytes]) -> list[bytes]:
    """Lines with an open quote joined with those that close it; a quote that is never closed spoils its line only."""
    rows = []
    index = 0
    while index < len(lines):
        whole, used = _joined(lines, index) if lines[index].count(b'"') % 2 else (lines[index], 1)
        rows.append(whole)
        index += used
    return rows


def _joined(lines: list[bytes], start: int) -> tuple[bytes, int]:
    """The row that begins in a line with an open quote, and how many lines it takes."""
    quotes = 0
    for used in range(1, min(MOST_LINES, len(lines) - start) + 1):
        quotes += lines[start + used - 1].count(b'"')
        if quotes % 2 == 0:
            whole = b"\n".join(lines[start : start + used])
            return (whole, used) if len(whole) <= MOST_BYTES else (lines[start], 1)
    return lines[start], 1


def fields_of(line: bytes) -> Fields:
    """The cells of one row; a row that is no CSV is one cell."""
    text = line.removesuffix(b"\r").decode("utf-8", "surrogateescape")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return [line]
    return [cell.encode("utf-8", "surrogateescape") for cell in rows[0]] if len(rows) == 1 else [line]
