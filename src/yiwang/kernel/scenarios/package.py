"""A scenario package in memory: its files, and each typed file parsed once."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Dataset, Manifest, NoticeRule, Quality, ServiceItem, Views
from yiwang.kernel.scenarios.reading import Tray, read_source, read_zip
from yiwang.kernel.scenarios.toml_file import read_toml

M = TypeVar("M", bound=BaseModel)


class Package:
    """A package and everything that can be known of it without a running city.

    `problems` holds what was wrong with the container; a file that does not parse yields None here and its problems
    through the rule that owns the file kind.
    """

    def __init__(self, files: dict[str, bytes], *, name: str = "", problems: list[Problem] | None = None) -> None:
        self.files = dict(sorted(files.items()))
        self.name = name
        self.problems = problems or []

    @classmethod
    def read(cls, source: Path) -> Package:
        """Read a folder or a .zip; see `reading` for what is refused."""
        return cls._of(read_source(source), source.resolve().name if source.is_dir() else "")

    @classmethod
    def of_zip(cls, content: bytes) -> Package:
        """Read a .zip from memory."""
        return cls._of(read_zip(content), "")

    @classmethod
    def _of(cls, tray: Tray, name: str) -> Package:
        from yiwang.kernel.scenarios.migrate import lift

        files, problems = lift(tray.files)
        return cls(files, name=name, problems=[*tray.problems, *problems])

    def folder(self, name: str) -> dict[str, bytes]:
        """The files directly below a folder, by path."""
        return {path: data for path, data in self.files.items() if PurePosixPath(path).parent.as_posix() == name}

    def stems(self, name: str) -> dict[str, str]:
        """The files of a folder by stem: `{"accept": "forms/accept.json"}`."""
        return {PurePosixPath(path).stem: path for path in self.folder(name)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every path and content, in the order of paths; the same for folder and zip."""
        sha = hashlib.sha256()
        for path, data in self.files.items():
            sha.update(f"{len(path.encode())}:{path}:{len(data)}:".encode())
            sha.update(data)
        return sha.hexdigest()

    def typed(self, rule: str, path: str, model: type[M]) -> tuple[M | None, list[Problem]]:
        """Parse one file into its model."""
        return read_toml(rule, path, self.files[path], model)

    def all_of(self, folder: str, model: type[M]) -> dict[str, M]:
        """Every file of a folder that parses, by path."""
        parsed = {path: self.typed(folder, path, model)[0] for path in self.folder(folder) if path.endswith(".toml")}
        return {path: item for path, item in parsed.items() if item is not None}

    @cached_property
    def manifest(self) -> Manifest | None:
        """scenario.toml, or None when it is missing or wrong."""
        return self.typed("manifest", "scenario.toml", Manifest)[0] if "scenario.toml" in self.files else None

    @cached_property
    def quality(self) -> Quality | None:
        """quality.toml, or None."""
        return self.typed("quality", "quality.toml", Quality)[0] if "quality.toml" in self.files else None

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        """Datasets by path."""
        return self.all_of("datasets", Dataset)

    @cached_property
    def services(self) -> dict[str, ServiceItem]:
        """Service items by path."""
        return self.all_of("services", ServiceItem)

    @cached_property
    def rules(self) -> dict[str, NoticeRule]:
        """Rules by path."""
        return self.all_of("rules", NoticeRule)

    @cached_property
    def views(self) -> dict[str, Views]:
        """Files of views by path."""
        return self.all_of("views", Views)
