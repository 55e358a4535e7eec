"""decisions: every decision table can be evaluated, and is called like its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine import Decision, ProcessInvalid, load_decision
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import problem, tagged
from yiwang.kernel.scenarios.rule import Known, Rule


def loaded(package: Package) -> tuple[dict[str, Decision], list[Problem]]:
    """The tables of the package by key, and what is wrong with the others."""
    tables: dict[str, Decision] = {}
    problems: list[Problem] = []
    for path, content in package.folder("decisions").items():
        try:
            decision = load_decision(content, file=path)
        except ProcessInvalid as invalid:
            problems += invalid.problems
        else:
            tables[decision.key] = decision
    return tables, problems


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Load every file of decisions/."""
    tables, problems = loaded(package)
    yield from (tagged("decisions", found) for found in problems)
    for table in tables.values():
        stem = PurePosixPath(table.file).stem
        if table.key != stem:
            yield problem("decisions", table.file, "id_not_file", id=table.key, stem=stem)


RULE = Rule(
    "decisions", "Every decision table is one that we evaluate, with CEL in its cells, named like its file.", check
)
