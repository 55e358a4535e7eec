"""What the cells of a row mean here: category, place, department, deadline. Each combination is worked out once.

A department is not recorded in such a log: it is who answers for the category at that place by the city's table of
responsibilities, and marked as derived.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.govern.places import Place
from yiwang.govern.replay.mapping import Mapping
from yiwang.kernel.calendar import Span
from yiwang.kernel.orgs import Directory


@dataclass(frozen=True, slots=True)
class Meaning:
    """One combination. ``category`` is empty where nobody chose one; ``title`` is for rows without one of their own."""

    category: str
    place: Place
    department: int | None
    title: str
    span: Span | None = None


class Meanings:
    """Works them out over the city's directory."""

    def __init__(self, mapping: Mapping, directory: Directory, locale: str, untitled: str) -> None:
        self._mapping = mapping
        self._directory = directory
        self._locale = locale
        self._untitled = untitled
        self._no_category = {*mapping.missing, *mapping.category.missing}

    def of(self, category: str, places: tuple[str, ...]) -> Meaning:
        """The meaning of a category and of the cells that may tell the place."""
        key = self.category(category)
        area = self.area(places)
        known = self._directory.category(key)
        return Meaning(
            key,
            Place.of(self._directory.chain(area)) if area else Place(),
            self._department(key, area),
            known.name(self._locale) if known else self._untitled,
        )

    def category(self, text: str) -> str:
        """Our key of what the log calls a category."""
        if text in self._no_category:
            return ""
        found = self._directory.alias(self._mapping.category.alias, text)
        return found or self._mapping.category.otherwise

    def area(self, places: tuple[str, ...]) -> str:
        """The first of the cells that the city's aliases know as a place; empty when none does."""
        for kind, text in zip(self._mapping.columns.place, places, strict=True):
            if code := self._directory.alias(kind, text):
                return code
        return ""

    def _department(self, category: str, area: str) -> int | None:
        if not category:
            return None
        post = self._directory.responsible_post(category, area or self._directory.city.code)
        return post.org if post else None
