"""services: service items are complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import ServiceItem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import problem
from yiwang.kernel.scenarios.rule import Known, Rule


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Parse every file of services/."""
    for path in package.folder("services"):
        item, problems = package.typed("services", path, ServiceItem)
        yield from problems
        if item is not None and item.id != PurePosixPath(path).stem:
            yield problem("services", path, "id_not_file", id=item.id, stem=PurePosixPath(path).stem)
        if item is not None and item.anonymous and "person" not in item.audience:
            yield problem("services", path, "anonymous_enterprise", id=item.id)


RULE = Rule("services", "Every service item is complete and named like its file.", check)
