"""safety: nothing in a package can run, hide, climb out or grow without end."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.rule import Known, Rule


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Hand on what the reader of the container found."""
    yield from (item for item in package.problems if item.rule == "safety")


RULE = Rule("safety", "No Python, scripts, executables, links, oversize files or zip tricks.", check)
