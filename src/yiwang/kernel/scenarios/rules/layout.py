"""layout: only the folders and files that the format knows, under names that it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.limits import FOLDERS, ROOT_FILES
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, problem
from yiwang.kernel.scenarios.rule import Known, Rule

_STEM = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Look at every path."""
    for path in package.files:
        parts = PurePosixPath(path).parts
        if len(parts) == 1:
            if path not in ROOT_FILES:
                yield problem(
                    "layout", path, "unknown_file", known=", ".join(ROOT_FILES), meant=guess(path, ROOT_FILES)
                )
        elif parts[0] not in FOLDERS:
            yield problem("layout", path, "unknown_folder", folder=parts[0], known=", ".join(FOLDERS),
                          meant=guess(parts[0], FOLDERS))  # fmt: skip
        elif len(parts) > 2:
            yield problem("layout", path, "too_deep", folder=parts[0])
        else:
            yield from _file(path, parts[0])


def _file(path: str, folder: str) -> Iterator[Problem]:
    name = PurePosixPath(path)
    if name.suffix not in FOLDERS[folder]:
        yield problem("layout", path, "wrong_suffix", folder=folder, known=", ".join(FOLDERS[folder]))
    elif not _STEM.match(name.stem):
        yield problem("layout", path, "bad_stem", stem=name.stem)


RULE = Rule("layout", "Only the folders and files that the format knows, named in lower case with hyphens.", check)
