"""From rows of a log to the binary form that PostgreSQL's COPY takes, without a Python object per value.

Whatever repeats (categories, places, days, texts) is turned into its bytes once; a row is then a handful of look-ups.
The server has no text to parse. Format: PostgreSQL documentation, COPY, "Binary Format".
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import IO, Any
from uuid import UUID
from zlib import crc32

from yiwang.govern.replay.deadlines import Deadlines
from yiwang.govern.replay.errors import BadFile
from yiwang.govern.replay.kept import Kept
from yiwang.govern.replay.mapping import Mapping
from yiwang.govern.replay.meaning import Meanings
from yiwang.govern.replay.moments import Days, DayShape
from yiwang.govern.replay.records import Fields
from yiwang.kernel.calendar import Span

#: Columns of a row, in the order in which they are packed. The rest is the default of the batch's table. Missing is
#: first_closed_at, since a log that records no reopening does not know which closing was the first.
COLUMNS = (
    "id", "number", "category", "area", "district", "street", "community", "parties", "department", "title", "address",
    "state", "opened_on", "due_at", "opened_at", "closed_at", "on_time",
)  # fmt: skip
SUSPECT_COLUMNS = ("batch", "line", "key", "reason", "raw")
BEGIN = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
TITLE, ADDRESS, KEY, RAW = 120, 300, 60, 4000

_NULL = struct.pack(">i", -1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
#: The end of an id (its line) and the length of the key; then opened_at, closed_at, on_time.
_start = struct.Struct(">HIi").pack
_ended = struct.Struct(">iqiqi?").pack
_untimed = struct.Struct(">iqiqi").pack
_begun = struct.Struct(">iqii").pack
#: A key leaves a mark in one of so many slots; a second key in the same slot may be a repetition: a second look.
_MARKS = 1 << 24
_MARK = _MARKS - 1


def text(value: str | bytes | None) -> bytes:
    """A text, packed; None is null."""
    if value is None:
        return _NULL
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(">i", len(raw)) + raw


def integer(value: int | None) -> bytes:
    """An int4, packed."""
    return _NULL if value is None else struct.pack(">ii", 4, value)


def integers(values: list[int]) -> bytes:
    """An int4[], packed."""
    if not values:
        return struct.pack(">iiii", 12, 0, 0, 23)
    items = b"".join(struct.pack(">ii", 4, v) for v in values)
    return struct.pack(">iiiiii", 20 + len(items), 1, 0, 23, len(values), 1) + items


@dataclass(frozen=True, slots=True)
class _Opening:
    """A day of opening under one deadline: state and dates packed, for rows that were closed and that were not."""

    midnight: int
    number: int
    closed: bytes
    handling: bytes
    last: int  # number of the last day in time; 0 without a deadline


@dataclass(frozen=True, slots=True)
class _Packed:
    """A meaning in its packed form; ``opening`` by the text of the day (None: not a day)."""

    fixed: bytes
    title: bytes
    opening: Kept[bytes, _Opening | None]


class Packer:
    """Packs the rows of one load. Refused rows and possible repetitions go to ``suspects`` with what they were."""

    def __init__(
        self, mapping: Mapping, heading: list[str], batch: UUID, org: int, *, days: Days, meanings: Meanings,
        deadlines: Deadlines, suspects: IO[bytes],
    ) -> None:  # fmt: skip
        self.rows = 0
        self.suspected = 0
        self._mapping, self._org = mapping, org
        self._days, self._meanings, self._deadlines = days, meanings, deadlines
        self._suspects, self._batch = suspects, struct.pack(">hi", 5, 16) + batch.bytes
        self._shape = DayShape(mapping.times)
        self._width = len(heading)
        self._at = Positions.of(mapping, heading)
        # An id holds the batch and the line, so that it is found again and the index grows at one end.
        self._head = struct.pack(">hi", len(COLUMNS), 16) + batch.bytes[:10]
        self._missing = frozenset(m.encode() for m in mapping.missing)
        self._marks = bytearray(_MARKS)
        self._packed = Kept(self._mean)
        self._titles = Kept(self._title)
        self._addresses = Kept(self._address)
        self._openings: dict[str, Kept[bytes, _Opening | None]] = {}

    def pack(self, rows: list[tuple[bytes, Fields]]) -> bytes:
        """The packed form of those rows that are good. The one loop where every tenth of a microsecond counts."""
        out: list[bytes] = []
        add, at, marks, missing, days = out.extend, self._at, self._marks, self._missing, self._days
        key_at, opened_at, closed_at, title_at, what_of, where_of = (
            at.key,
            at.opened,
            at.closed,
            at.title,
            at.what,
            at.where,
        )
        packed_of, titles, addresses, shape = self._packed, self._titles, self._addresses, self._shape
        hours, later, head, width = shape.opened, shape.closed, self._head, self._width
        plain = all(raw.isascii() for raw, _ in rows) and not any(b"\0" in raw for raw, _ in rows)
        line = self.rows
        for raw, cells in rows:
            line += 1
            if (len(cells) != width or not plain) and (reason := _unreadable(raw, cells, width)):
                self._suspect(line, b"", reason, raw)
                continue
            key = cells[key_at]
            packed = packed_of[what_of(cells)]
            opened = packed.opening[cells[opened_at]]
            ended = cells[closed_at]
            closed = None if ended in missing else days[ended]
            if opened is None or not 0 < len(key) <= KEY or (closed is None and ended not in missing):
                self._suspect(line, key[:KEY], self._reason(key, cells[opened_at], opened), raw)
                continue
            checksum = crc32(key)
            mark = checksum & _MARK
            if marks[mark]:
                self._suspect(line, key, None, raw)
            marks[mark] = 1
            began = hours[checksum & 0xFFF]
            title = cells[title_at]
            if closed is None:
                dates = opened.handling
                end = _begun(8, (opened.midnight + began) * 1_000_000, -1, -1)
            else:
                passed = closed.number - opened.number
                if passed < 0:
                    self._suspect(line, key, "closed-before-opened", raw)
                    continue
                done = later[checksum >> 12 & 0xFFF] if passed else shape.same_day(checksum, began)
                done = (closed.midnight + done) * 1_000_000
                dates = opened.closed
                if opened.last:
                    in_time = closed.number <= opened.last
                    end = _ended(8, (opened.midnight + began) * 1_000_000, 8, done, 1, in_time)
                else:
                    end = _untimed(8, (opened.midnight + began) * 1_000_000, 8, done, -1)
            shown = packed.title if title in missing else titles[title]
            add((head, _start(0, line, len(key)), key, packed.fixed, shown, addresses[where_of(cells)], dates, end))
        self.rows = line
        return b"".join(out)

    def _reason(self, key: bytes, opened: bytes, day: _Opening | None) -> str:
        if not key:
            return "no-key"
        if len(key) > KEY:
            return "key-too-long"
        if day is None:
            return "no-opening-date" if opened in self._missing else "impossible-opening-date"
        return "impossible-closing-date"

    def _suspect(self, line: int, key: bytes, reason: str | None, raw: bytes) -> None:
        self.suspected += 1
        self._suspects.write(self._batch + integer(line) + text(_shown(key)) + text(reason) + text(_shown(raw[:RAW])))

    def _mean(self, what: tuple[bytes, ...]) -> _Packed:
        category, *places = (cell.decode("utf-8", "replace") for cell in what)
        found = self._meanings.of(category, tuple("" if p in self._mapping.missing else p for p in places))
        place, department = found.place, found.department
        fixed = b"".join(
            (text(found.category), text(place.area), text(place.district), text(place.street), text(place.community),
             integers([] if department is None or department == self._org else [department]), integer(department))
        )  # fmt: skip
        span = self._deadlines.span(found.category)
        opening = self._openings.setdefault(str(span), Kept(lambda cell: self._opening(span, cell)))
        return _Packed(fixed, text(found.title[:TITLE]), opening)

    def _opening(self, span: Span | None, cell: bytes) -> _Opening | None:
        day = self._days[cell]
        if day is None:
            return None
        due, last = _NULL, 0
        if span is not None:
            last_day, moment = self._deadlines.due(span, day.date)
            due = struct.pack(">iq", 8, round((moment - _EPOCH).total_seconds()) * 1_000_000)
            last = day.number + (last_day - day.date).days
        dates = integer(day.number) + due
        return _Opening(day.midnight, day.number, text("closed") + dates, text("handling") + dates, last)

    def _title(self, cell: bytes) -> bytes:
        return text(cell.decode()[:TITLE])

    def _address(self, where: bytes | tuple[bytes, ...]) -> bytes:
        parts = where if isinstance(where, tuple) else (where,)
        return text(b" ".join(part for part in parts if part not in self._missing).decode()[:ADDRESS])


def _shown(raw: bytes) -> str:
    """What is kept of a refused row: as it was, as far as it is text."""
    return raw.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _unreadable(raw: bytes, cells: Fields, width: int) -> str | None:
    """Why a row cannot be read, or None: it is UTF-8 and has as many cells as the heading."""
    if len(cells) != width:
        return "wrong-number-of-cells" if len(cells) > 1 else "broken-row"
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "not-utf-8"
    return "control-characters" if b"\0" in raw else None


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the columns of the mapping are; ``what`` and ``where`` take the cells for meaning and address out."""

    key: int
    opened: int
    closed: int
    title: int
    what: Callable[[Fields], tuple[bytes, ...]]
    where: Callable[[Fields], Any]

    @classmethod
    def of(cls, mapping: Mapping, heading: list[str]) -> Positions:
        """In a heading; BadFile names the columns that it lacks."""
        columns = mapping.columns
        if lacking := ", ".join(sorted(set(columns.all()) - set(heading))):
            have = ", ".join(heading[:40])
            raise BadFile(f"the heading has no column {lacking}; it has {have}", file="", what=lacking)
        at = heading.index
        category = at(columns.category)
        what: Any = (
            itemgetter(category, *(at(c) for c in columns.place)) if columns.place else lambda cells: (cells[category],)
        )
        where: Any = itemgetter(*(at(c) for c in columns.address)) if columns.address else lambda _cells: ()
        return cls(at(columns.key), at(columns.opened), at(columns.closed), at(columns.title), what, where)
