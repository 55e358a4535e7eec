"""capabilities: what service tasks call exists, is given every input it requires, and is declared in the manifest."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.scan import scan
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Compare the service tasks of every process with the registry and with `needs.capabilities`."""
    declared = package.manifest.needs.capabilities if package.manifest else ()
    used: set[str] = set()
    for path, content in package.folder("processes").items():
        for step in scan(path, content).steps:
            if step.kind != "serviceTask":
                continue
            name = step.attrs.get("capability", "")
            used.add(name)
            if name not in known.capabilities:
                yield problem(
                    "capabilities",
                    step.where,
                    "capability_unknown",
                    step=step.id,
                    found=name,
                    known=", ".join(sorted(known.capabilities)),
                    meant=guess(name, known.capabilities),
                )
            if package.manifest and name not in declared:
                yield problem("capabilities", step.where, "not_declared", needs="capabilities", found=name,
                              meant=guess(name, declared))  # fmt: skip
    if not package.manifest:
        return
    lines = toml_lines(package.files["scenario.toml"].decode())
    where = place("scenario.toml", line_of(lines, ("needs", "capabilities")))
    for name in declared:
        if name not in used:
            yield problem(
                "capabilities", where, "declared_unused", needs="capabilities", found=name, meant=guess(name, used)
            )


RULE = Rule("capabilities", "Service tasks call capabilities that exist and that the manifest declares.", check)
