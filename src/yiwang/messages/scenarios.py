"""What happens to scenario packages."""

from __future__ import annotations

from typing import ClassVar

from yiwang.messages.base import Event


class ScenarioInstalled(Event):
    """A package was installed for the first time, or again after it had been removed."""

    type: ClassVar[str] = "cn.yiwang.scenario.installed.v1"
    package: str
    version: str
    digest: str


class ScenarioUpgraded(Event):
    """A package was lifted to a newer version; what is running stays with the version it began under."""

    type: ClassVar[str] = "cn.yiwang.scenario.upgraded.v1"
    package: str
    version: str
    previous: str
    digest: str


class ScenarioRemoved(Event):
    """A package was removed. `retired` when instances were still open and run to their end."""

    type: ClassVar[str] = "cn.yiwang.scenario.removed.v1"
    package: str
    version: str
    retired: bool
