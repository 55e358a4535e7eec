"""policies: a package permits only on its own resources, and only what is open to packages."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.policy import check_package_policies
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import problem, tagged
from yiwang.kernel.scenarios.rule import Known, Rule


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Ask the policy part about every .cedar file."""
    identity = package.manifest.id if package.manifest else package.name
    for path, content in package.folder("policies").items():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            yield problem("policies", path, "not_utf8", position=error.start)
            continue
        for found in check_package_policies(text, identity, file=path, modules=known.modules):
            yield tagged("policies", found, path)


RULE = Rule("policies", "Policies are valid Cedar and permit only on the package's own resources.", check)
