"""What a person reports, checked at the edge: every field bounded, all problems told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.govern.contacts import Contact
from yiwang.govern.errors import ReportInvalid
from yiwang.govern.model import SOURCES, title_from
from yiwang.kernel.errors import Problem
from yiwang.kernel.identity.contacts import normal_phone

DESCRIPTION = (4, 2000)
TITLE = 60
ADDRESS = 200
NAME = 40
_SPACES = re.compile(r"[ \t\u3000]+")


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be taken in. ``category`` may be empty: the person did not know."""

    description: str
    category: str = ""
    title: str = ""
    lon: float | None = None
    lat: float | None = None
    area: str = ""
    address: str = ""
    anonymous: bool = False
    contact: Contact = Contact()
    source: str = "web"
    item: str = ""

    @property
    def headline(self) -> str:
        """The title given, else one made of the first sentence."""
        return self.title or title_from(self.description)


class _Reader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.problems: list[Problem] = []

    def wrong(self, field: str, key: str, **params: Any) -> None:
        self.problems.append(Problem(field, f"govern.problem.{key}", params, text=f"{field}: {key} {params or ''}"))

    def text(self, field: str, longest: int, *, lines: bool = False) -> str:
        raw = self.data.get(field) or ""
        if not isinstance(raw, str):
            self.wrong(field, "wrong_type")
            return ""
        value = "".join(c for c in raw if c.isprintable() or (lines and c == "\n")).strip()
        value = _SPACES.sub(" ", value)
        if len(value) > longest:
            self.wrong(field, "too_long", longest=longest, length=len(value))
        return value

    def degrees(self, field: str, bound: float) -> float | None:
        raw = self.data.get(field)
        if raw is None or raw == "":
            return None
        try:
            value = float(raw)
        except (TypeError, ValueError):
            self.wrong(field, "not_a_position")
            return None
        if not -bound <= value <= bound:  # also refuses NaN
            self.wrong(field, "not_a_position")
            return None
        return round(value, 6)

    def flag(self, field: str) -> bool:
        return self.data.get(field) in (True, "on", "1", "true", "yes")


def read_report(data: Mapping[str, Any], *, source: str = "web", country: str = "86") -> Report:
    """A report from the fields of a form or of JSON; ReportInvalid names every field that does not fit."""
    read = _Reader(data)
    description = read.text("description", DESCRIPTION[1], lines=True)
    if not description:
        read.wrong("description", "missing_description")
    elif len(description) < DESCRIPTION[0]:
        read.wrong("description", "too_short")
    lon, lat = read.degrees("lon", 180), read.degrees("lat", 90)
    if (lon is None) != (lat is None) and not read.problems:
        read.wrong("lon" if lon is None else "lat", "not_a_position")
    anonymous = read.flag("anonymous")
    contact = Contact() if anonymous else _contact(read, country)
    if source not in SOURCES:
        read.wrong("source", "unknown_choice")
    report = Report(
        description=description, category=read.text("category", 60), title=read.text("title", TITLE), lon=lon, lat=lat,
        area=read.text("area", 15), address=read.text("address", ADDRESS), anonymous=anonymous, contact=contact,
        source=source, item=read.text("item", 60),
    )  # fmt: skip
    if read.problems:
        raise ReportInvalid("the report does not fit", problems=read.problems)
    return report


def _contact(read: _Reader, country: str) -> Contact:
    typed = read.text("phone", 24)
    phone = normal_phone(typed, country=country) if typed else ""
    if phone is None:
        read.wrong("phone", "not_a_phone")
    return Contact(read.text("name", NAME), phone or "")
