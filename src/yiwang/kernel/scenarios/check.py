"""The validator: every rule over a package, every problem collected, in the order of files and lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.rules import ALL


def check_package(package: Package, known: Known, *, rules: Sequence[Rule] = ALL) -> list[Problem]:
    """Check a package against the installed rooms; an empty list means that it may be installed.

    The same sentence about the same place is said once, by the first rule that found it.
    """
    found: dict[tuple[str, str], Problem] = {}
    for rule in rules:
        for item in rule.check(package, known):
            found.setdefault((item.where, item.text), item)
    return sorted(found.values(), key=_order)


def _order(item: Problem) -> tuple[str, int, str]:
    split = re.match(r"([^:\s]+)(?::(\d+))?", item.where)
    return (split.group(1), int(split.group(2) or 0), item.text) if split else (item.where, 0, item.text)
