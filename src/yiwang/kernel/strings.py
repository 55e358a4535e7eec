"""What a user reads, in Chinese and English: ``strings/zh.toml`` and ``strings/en.toml`` of every room."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

log = logging.getLogger(__name__)
LOCALES = ("zh", "en")


class Strings:
    """All sentences of the installed rooms, by locale and dotted key."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, str]] = {locale: {} for locale in LOCALES}

    @classmethod
    def of_packages(cls, packages: Iterable[str]) -> Strings:
        """Read ``strings/<locale>.toml`` of each package that has them; a key may be defined once only."""
        strings = cls()
        for package in packages:
            for locale in LOCALES:
                source = files(package) / "strings" / f"{locale}.toml"
                if source.is_file():
                    strings.add(locale, tomllib.loads(source.read_text("utf-8")), package)
        return strings

    def add(self, locale: str, table: dict[str, Any], source: str, *, replace: bool = False) -> None:
        """Add a nested table; ValueError when a key is already there (``replace`` is for packages being upgraded)."""
        texts = self._texts[locale]
        for key, text in _flatten(table):
            if key in texts and texts[key] != text and not replace:
                raise ValueError(f"{source}: string {key!r} ({locale}) is defined twice")
            texts[key] = text

    def keys(self, locale: str) -> set[str]:
        """Every dotted key of a locale."""
        return set(self._texts[locale])

    def has(self, key: str) -> bool:
        """Whether the key exists."""
        return key in self._texts["zh"]

    def t(self, key: str, locale: str = "zh", /, **params: Any) -> str:
        """The sentence for ``key``; a missing one is logged and shown as a neutral dash, never as a code name."""
        text = self._texts.get(locale, self._texts["zh"]).get(key)
        if text is None:
            log.error("missing string", extra={"key": key, "locale": locale})
            return "—"
        if not params and "{" not in text:
            return text
        try:
            return text.format_map(_Lenient(params))
        except (ValueError, IndexError):
            log.error("string cannot be filled in", extra={"key": key, "locale": locale})
            return text


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def _flatten(table: dict[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flatten(value, f"{key}.")
        else:
            yield key, str(value)
