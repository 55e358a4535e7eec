"""`yiwang process`: what runs on which version, and moving it; the same calls as at a terminal."""

from __future__ import annotations

import asyncio
from typing import Any

from click.testing import CliRunner, Result

from tests.demo_city import ROOT, SYSTEM, Demo
from yiwang.kernel.process.commands import process
from yiwang.kernel.scenarios import Package, install

RENAMED = ("id", "sourceRef", "targetRef", "bpmnElement")


class _Here:
    """A launcher whose work runs on the test's own runtime."""

    def __init__(self, demo: Demo) -> None:
        self._demo, self._loop = demo, asyncio.get_running_loop()

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work(self._demo.rt), self._loop).result(60)


async def call(demo: Demo, *words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, process, words, obj=_Here(demo))


async def upgraded(demo: Demo) -> None:
    """The first scenario once more, its step callback called ring."""
    files = dict(Package.read(ROOT / "scenarios" / "resident-requests").files)
    files["scenario.toml"] = files["scenario.toml"].replace(b'"1.0.0"', b'"1.1.0"', 1)
    drawn = files["processes/resident-request.bpmn"].decode()
    for name in RENAMED:
        drawn = drawn.replace(f'{name}="callback"', f'{name}="ring"')
    files["processes/resident-request.bpmn"] = drawn.encode()
    await install(demo.rt, SYSTEM, Package(files, name="resident-requests"))


async def running(demo: Demo) -> dict[int, int]:
    async with demo.rt.read_as_system() as db:
        rows = await db.fetch(
            "select version, count(*) as n from process.instance where ended_at is null group by version"
        )
    return {row["version"]: row["n"] for row in rows}


async def test_a_preview_names_what_does_not_fit_and_a_mapping_moves_it(demo: Demo) -> None:
    await upgraded(demo)
    before = await running(demo)
    assert set(before) == {1}
    move = ("migrate", "resident-request", "--from", "1", "--to", "2")
    stuck = await call(demo, *move)
    assert stuck.exit_code == 1
    assert "callback" in stuck.output
    assert await running(demo) == before, "a preview changes nothing"
    moved = await call(demo, *move, "--map", "callback=ring", "--apply")
    assert moved.exit_code == 0, moved.output
    assert await running(demo) == {2: before[1]}
    listed = (await call(demo, "list")).output.splitlines()
    assert [line.split()[1:3] for line in listed] == [["1", "0"], ["2", str(before[1])]]


async def test_a_mapping_to_nowhere_is_refused(demo: Demo) -> None:
    await upgraded(demo)
    wrong = await call(
        demo, "migrate", "resident-request", "--from", "1", "--to", "2", "--map", "callback=nowhere", "--apply"
    )
    assert wrong.exit_code == 1
    assert "nowhere" in wrong.output
    assert (await call(demo, "migrate", "x", "--from", "1", "--to", "2", "--map", "=")).exit_code == 2
    assert set(await running(demo)) == {1}
