"""Installing is all or nothing, versions are for good, needs are kept, removal waits for what is open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from yiwang.app import rooms
from yiwang.kernel.errors import Refused
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.instances import start_process
from yiwang.kernel.process.model import Subject
from yiwang.kernel.runtime import Registry, Runtime
from yiwang.kernel.scenarios import (
    NeededByOthers,
    NeedsMissing,
    Package,
    PackageInvalid,
    PackageNotFound,
    StillOpen,
    VersionConflict,
    export,
    install,
    install_all,
    list_scenarios,
    remove,
    scenario_detail,
)
from yiwang.kernel.scenarios.installer import in_order
from yiwang.kernel.scenarios.live import Live
from yiwang.kernel.scenarios.skeleton import write_skeleton
from yiwang.kernel.scenarios.stories.theatre import Theatre
from yiwang.kernel.servers import EmbeddedPostgres
from yiwang.kernel.settings import Settings
from yiwang.kernel.write import Actor, Resource
from yiwang.kit.ids import new_id

from . import packages

SYSTEM = Actor.system("test")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def city(server: EmbeddedPostgres, state_dir: Path) -> AsyncIterator[Theatre]:
    """A city without any package."""
    async with Theatre(Settings(state_dir=state_dir), Registry(rooms()), server.url("postgres"), []) as built:
        yield built


@pytest_asyncio.fixture
async def rt(city: Theatre) -> AsyncIterator[Runtime]:
    """A copy of it, running."""
    async with city.city(datetime.fromisoformat("2026-03-02T09:00+08:00")) as runtime:
        yield runtime


def small(tmp_path: Path, name: str = "small-one", *changes: tuple[str, str, str]) -> Package:
    """The skeleton package, with texts of its files replaced."""
    folder = tmp_path / name
    if not folder.exists():
        write_skeleton(folder, "小场景", "Small one")
    files = dict(Package.read(folder).files)
    for path, old, new in changes:
        assert old in files[path].decode()
        files[path] = files[path].decode().replace(old, new).encode()
    return Package(files, name=name)


def raised(version: str) -> tuple[str, str, str]:
    return ("scenario.toml", 'version = "0.1.0"', f'version = "{version}"')


async def count(rt: Runtime, table: str) -> int:
    async with rt.read_as_system() as conn:
        return int(await conn.fetchval(f"select count(*) from {table}"))


async def begin(rt: Runtime, key: str) -> None:
    directory = rt.part(Directory)
    await directory.refresh()
    org = directory.org("320200/12345").id
    async with rt.act(SYSTEM, "process.start", Resource("process", None, org=org)) as act:
        await start_process(act, key, Subject("story", new_id(), "x"), {}, org=org)
        act.record(after={})


async def test_a_package_is_installed_with_all_its_sections_and_said_once(rt: Runtime, tmp_path: Path) -> None:
    outcome = await install(rt, SYSTEM, small(tmp_path))
    assert (outcome.version, outcome.previous, outcome.changed) == ("0.1.0", None, True)
    assert await count(rt, "process.definition") == 1
    assert rt.strings.t("small-one.name", "en") == "Small one"
    async with rt.read_as_system() as conn:
        rows = await conn.fetch("select action, digest from audit.entry where action = 'scenario.install'")
        events = await conn.fetchval("select count(*) from event.log where type like '%scenario.installed%'")
    assert [row["digest"] for row in rows] == [small(tmp_path).digest]
    assert events == 1
    again = await install(rt, SYSTEM, small(tmp_path))
    assert not again.changed
    assert await count(rt, "process.definition") == 1


async def test_nothing_is_installed_of_a_package_with_a_problem(rt: Runtime, tmp_path: Path) -> None:
    spoilt = small(tmp_path, "small-one", ("processes/small-one.bpmn", 'yw:form="handle"', 'yw:form="handel"'))
    with pytest.raises(PackageInvalid) as caught:
        await install(rt, SYSTEM, spoilt)
    assert any("Did you mean handle?" in str(item) for item in caught.value.problems)
    assert await count(rt, "scenario.package") == 0


async def test_a_section_that_fails_rolls_everything_back(
    rt: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = rt.registry.all("sections")[-1].handler

    async def break_down(act: object, package: object, previous: object) -> None:
        raise RuntimeError("the last section breaks")

    monkeypatch.setattr(type(last), "install", lambda self, *args: break_down(*args))
    with pytest.raises(RuntimeError):
        await install(rt, SYSTEM, small(tmp_path))
    for table in (
        "scenario.package",
        "scenario.version",
        "process.definition",
        "event.log where type like '%scenario%'",
    ):
        assert await count(rt, table) == 0


async def test_an_upgrade_keeps_what_runs_and_both_versions(rt: Runtime, tmp_path: Path) -> None:
    await install(rt, SYSTEM, small(tmp_path))
    await begin(rt, "small-one")
    newer = small(tmp_path, "small-one", raised("0.2.0"), ("processes/small-one.bpmn", 'yw:due="3wd"', 'yw:due="5wd"'))
    outcome = await install(rt, SYSTEM, newer, upgrade=True)
    assert outcome.previous == "0.1.0"
    async with rt.read_as_system() as conn:
        running = await conn.fetchval("select version from process.instance")
        newest = await conn.fetchval("select max(version) from process.definition where key = 'small-one'")
    assert (running, newest) == (1, 2)
    name, content = await export(rt, "small-one", "0.1.0")
    assert name == "small-one-0.1.0.zip"
    assert Package.of_zip(content).digest == small(tmp_path).digest


async def test_a_version_never_changes_its_content_and_never_goes_back(rt: Runtime, tmp_path: Path) -> None:
    await install(rt, SYSTEM, small(tmp_path, "small-one", raised("0.2.0")))
    with pytest.raises(VersionConflict):
        await install(rt, SYSTEM, small(tmp_path, "small-one", raised("0.2.0"), ("README.md", "Accepted", "Taken")))
    with pytest.raises(VersionConflict):
        await install(rt, SYSTEM, small(tmp_path))


async def test_upgrading_what_is_not_there_is_refused(rt: Runtime, tmp_path: Path) -> None:
    with pytest.raises(PackageNotFound):
        await install(rt, SYSTEM, small(tmp_path), upgrade=True)


async def test_needs_are_installed_first_and_not_removed_before(rt: Runtime, tmp_path: Path) -> None:
    needs = ("scenario.toml", "[needs]\n", '[needs]\npackages = { small-base = ">=0.1.0, <1.0.0" }\n')
    upper, base = small(tmp_path, "small-one", needs), small(tmp_path, "small-base")
    with pytest.raises(NeedsMissing):
        await install(rt, SYSTEM, upper)
    assert [p.name for p in in_order([upper, base])] == ["small-base", "small-one"]
    await install_all(rt, SYSTEM, [upper, base])
    with pytest.raises(NeededByOthers):
        await remove(rt, SYSTEM, "small-base")
    with pytest.raises(VersionConflict):
        await install(rt, SYSTEM, small(tmp_path, "small-base", raised("1.0.0")))
    assert await remove(rt, SYSTEM, "small-one") is False
    assert await remove(rt, SYSTEM, "small-base") is False
    ring = small(tmp_path, "small-base", (needs[0], needs[1], needs[2].replace("small-base", "small-one")))
    with pytest.raises(NeedsMissing):
        in_order([upper, ring])


async def test_removal_waits_for_what_is_open_unless_it_is_retired(rt: Runtime, tmp_path: Path) -> None:
    await install(rt, SYSTEM, small(tmp_path))
    await begin(rt, "small-one")
    with pytest.raises(StillOpen):
        await remove(rt, SYSTEM, "small-one")
    assert await remove(rt, SYSTEM, "small-one", retire=True) is True
    [item] = await list_scenarios(rt, SYSTEM)
    assert item.state == "retired"
    assert await count(rt, "process.instance where ended_at is null") == 1
    with pytest.raises(PackageNotFound):
        await remove(rt, SYSTEM, "nothing-here")


async def test_who_may_not_install_is_refused_and_nothing_changes(rt: Runtime, tmp_path: Path) -> None:
    clerk = Actor("staff", id=new_id(), name="clerk", roles=frozenset({"handler"}))
    with pytest.raises(Refused):
        await install(rt, clerk, small(tmp_path))
    assert await count(rt, "scenario.package") == 0


async def test_the_detail_shows_everything_and_its_readme_is_safe(rt: Runtime, tmp_path: Path) -> None:
    evil = ("README.md", "## How it works", "## How it works\n<script>alert(1)</script>\n[x](javascript:alert(1))\n")
    await install(rt, SYSTEM, small(tmp_path, "small-one", evil))
    detail = await scenario_detail(rt, SYSTEM, "small-one", "en")
    assert "<script" not in detail.readme_html
    assert 'href="javascript' not in detail.readme_html
    assert "<h4>How it works</h4>" in detail.readme_html
    assert [p["key"] for p in detail.processes] == ["small-one"]
    assert detail.processes[0]["xml"].startswith("<?xml")
    assert {f["key"] for f in detail.forms} == {"accept", "handle"}
    assert detail.stories[0]["steps"] == 5
    assert detail.ladder[0] == {"tier": "bronze", "rung": "manifest-complete", "status": "done", "because": None}
    assert detail.installed.tier == "none"


async def test_the_first_package_says_what_it_opens(rt: Runtime) -> None:
    outcome = await install(rt, SYSTEM, Package.read(packages.FIRST))
    assert any("督办人员" in opened["zh"] for opened in outcome.opens)
    detail = await scenario_detail(rt, SYSTEM, "resident-requests")
    assert len(detail.indicators) == 9
    assert detail.installed.tier == "bronze"


async def test_another_process_hears_of_new_strings(rt: Runtime, tmp_path: Path) -> None:
    live = rt.part(Live)
    await live.refresh()
    assert await live.refresh() is False
    await install(rt, SYSTEM, small(tmp_path))
    live._revision = -1
    assert await live.refresh() is True
