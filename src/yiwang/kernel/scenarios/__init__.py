"""Scenario packages: what a city writes once and every other city can install.

A package is data: datasets, rules, processes with forms and decision tables, services, views, policies, strings and
stories. `check_package` says everything that is wrong with one, `install` takes it over in one action, stories prove
it.
"""

from yiwang.kernel.scenarios.check import check_package
from yiwang.kernel.scenarios.detail import Detail, list_scenarios, scenario_detail
from yiwang.kernel.scenarios.errors import (
    NeededByOthers,
    NeedsMissing,
    PackageInvalid,
    PackageNotFound,
    StillOpen,
    VersionConflict,
)
from yiwang.kernel.scenarios.formats import Dataset, Indicator, Manifest, NoticeRule, ServiceItem, Text, Views
from yiwang.kernel.scenarios.installer import Outcome, export, install, install_all, remove
from yiwang.kernel.scenarios.known import offline, online
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.rule import Known
from yiwang.kernel.scenarios.sections import Section
from yiwang.kernel.scenarios.store import Installed

__all__ = [
    "Dataset",
    "Detail",
    "Indicator",
    "Installed",
    "Known",
    "Manifest",
    "NeededByOthers",
    "NeedsMissing",
    "NoticeRule",
    "Outcome",
    "Package",
    "PackageInvalid",
    "PackageNotFound",
    "Section",
    "ServiceItem",
    "StillOpen",
    "Text",
    "VersionConflict",
    "Views",
    "check_package",
    "export",
    "install",
    "install_all",
    "list_scenarios",
    "offline",
    "online",
    "remove",
    "scenario_detail",
]
