"""The inbox as a question: which desk, which tab, narrowed how. Pure; the address of the page is its only memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.queries import MOST_PAGE, PAGE, Filters, Tab
from yiwang.work.errors import FilterWrong

TABS: tuple[str, ...] = tuple(tab for tab in get_args(Tab) if tab != "all")
#: Desks that are no single post: all of one's posts, one's organisations, the area that one supervises.
WIDE_DESKS = ("posts", "orgs", "area")
_DESK = re.compile(r"posts|orgs|area|[1-9]\d{0,17}")
_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){6})[0-9A-Za-z-]{6,40}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. Empty fields do not narrow.

    ``desk`` is empty (the post one acts from, or all of them), the id of a post, or one of ``WIDE_DESKS``; ``due`` is
    the last local day on which a task may be due; ``after`` the cursor of the page before.
    """

    desk: str = ""
    tab: str = "todo"
    q: str = ""
    step: str = ""
    process: str = ""
    area: str = ""
    due: date | None = None
    supervised: bool = False
    overdue: bool = False
    mine: bool = False
    after: str = ""
    limit: int = PAGE

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Asked:
        """From the query of an address; FilterWrong with one problem per parameter that cannot be read."""
        reader = _Reader(params)
        asked = cls(
            desk=reader.matching("desk", _DESK),
            tab=reader.one_of("tab", TABS) or "todo",
            q=_CONTROL.sub(" ", params.get("q", "")).strip()[:100],
            step=reader.matching("step", re.compile(r"[\w.-]{1,80}")),
            process=reader.matching("process", re.compile(r"[\w.-]{1,80}")),
            area=reader.matching("area", re.compile(r"[0-9a-z]{2,15}")),
            due=reader.day("due"),
            supervised=reader.flag("supervised"),
            overdue=reader.flag("overdue"),
            mine=reader.flag("mine"),
            after=params.get("after", "")[:400],
            limit=reader.number("limit", PAGE, MOST_PAGE),
        )
        if reader.problems:
            raise FilterWrong(f"{len(reader.problems)} filter(s) cannot be read", problems=reader.problems)
        return asked

    @property
    def narrowed(self) -> bool:
        """Whether anything but desk and tab narrows the list."""
        plain = Asked(desk=self.desk, tab=self.tab, after=self.after, limit=self.limit)
        return self != plain

    def filters(self, zone: ZoneInfo, account: UUID | None) -> Filters:
        """The same for the kernel. A text of letters and at least six digits is taken as the beginning of a number."""
        number = bool(_NUMBER.fullmatch(self.q))
        return Filters(
            tab=self.tab,  # type: ignore[arg-type]
            mine=account if self.mine else None,
            text="" if number else self.q,
            number=self.q if number else "",
            steps=(self.step,) if self.step else (),
            processes=(self.process,) if self.process else (),
            area=self.area,
            supervised=True if self.supervised else None,
            overdue=True if self.overdue else None,
            due_before=end_of(self.due, zone) if self.due else None,
        )

    def address(self, path: str = "/work/inbox", **changes: Any) -> str:
        """The address of this question with some fields changed; the cursor is dropped unless it is named."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | {"after": ""} | changes
        pairs = [(name, _word(values[name])) for name, default in _DEFAULTS.items() if values[name] != default]
        return f"{path}?{urlencode(pairs)}" if pairs else path


_DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(Asked)}


def _word(value: Any) -> str:
    return "1" if value is True else "" if value in (None, False) else str(value)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a local day."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


class _Reader:
    """Reads parameters and remembers which could not be read."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params
        self.problems: list[Problem] = []

    def _wrong(self, name: str) -> None:
        self.problems.append(Problem(name, "work.errors.parameter", {"name": name}))

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        text = self._params.get(name, "").strip()
        if text and not pattern.fullmatch(text):
            self._wrong(name)
            return ""
        return text

    def one_of(self, name: str, options: tuple[str, ...]) -> str:
        text = self._params.get(name, "").strip()
        if text and text not in options:
            self._wrong(name)
            return ""
        return text

    def flag(self, name: str) -> bool:
        text = self._params.get(name, "").strip().lower()
        if text not in ("", "0", "1", "true", "false", "on"):
            self._wrong(name)
        return text in ("1", "true", "on")

    def number(self, name: str, default: int, most: int) -> int:
        text = self._params.get(name, "").strip()
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
            self._wrong(name)
            return default
        return int(text)

    def day(self, name: str) -> date | None:
        text = self._params.get(name, "").strip()
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or not 1950 <= found.year <= 2099:
            self._wrong(name)
            return None
        return found
