"""Reading a city's folder: tables with their row numbers, so that every complaint can name file and row."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from yiwang.kernel.calendar import City
from yiwang.kernel.errors import Problem

#: Tables of a city and their columns; those with ? may be left out as a whole.
TABLES: dict[str, tuple[str, ...]] = {
    "divisions.csv": ("code", "parent", "level", "kind", "name_zh", "name_en"),
    "organisations.csv": ("code", "parent", "kind", "division", "name_zh", "name_en", "uscc"),
    "posts.csv": ("kind", "org", "role", "title_zh", "title_en"),
    "categories.csv": ("key", "parent", "name_zh", "name_en"),
    "responsibility.csv": ("category", "place", "org", "role"),
    "aliases.csv": ("kind", "value", "target"),
}
OPTIONAL = {"aliases.csv"}
OUTLINES = ("districts.geojson", "grids.geojson")
#: Largest file and cell that are read: a city of 30 million has some 200,000 grids.
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_CELL = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `where` is file:line."""

    where: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column, without blanks around it."""
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One feature of a GeoJSON file."""

    where: str
    code: str
    geometry: Any
    generated: bool
    name_zh: str = ""
    name_en: str = ""


@dataclass
class CityFiles:
    """Everything in a city's folder, read once; what could not be read is in `problems`."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    outlines: dict[str, list[OutlineRow]] = field(default_factory=dict)
    city: City | None = None
    digest: str = ""

    @classmethod
    def read(cls, folder: Path) -> CityFiles:
        """Read every file; never raises for what is in them."""
        found = cls(folder)
        found._read_city()
        for name in TABLES:
            found.tables[name] = list(found._read_table(name))
        for name in OUTLINES:
            found.outlines[name] = list(found._read_outlines(name))
        found.digest = digest_of(folder)
        return found

    @cached_property
    def divisions(self) -> dict[str, Row]:
        """Rows of divisions.csv by code."""
        return {row["code"]: row for row in self.tables["divisions.csv"]}

    @cached_property
    def grids(self) -> dict[str, OutlineRow]:
        """Features of grids.geojson by code: the fifth level."""
        return {row.code: row for row in self.outlines["grids.geojson"]}

    @cached_property
    def organisations(self) -> dict[str, Row]:
        """Rows of organisations.csv by code (grids, which become organisations too, aside)."""
        return {row["code"]: row for row in self.tables["organisations.csv"]}

    def wrong(self, where: str, rule: str, text: str) -> None:
        """Add a problem that was found while reading."""
        self.problems.append(Problem(where, "orgs.city_problem", {"text": text}, rule, text))

    def _text(self, name: str) -> str | None:
        source = self.folder / name
        if not source.is_file():
            if name not in OPTIONAL and name not in OUTLINES:
                self.wrong(name, "files", "the file is missing")
            return None
        if source.stat().st_size > MAX_FILE_BYTES:
            self.wrong(name, "files", f"the file is larger than {MAX_FILE_BYTES // 1024**2} MiB")
            return None
        try:
            return source.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self.wrong(name, "files", f"the file is not UTF-8: {error.reason} at byte {error.start}")
            return None

    def _read_city(self) -> None:
        if self._text("city.toml") is None:
            return
        try:
            self.city = City.load(self.folder)
        except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
            self.wrong("city.toml", "files", f"cannot be read: {error!r}")

    def _read_table(self, name: str) -> Iterator[Row]:
        text = self._text(name)
        if text is None:
            return
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if tuple(reader.fieldnames or ()) != TABLES[name]:
            self.wrong(f"{name}:1", "files", f"expected the columns {', '.join(TABLES[name])}")
            return
        try:
            for cells in reader:
                where = f"{name}:{reader.line_num}"
                if None in cells or None in cells.values():
                    self.wrong(where, "files", f"expected {len(TABLES[name])} cells")
                    continue
                row = {column: cell.strip() for column, cell in cells.items()}
                if any(len(cell) > MAX_CELL for cell in row.values()):
                    self.wrong(where, "files", f"a cell is longer than {MAX_CELL} characters")
                    continue
                yield Row(where, row)
        except csv.Error as error:
            self.wrong(f"{name}:{reader.line_num}", "files", f"is not CSV: {error}")

    def _read_outlines(self, name: str) -> Iterator[OutlineRow]:
        text = self._text(name)
        if text is None:
            return
        try:
            features = json.loads(text)["features"]
        except (ValueError, KeyError, TypeError) as error:
            self.wrong(name, "files", f"is not a GeoJSON feature collection: {error!r}")
            return
        for number, feature in enumerate(features, 1):
            where = f"{name}:feature {number}"
            try:
                properties = feature["properties"]
                yield OutlineRow(
                    where,
                    str(properties["code"]),
                    shape(feature["geometry"]),
                    bool(properties.get("generated", False)),
                    str(properties.get("name_zh", "")),
                    str(properties.get("name_en", "")),
                )
            except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
                self.wrong(where, "files", f"cannot be read as a feature with a code and a geometry: {error!r}")


def digest_of(folder: Path) -> str:
    """One SHA-256 over the names and contents of a city's files."""
    total = hashlib.sha256()
    for source in sorted(folder.iterdir()):
        if source.is_file():
            total.update(source.name.encode())
            total.update(hashlib.sha256(source.read_bytes()).digest())
    return total.hexdigest()
