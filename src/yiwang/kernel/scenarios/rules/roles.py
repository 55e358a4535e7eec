"""roles: steps and service items are addressed to roles that exist and that the manifest declares."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.scan import scan
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines


def uses(package: Package) -> Iterator[tuple[str, str, str]]:
    """Every use of a role: where, by which field, which role."""
    for path, content in package.folder("processes").items():
        for step in scan(path, content).tasks():
            if "role" in step.attrs:
                yield step.where, f"{step.id} yw:role", step.attrs["role"]
    for path, item in package.services.items():
        lines = toml_lines(package.files[path].decode())
        yield place(path, line_of(lines, ("role",))), "role", item.role
    for path, dataset in package.datasets.items():
        lines = toml_lines(package.files[path].decode())
        yield place(path, line_of(lines, ("role",))), "role", dataset.role


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Compare every use of a role with the roles of the city and with `needs.roles`."""
    declared = package.manifest.needs.roles if package.manifest else ()
    used: set[str] = set()
    for where, field, role in uses(package):
        used.add(role)
        if role not in known.roles:
            yield problem("roles", where, "role_unknown", field=field, found=role,
                          known=", ".join(sorted(known.roles)), meant=guess(role, known.roles))  # fmt: skip
        if package.manifest and role not in declared:
            yield problem("roles", where, "not_declared", needs="roles", found=role, meant=guess(role, declared))
    if not package.manifest:
        return
    where = place("scenario.toml", line_of(toml_lines(package.files["scenario.toml"].decode()), ("needs", "roles")))
    for role in declared:
        if role not in known.roles:
            yield problem("roles", where, "role_unknown", field="needs.roles", found=role,
                          known=", ".join(sorted(known.roles)), meant=guess(role, known.roles))  # fmt: skip


RULE = Rule("roles", "Steps, service items and datasets name roles that exist and that the manifest declares.", check)
