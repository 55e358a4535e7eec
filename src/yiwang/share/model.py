"""A dataset as the catalogue shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Dataset:
    """One entry of the catalogue. ``fields`` are as declared: name, type, title, required, personal, ..."""

    package: str
    id: str
    version: str
    owner: int
    share_level: str
    openness: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    update: str
    source: str
    key: tuple[str, ...]
    fields: tuple[Mapping[str, Any], ...]
    quality: tuple[Mapping[str, Any], ...]
    since: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Dataset:
        """From a stored row."""
        d = row["declared"]
        return cls(
            row["package"], row["id"], row["version"], row["owner"], row["share_level"], row["openness"], d["title"],
            d["summary"], d["update"], d.get("source", ""), tuple(d["key"]), tuple(d["fields"]),
            tuple(d.get("quality", ())), row["since"], row["retired_at"],
        )  # fmt: skip

    @property
    def personal(self) -> bool:
        """Whether any field tells something about a person."""
        return any(f.get("personal") for f in self.fields)
