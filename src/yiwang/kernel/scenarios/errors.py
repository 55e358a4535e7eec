"""What can go wrong with packages."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, Invalid, NotFound


class PackageNotFound(NotFound):
    """No package of that name (or version) is installed."""

    key = "scenario.error.not_found"


class PackageInvalid(Invalid):
    """The package does not pass the check; nothing was installed."""

    key = "scenario.error.invalid"


class NeedsMissing(Conflict):
    """A package that this one builds on is not installed in a fitting version."""

    key = "scenario.error.needs_missing"


class NeededByOthers(Conflict):
    """Other installed packages build on this one."""

    key = "scenario.error.needed_by_others"


class VersionConflict(Conflict):
    """The version is installed already with other content, or is older than the one in use."""

    key = "scenario.error.version"


class StillOpen(Conflict):
    """Instances of the package are still running; `--retire` lets them finish and starts no new ones."""

    key = "scenario.error.still_open"
