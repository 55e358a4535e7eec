"""references: whatever one file says of another is there, and no file lies about unused."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.scan import Step, scan
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines

Used = dict[str, set[str]]


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Follow every reference between the files of the package."""
    used: Used = {"forms": set(), "decisions": set(), "processes": set()}
    diagrams = [scan(path, xml) for path, xml in package.folder("processes").items()]
    for diagram in diagrams:
        for step in diagram.steps:
            yield from _step(package, step, used)
    yield from _services(package, used)
    for folder in ("forms", "decisions"):
        for stem, path in package.stems(folder).items():
            if stem not in used[folder] and not stem.startswith("message-"):
                yield problem("references", path, "unused_file")


def _step(package: Package, step: Step, used: Used) -> Iterator[Problem]:
    references = (("form", "forms", step.attrs.get("form")), ("decision", "decisions", step.attrs.get("decision")),
                  ("calledElement", "processes", step.attrs.get("calledElement")))  # fmt: skip
    for field, folder, name in references:
        if name is None:
            continue
        used[folder].add(name)
        yield from _refers(package, step.where, f"{step.id} {field}", folder, name)


def _services(package: Package, used: Used) -> Iterator[Problem]:
    for path, item in package.services.items():
        lines = toml_lines(package.files[path].decode())
        used["forms"].add(item.form)
        used["processes"].add(item.process)
        yield from _refers(package, place(path, line_of(lines, ("process",))), "process", "processes", item.process)
        yield from _refers(package, place(path, line_of(lines, ("form",))), "form", "forms", item.form)


def _refers(package: Package, where: str, field: str, folder: str, name: str) -> Iterator[Problem]:
    there = package.stems(folder)
    if name not in there:
        yield problem("references", where, "dangling", field=field, found=name, kind=folder,
                      known=", ".join(there) or "—", meant=guess(name, there))  # fmt: skip


RULE = Rule(
    "references", "Every reference between files of the package resolves, and no form or table is unused.", check
)
