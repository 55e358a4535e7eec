"""Indicators, questions about them, and answers: pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Indicator:
    """One declared number: a measure, or one measure over another, over a source that a net registered."""

    package: str
    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    source: str
    measure: str
    over: str | None
    unit: str
    better: str
    by: tuple[str, ...]
    decimals: int
    target: float | None

    @classmethod
    def of(cls, package: str, declared: Mapping[str, Any]) -> Indicator:
        """From the stored declaration of a package."""
        return cls(
            package, declared["id"], declared["title"], declared["summary"], declared["source"], declared["measure"],
            declared.get("over"), declared["unit"], declared["better"], tuple(declared.get("by", ())),
            declared.get("decimals", 0), declared.get("target"),
        )  # fmt: skip

    @property
    def key(self) -> str:
        """The name that is unique in the city: ``package/id``."""
        return f"{self.package}/{self.id}"

    def needs(self) -> tuple[str, ...]:
        """The measures that it is computed from."""
        return (self.measure,) if self.over is None else (self.measure, self.over)

    def value(self, sums: Mapping[str, Any]) -> float | None:
        """The number from its measures; None is "not recorded": nothing was there to divide by, or to count."""
        top = sums[self.measure]
        if self.over is not None:
            bottom = sums[self.over]
            if not bottom or top is None:
                return None
            top = float(top) / float(bottom)
        if top is None:
            return None
        return round(float(top) * (100 if self.unit == "percent" else 1), self.decimals)

    def on_target(self, value: float | None) -> bool | None:
        """Whether the value reaches the target; None without a target or a value."""
        if self.target is None or value is None or self.better == "neither":
            return None
        return value >= self.target if self.better == "higher" else value <= self.target


@dataclass(frozen=True)
class Board:
    """A page of indicators."""

    package: str
    id: str
    title: Mapping[str, str]
    indicators: tuple[str, ...]
    by: str | None

    @classmethod
    def of(cls, package: str, declared: Mapping[str, Any]) -> Board:
        """From the stored declaration of a package."""
        return cls(package, declared["id"], declared["title"], tuple(declared["indicators"]), declared.get("by"))


@dataclass(frozen=True)
class Question:
    """Indicators of one source, over a period (half open), by a dimension, where other dimensions have given values."""

    indicators: tuple[Indicator, ...]
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One group of the breakdown: its key (None: not recorded), its label, and the value of each indicator by id."""

    key: str | None
    label: str
    values: Mapping[str, float | None]


@dataclass(frozen=True)
class Answer:
    """The numbers: the total of all, the groups in order, and when they were computed."""

    total: Mapping[str, float | None]
    lines: tuple[Line, ...]
    at: datetime
