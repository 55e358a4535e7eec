"""manifest: scenario.toml is there, complete, and agrees with the folder that it lies in."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Manifest, fits
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, problem
from yiwang.kernel.scenarios.rule import Known, Rule

FILE = "scenario.toml"


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Parse the manifest and compare what it needs with what is there."""
    yield from (item for item in package.problems if item.rule == "manifest")
    if FILE not in package.files:
        yield problem("manifest", FILE, "file_missing", purpose="manifest")
        return
    manifest, problems = package.typed("manifest", FILE, Manifest)
    yield from problems
    if manifest is None:
        return
    if package.name and manifest.id != package.name:
        yield problem("manifest", FILE, "id_not_folder", id=manifest.id, folder=package.name)
    for net in manifest.needs.nets:
        if net not in known.nets:
            yield problem("manifest", FILE, "net_absent", net=net, known=", ".join(sorted(known.nets)))
    yield from _packages(manifest, known)


def _packages(manifest: Manifest, known: Known) -> Iterator[Problem]:
    for name, wanted in manifest.needs.packages.items():
        if name == manifest.id:
            yield problem("manifest", FILE, "needs_itself", id=name)
        elif name in known.packages and not fits(known.packages[name], wanted):
            yield problem("manifest", FILE, "package_version", package=name, found=known.packages[name], wanted=wanted)
    for dataset in manifest.needs.datasets:
        owner = dataset.split(".")[0]
        if owner not in manifest.needs.packages:
            yield problem("manifest", FILE, "dataset_package", dataset=dataset, package=owner,
                          meant=guess(owner, manifest.needs.packages))  # fmt: skip


RULE = Rule("manifest", "scenario.toml is complete, its id is the folder's name, and what it needs is there.", check)
