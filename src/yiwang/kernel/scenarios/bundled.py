"""The packages that come with Yiwang: installed once per start of a demo, when they are new or newer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yiwang
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios import store
from yiwang.kernel.scenarios.errors import VersionConflict
from yiwang.kernel.scenarios.installer import in_order, install
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.write import Actor


def scenarios_root() -> Path:
    """The folder of the bundled packages: inside an installed wheel, or at the root of the repository."""
    package = Path(yiwang.__file__).parent
    packed = package / "_data" / "scenarios"
    return packed if packed.is_dir() else package.parents[1] / "scenarios"


async def install_bundled(rt: Runtime, say: Callable[[str], None]) -> None:
    """Install what is not there in this version. A package edited without a new version is told, and left as it was."""
    found = [Package.read(path.parent) for path in sorted(scenarios_root().glob("*/scenario.toml"))]
    for package in in_order(found):
        if package.manifest is None:
            say(f"{package.name} has no readable manifest; `yiwang scenario check` says why")
            continue
        name, version = package.manifest.id, package.manifest.version
        async with rt.read_as_system() as db:
            known = await store.digest(db, name, version)
        if known == package.digest:
            continue
        try:
            await install(rt, Actor.system("bundled"), package)
            say(f"installed {name} {version}")
        except VersionConflict:
            say(f"{name} {version} was changed without a new version; the installed one stays")
