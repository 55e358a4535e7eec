"""What installing a package opens to whom: one sentence per permit, shown before and kept with the version."""

from __future__ import annotations

from yiwang.kernel.policy import opens as sentences
from yiwang.kernel.runtime import Registry
from yiwang.kernel.scenarios.package import Package


def opens(registry: Registry, package: Package) -> list[dict[str, str]]:
    """The sentences (`zh`, `en`) of every permit of the package, in the order of its files."""
    modules = registry.packages()
    found: list[dict[str, str]] = []
    for path, content in package.folder("policies").items():
        if path.endswith(".cedar"):
            found += sentences(content.decode("utf-8", "replace"), modules=modules)
    return found
