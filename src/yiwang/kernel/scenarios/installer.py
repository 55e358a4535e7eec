"""Installing, upgrading and removing packages: every section or nothing, in one action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios import store
from yiwang.kernel.scenarios.check import check_package
from yiwang.kernel.scenarios.errors import (
    NeededByOthers,
    NeedsMissing,
    PackageInvalid,
    PackageNotFound,
    StillOpen,
    VersionConflict,
)
from yiwang.kernel.scenarios.formats import Manifest, fits, version_key
from yiwang.kernel.scenarios.known import online
from yiwang.kernel.scenarios.live import Live
from yiwang.kernel.scenarios.opens import opens
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.sections import handlers
from yiwang.kernel.scenarios.store import q
from yiwang.kernel.write import Act, Actor, Resource
from yiwang.messages.scenarios import ScenarioInstalled, ScenarioRemoved, ScenarioUpgraded


@dataclass(frozen=True)
class Outcome:
    """What an installation did. `changed` is false when the very same version was there already."""

    package: str
    version: str
    previous: str | None
    changed: bool
    opens: tuple[dict[str, str], ...] = ()


async def install(rt: Runtime, actor: Actor, package: Package, *, upgrade: bool = False) -> Outcome:
    """Install a package, or lift it to a newer version; `upgrade` insists that an older one is installed.

    Raises PackageInvalid with every problem, PackageNotFound (nothing to upgrade), NeedsMissing, VersionConflict, or
    Refused; in each case nothing changed.
    """
    problems = check_package(package, await online(rt))
    if problems or package.manifest is None:
        raise PackageInvalid(
            f"the package {package.name or 'in the archive'} has {len(problems)} problems", problems=problems,
            package=package.manifest.id if package.manifest else package.name, count=len(problems),
        )  # fmt: skip
    manifest = package.manifest
    opened = opens(rt.registry, package)
    resource = Resource("scenario", manifest.id)
    async with rt.act(actor, "scenario.install", resource) as act:
        previous = await _ready(act, package, manifest)
        if upgrade and previous is None:
            raise PackageNotFound(f"no package {manifest.id} is installed", package=manifest.id)
        if previous == manifest.version:
            act.nothing_changed()
            return Outcome(manifest.id, manifest.version, previous, changed=False, opens=tuple(opened))
        await store.put(act.db, package, manifest, opened, act.now, actor.name)
        for section in handlers(rt.registry):
            await section.handler.install(act, package, previous)
        await act.db.execute(q.raise_revision)
        act.record(
            before={"version": previous} if previous else None,
            after={"version": manifest.version, "opens": opened}, digest=package.digest,
        )  # fmt: skip
        act.emit(_event(package, manifest, previous))
    await _after(rt)
    return Outcome(manifest.id, manifest.version, previous, changed=True, opens=tuple(opened))


def _event(package: Package, manifest: Manifest, previous: str | None) -> ScenarioInstalled | ScenarioUpgraded:
    if previous is None:
        return ScenarioInstalled(package=manifest.id, version=manifest.version, digest=package.digest)
    return ScenarioUpgraded(
        package=manifest.id, version=manifest.version, previous=previous, digest=package.digest
    )  # fmt: skip


async def _ready(act: Act, package: Package, manifest: Manifest) -> str | None:
    """Take the lock, look at what is installed, and tell the version in use (None when there is none)."""
    await act.db.execute(q.lock_installs)
    here = await store.installed(act.db)
    for name, wanted in manifest.needs.packages.items():
        found = here.get(name, (None, {}))[0]
        if found is None or not fits(found, wanted):
            raise NeedsMissing(
                f"{manifest.id} needs {name} {wanted}, and {found or 'none'} is installed",
                package=manifest.id, other=name, wanted=wanted, found=found or "—",
            )  # fmt: skip
    for name, (_, needs) in here.items():
        if manifest.id in needs and not fits(manifest.version, needs[manifest.id]):
            raise VersionConflict(
                f"{name} needs {manifest.id} {needs[manifest.id]}, so {manifest.version} cannot be installed",
                package=manifest.id, version=manifest.version, found=here.get(manifest.id, ("—", {}))[0],
            )  # fmt: skip
    stored = await store.digest(act.db, manifest.id, manifest.version)
    current = await store.find(act.db, manifest.id)
    if stored is not None and stored != package.digest:
        raise VersionConflict(
            f"{manifest.id} {manifest.version} was installed before with other content; raise the version",
            package=manifest.id, version=manifest.version, found=manifest.version,
        )  # fmt: skip
    if current is None or current.state == "removed":
        return None
    if version_key(manifest.version) < version_key(current.version):
        raise VersionConflict(
            f"{manifest.id} {current.version} is installed, which is newer than {manifest.version}",
            package=manifest.id, version=manifest.version, found=current.version,
        )  # fmt: skip
    if current.state == "retired" and current.version == manifest.version:
        return None
    return current.version


async def remove(rt: Runtime, actor: Actor, package_id: str, *, retire: bool = False) -> bool:
    """Remove a package; its versions and its history are kept. Tells whether it was only retired.

    With instances still open it raises StillOpen unless `retire`: then nothing new can begin and what runs goes on to
    its end under the version that it began under.
    """
    async with rt.act(actor, "scenario.remove", Resource("scenario", package_id)) as act:
        await act.db.execute(q.lock_installs)
        current = await store.find(act.db, package_id)
        if current is None or current.state == "removed":
            raise PackageNotFound(f"no package {package_id} is installed", package=package_id)
        needed = [name for name, (_, needs) in (await store.installed(act.db)).items() if package_id in needs]
        if needed:
            raise NeededByOthers(f"{', '.join(needed)} need {package_id}", package=package_id, others=", ".join(needed))
        open_ = sum([await s.handler.open_work(act.db, package_id) for s in handlers(rt.registry)])
        if open_ and not retire:
            raise StillOpen(f"{open_} instances of {package_id} are still open", package=package_id, count=open_)
        for section in reversed(handlers(rt.registry)):
            await section.handler.remove(act, package_id)
        state = "retired" if open_ else "removed"
        await act.db.execute(q.set_package_state, package_id, state, act.now, actor.name)
        await act.db.execute(q.raise_revision)
        act.record(before={"state": current.state}, after={"state": state, "open": open_})
        act.emit(ScenarioRemoved(package=package_id, version=current.version, retired=bool(open_)))
    await _after(rt)
    return bool(open_)


async def export(rt: Runtime, package_id: str, version: str | None = None) -> tuple[str, bytes]:
    """A version (default: the one in use) as a .zip, with its file name. Raises PackageNotFound."""
    async with rt.read_as_system() as conn:
        current = await store.find(conn, package_id)
        wanted = version or (current.version if current else "")
        content = await store.archive(conn, package_id, wanted)
    if content is None:
        raise PackageNotFound(f"there is no {package_id} {wanted}", package=package_id)
    return f"{package_id}-{wanted}.zip", content


async def install_all(rt: Runtime, actor: Actor, packages: Iterable[Package]) -> list[Outcome]:
    """Install several packages in the order in which they build on each other."""
    return [await install(rt, actor, package) for package in in_order(packages)]


def in_order(packages: Iterable[Package]) -> list[Package]:
    """Sort packages so that what is needed comes first; a ring of needs raises NeedsMissing, naming it."""
    waiting = {p.manifest.id if p.manifest else p.name: p for p in packages}
    out: list[Package] = []
    while waiting:
        ready = sorted(name for name, p in waiting.items() if not (_needs(p) & (waiting.keys() - {name})))
        if not ready:
            ring = ", ".join(sorted(waiting))
            raise NeedsMissing(
                f"these packages need each other in a ring: {ring}", package=ring, other=ring, wanted="", found=""
            )
        out.extend(waiting.pop(name) for name in ready)
    return out


def _needs(package: Package) -> set[str]:
    return set(package.manifest.needs.packages) if package.manifest else set()


async def _after(rt: Runtime) -> None:
    """Let this process see the change at once; others notice by the revision."""
    await rt.part(Live).refresh()
    for section in handlers(rt.registry):
        after: Any = getattr(section.handler, "after", None)
        if after is not None:
            await after(rt)
