"""sections: the rooms that install a folder look at it too."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import problem, tagged
from yiwang.kernel.scenarios.rule import Known, Rule

KERNEL_FOLDERS = {"stories", "sample", "strings", "policies", "pictures"}


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Ask every registered handler; a folder that no room takes would be dropped in silence, so it is named."""
    handled = {section.folder for section in known.sections}
    for folder in sorted({path.split("/")[0] for path in package.files if "/" in path}):
        if folder not in handled | KERNEL_FOLDERS and known.sections and package.folder(folder):
            yield problem("sections", folder, "no_handler", folder=folder)
    for section in known.sections:
        if section.folder != "policies" and package.folder(section.folder):
            yield from (tagged("sections", item) for item in section.handler.check(package, known))


RULE = Rule("sections", "Every folder is taken by an installed room, and that room accepts it.", check)
