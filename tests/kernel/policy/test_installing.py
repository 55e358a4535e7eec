"""A package's policies count from its installation to its removal, on its own resources only."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from tests.kernel.policy.test_packages import GOOD
from yiwang.kernel.policy import Policies
from yiwang.kernel.policy.packages import PolicySection
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.write import Actor, Resource

VOLUNTEER = Actor("staff", uuid4(), "志愿者", roles=frozenset({"volunteer"}))
SECTION = PolicySection()


@dataclass
class Named(Package):
    """A package of which only the id matters here."""

    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def manifest(self) -> Actor:  # type: ignore[override]
        return Actor("system", id="gas-safety")  # type: ignore[arg-type]


def task(package: str) -> Resource:
    return Resource("task", "t", org=7, attrs={"post": 3, "package": package})


async def install(rt: Runtime, files: dict[str, bytes] | None) -> None:
    async with rt.act(Actor.system("test"), "event.react", Resource("event")) as act:
        if files is None:
            await SECTION.remove(act, "gas-safety")
        else:
            await SECTION.install(act, Named(files), None)
        act.record(note="package")
    await SECTION.after(rt)


async def may(rt: Runtime, package: str) -> bool:
    return (await rt.part(Policies).may(VOLUNTEER, "task.read", task(package))).allowed


async def test_installed_upgraded_and_removed(rt: Runtime) -> None:
    assert not await may(rt, "gas-safety")
    await install(rt, {"policies/a.cedar": GOOD.encode()})
    assert await may(rt, "gas-safety")
    assert not await may(rt, "other")
    assert not await may(rt, "")
    upgraded = GOOD.replace('volunteer")', 'rescuer")')
    await install(rt, {"policies/b.cedar": upgraded.encode()})
    assert not await may(rt, "gas-safety")
    await install(rt, {"policies/b.cedar": GOOD.encode()})
    assert await may(rt, "gas-safety")
    await install(rt, None)
    assert not await may(rt, "gas-safety")


async def test_policies_that_no_longer_fit_are_left_out_and_the_rest_stands(rt: Runtime) -> None:
    stale = GOOD.replace("task.comment", "task.dropped").replace("gas-safety.volunteers", "gas-safety.stale")
    await install(rt, {"policies/a.cedar": GOOD.encode(), "policies/b.cedar": stale.encode()})
    assert not await may(rt, "gas-safety")
    system = await rt.part(Policies).may(Actor.system("test"), "task.read", task(""))
    assert system.allowed
