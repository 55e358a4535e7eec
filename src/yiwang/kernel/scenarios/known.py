"""What the installed rooms and packages of a running city offer to packages that are checked."""

from __future__ import annotations

from yiwang.kernel.orgs import ROLES
from yiwang.kernel.runtime import Registry, Runtime
from yiwang.kernel.scenarios import store
from yiwang.kernel.scenarios.rule import Known


def offline(registry: Registry) -> Known:
    """Without a database: everything but the packages that are installed."""
    return Known.of(registry, ROLES)


async def online(rt: Runtime) -> Known:
    """With the packages that are installed."""
    async with rt.read_as_system() as conn:
        installed = await store.installed(conn)
    return Known.of(rt.registry, ROLES, {name: version for name, (version, _) in installed.items()})
