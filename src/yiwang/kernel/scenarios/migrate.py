"""Lifting packages of an older format: one step per version, each a pure function over the files.

A package says in `format` which version of the format it was written in. A newer Yiwang reads it by applying every
step from there on, in memory; the files of the author stay as they are until `yiwang scenario export` writes them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats.manifest import FORMAT
from yiwang.kernel.scenarios.problems import problem

Step = Callable[[dict[str, bytes]], dict[str, bytes]]

STEPS: dict[int, Step] = {}
"""From which version a step lifts to the next. Format 1 is the first that was published, so none is needed yet."""

_FORMAT_LINE = re.compile(rb"(?m)^format\s*=\s*\d+")


def lift(
    files: dict[str, bytes], *, steps: Mapping[int, Step] = STEPS, target: int = FORMAT
) -> tuple[dict[str, bytes], list[Problem]]:
    """Lift files to the target format. A problem of the rule `manifest` when the format is newer than this Yiwang."""
    version = _format(files.get("scenario.toml", b""))
    if version is None:
        return files, []  # the rule `manifest` says what is wrong
    if version > target:
        return files, [problem("manifest", "scenario.toml", "format_newer", found=version, known=target)]
    while version < target:
        step = steps.get(version)
        if step is None:
            return files, [problem("manifest", "scenario.toml", "format_no_step", found=version, known=target)]
        files = step(dict(files))
        version += 1
        files["scenario.toml"] = _FORMAT_LINE.sub(b"format = %d" % version, files["scenario.toml"], count=1)
    return files, []


def _format(manifest: bytes) -> int | None:
    try:
        found = tomllib.loads(manifest.decode("utf-8")).get("format")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 1 else None
