"""A service item as people look for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from yiwang.kit.chinese import bigrams, pinyin_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One service item (事项). ``fee`` is in fen, ``promised`` a span such as ``5wd``; texts in both languages."""

    key: str
    title_zh: str
    title_en: str = ""
    code: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    kind: str = "guide"
    audience: tuple[str, ...] = ("person",)
    owner_zh: str = ""
    owner_en: str = ""
    org: int | None = None
    role: str = ""
    process: str = ""
    form: str = ""
    entry: str = ""
    anonymous: bool = False
    channels: tuple[str, ...] = ()
    promised: str = ""
    fee: int = 0
    visits: int = 0
    materials: tuple[Mapping[str, Any], ...] = ()
    basis: tuple[Mapping[str, str], ...] = ()
    keywords: tuple[str, ...] = field(default=())
    position: int = 0

    def row(self) -> dict[str, Any]:
        """As the table takes it, with the keys that it is found and sorted by."""
        values = asdict(self)
        words = " ".join((self.title_zh, self.title_en, self.summary_zh, self.owner_zh, self.code, *self.keywords))
        values["grams"] = bigrams(words)
        values["sort_key"] = pinyin_key(self.title_zh)
        values["title_en"] = self.title_en or self.title_zh
        del values["keywords"]
        return values
