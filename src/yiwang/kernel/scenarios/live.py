"""What installed packages bring into a running process: their strings. Renewed when the revision has moved."""

from __future__ import annotations

import logging
import tomllib

from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios import store
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.store import q
from yiwang.kernel.strings import LOCALES

log = logging.getLogger(__name__)


class Live:
    """One per runtime: `rt.part(Live)`."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._revision = -1

    async def refresh(self) -> bool:
        """Read the strings of all packages in use again if something was installed since; tells whether it had."""
        async with self._rt.read_as_system() as conn:
            revision = int(await conn.fetchval(q.read_revision))
            if revision == self._revision:
                return False
            packages = await store.current(conn)
        for package in packages:
            self._adopt(package)
        self._revision = revision
        return True

    def _adopt(self, package: Package) -> None:
        for locale in LOCALES:
            content = package.files.get(f"strings/{locale}.toml")
            if content is None:
                continue
            table = tomllib.loads(content.decode("utf-8"))
            name = package.manifest.id if package.manifest else ""
            # Everything lives below the package's own name: a package cannot reword another room's sentences.
            self._rt.strings.add(locale, {name: table.get(name, {})}, f"{name}/strings/{locale}.toml", replace=True)


async def start_live(rt: Runtime) -> None:
    """At start: the strings of what is installed."""
    await rt.part(Live).refresh()


async def refresh_live(rt: Runtime) -> None:
    """The loop: notice what another process installed."""
    await rt.part(Live).refresh()
