"""``cities/<code>/replay.toml``: how a city's log is read, as data."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yiwang.govern.replay.errors import BadMapping, NoMapping


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """Which columns of the log hold what; ``place`` names are kinds of the city's aliases too, the first known wins."""

    key: str
    opened: str
    closed: str
    category: str
    title: str
    address: tuple[str, ...] = ()
    place: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every column that is read."""
        return (self.key, self.opened, self.closed, self.category, self.title, *self.address, *self.place)


class Dates(_Part):
    """How dates are written, and the first one that is believed."""

    format: str = "%Y-%m-%d"
    earliest: date


class Categories(_Part):
    """The kind of alias that categories have, what unknown ones become, and which texts mean that none was chosen."""

    alias: str
    otherwise: str
    missing: tuple[str, ...] = ()


class Stretch(_Part):
    """Hours of the day and the share of requests that fall between them."""

    begin: time = Field(alias="from")
    end: time = Field(alias="to")
    share: float = Field(default=1.0, gt=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Stretch:
        if self.begin >= self.end:
            raise ValueError(f"from {self.begin} to {self.end} runs backwards")
        return self


class Times(_Part):
    """How times within a day are generated."""

    opened: tuple[Stretch, ...] = Field(min_length=1)
    closed: Stretch
    same_day_until: time

    @model_validator(mode="after")
    def _fits(self) -> Times:
        if self.opened[-1].end >= self.same_day_until:
            raise ValueError("same_day_until must lie after the last hour of opening")
        if abs(sum(s.share for s in self.opened) - 1) > 1e-6:
            raise ValueError("the shares of opened must add up to 1")
        if any(a.end > b.begin for a, b in zip(self.opened, self.opened[1:], strict=False)):
            raise ValueError("the hours of opened must be in order and not overlap")
        return self


class Table(_Part):
    """A decision table of the process, and the name under which its result is kept."""

    decision: str
    into: str


class Deadline(_Part):
    """The decision tables of a process that give the deadline; ``span`` is the path to it in their results."""

    process: str
    given: dict[str, Any] = {}
    tables: tuple[Table, ...]
    span: tuple[str, ...]


class Step(_Part):
    """When and with which form a step of the process is done; ``after`` counts from when the task was opened."""

    at: float | None = Field(default=None, ge=0, le=1)
    after: str | None = None
    form: dict[str, Any]


class Live(_Part):
    """The day that is replayed, what its reports say, and how each step is done."""

    day: date
    report: str
    steps: dict[str, Step]


class Mapping(_Part):
    """The whole of replay.toml."""

    source: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: dict[str, str]
    item: str
    missing: tuple[str, ...] = ("",)
    columns: Columns
    dates: Dates
    category: Categories
    times: Times
    deadline: Deadline | None = None
    live: Live | None = None


def read_mapping(folder: Path) -> Mapping:
    """The mapping of a city's folder; NoMapping, or BadMapping with what is wrong and where."""
    source = folder / "replay.toml"
    if not source.is_file():
        raise NoMapping(f"{source} does not exist: write one to say how the log is read", city=folder.name)
    try:
        return Mapping.model_validate(tomllib.loads(source.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadMapping(f"{source}: {where}: {first['msg']}", file=source.name, where=where) from error
    except (ValueError, OSError) as error:
        raise BadMapping(f"{source}: {error}", file=source.name, where="") from error
