"""Packages that must not get in: each refusal names file and line, and nothing of the package is there afterwards."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.demo_city import SYSTEM, Demo
from yiwang.app import rooms
from yiwang.kernel.runtime import Registry
from yiwang.kernel.scenarios import Package, PackageInvalid, install
from yiwang.kernel.scenarios.commands import scenario

ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "scenarios" / "resident-requests"
BPMN = "processes/resident-request.bpmn"
TABLES = ("scenario.version", "process.definition", "serve.item", "share.dataset", "assess.indicator", "audit.entry")
Files = dict[str, bytes]


class Offline:
    """What the command line hands to ``scenario check``: the rooms, no database."""

    registry = Registry(rooms())


def files() -> Files:
    """The first package under a new version."""
    found = dict(Package.read(FIRST).files)
    manifest = found["scenario.toml"].decode()
    version = Package(found, name="resident-requests").manifest.version
    found["scenario.toml"] = manifest.replace(f'version = "{version}"', 'version = "9.9.9"').encode()
    return found


def swapped(path: str, old: str, new: str) -> Callable[[Files], None]:
    def change(all_files: Files) -> None:
        text = all_files[path].decode()
        assert old in text, f"{path} has no {old!r}: this test is out of date"
        all_files[path] = text.replace(old, new, 1).encode()

    return change


def line_of(all_files: Files, path: str, text: str) -> int:
    return next(n for n, line in enumerate(all_files[path].decode().splitlines(), 1) if text in line)


#: name -> (how it is spoiled, file, text on the line that must be named, words of the sentence)
BAD: dict[str, tuple[Callable[[Files], None], str, str, str]] = {
    "an element that the engine does not run": (
        swapped(BPMN, "<bpmn:endEvent id=\"rejected\"",
                "<bpmn:task id=\"odd\" name=\"x\"/>\n<bpmn:endEvent id=\"rejected\""),
        BPMN, 'id="odd"', "task",
    ),
    "an element that nothing leads to": (
        swapped(BPMN, "<bpmn:endEvent id=\"rejected\"",
                "<bpmn:endEvent id=\"island\" name=\"x\" yw:title-en=\"x\"/>\n<bpmn:endEvent id=\"rejected\""),
        BPMN, 'id="island"', "island",
    ),
    "a condition that is not CEL": (
        swapped(BPMN, 'outcome == "returned"', 'outcome === "returned"'),
        BPMN, 'outcome === "returned"', 'outcome === "returned"',
    ),
    "a step with a form that is not there": (
        swapped(BPMN, 'yw:form="accept"', 'yw:form="acceptance"'), BPMN, 'yw:form="acceptance"', "acceptance",
    ),
    "a service task that calls what nobody offers": (
        swapped(BPMN, 'yw:capability="incident.route"', 'yw:capability="incident.teleport"'),
        BPMN, "incident.teleport", "incident.teleport",
    ),
}  # fmt: skip


def spoiled(name: str) -> tuple[Package, str, int, str]:
    change, path, text, words = BAD[name]
    all_files = files()
    change(all_files)
    return Package(all_files, name="resident-requests"), path, line_of(all_files, path, text), words


@pytest.mark.parametrize("name", sorted(BAD))
def test_check_names_file_and_line_of(tmp_path: Path, name: str) -> None:
    package, path, line, words = spoiled(name)
    folder = tmp_path / "resident-requests"
    for relative, content in package.files.items():
        (folder / relative).parent.mkdir(parents=True, exist_ok=True)
        (folder / relative).write_bytes(content)
    for lang in ("en", "zh"):
        done = CliRunner().invoke(scenario, ["check", str(folder), "--lang", lang], obj=Offline())
        assert done.exit_code == 1, done.output
        named = [told for told in done.output.splitlines() if f"{path}:{line}" in told]
        assert named, f"no line for {path}:{line} in\n{done.output}"
        assert lang == "zh" or any(words in told for told in named), named


async def counts(demo: Demo) -> dict[str, int]:
    return {table: await demo.owner(f"select count(*) from {table}") for table in TABLES}


@pytest.mark.parametrize("name", sorted(BAD))
async def test_install_does_nothing_at_all_with(demo: Demo, name: str) -> None:
    package, path, line, _ = spoiled(name)
    before = await counts(demo)
    with pytest.raises(PackageInvalid) as refused:
        await install(demo.rt, SYSTEM, package)
    assert any(problem.where == f"{path}:{line}" for problem in refused.value.problems)
    assert await counts(demo) == before


def test_every_problem_is_told_at_once() -> None:
    all_files = files()
    for change, *_ in BAD.values():
        change(all_files)
    from yiwang.kernel.scenarios import check_package, offline

    problems = check_package(Package(all_files, name="resident-requests"), offline(Offline.registry))
    places = {problem.where for problem in problems}
    for _, path, text, _ in BAD.values():
        assert f"{path}:{line_of(all_files, path, text)}" in places, text


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members:
            archive.writestr(path, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "path",
    ["../escape.toml", "/etc/passwd", "forms/../../escape.json", "C:\\windows\\x.toml", "forms\\..\\..\\x.json",
     "forms/\u202egnp.json"],
)  # fmt: skip
def test_a_zip_cannot_write_outside_or_hide_a_name(path: str) -> None:
    good = [(name, content) for name, content in files().items()]
    package = Package.of_zip(zipped(*good, (path, b"x")))
    assert package.problems
    assert path not in package.files
    assert not any(name.startswith(("/", "..")) or "/../" in name for name in package.files)


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    package = Package.of_zip(zipped(*files().items(), ("sample/big.csv", b"0" * 300_000_000)))
    assert package.problems
    assert sum(map(len, package.files.values())) < 100_000_000


def test_a_broken_zip_is_one_clear_problem() -> None:
    for content in (b"", b"PK\x03\x04 but no zip", zipped(("a", b"x"))[:-10]):
        package_problems(content)


def package_problems(content: bytes) -> None:
    from yiwang.kernel.errors import YiwangError

    try:
        assert Package.of_zip(content).problems
    except YiwangError as error:
        assert error.status < 500


def test_a_process_cannot_read_files_or_unfold_entities() -> None:
    from yiwang.kernel.scenarios import check_package, offline

    for head in ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE x [<!ENTITY a "aaaa">]>'):
        all_files = files()
        all_files[BPMN] = all_files[BPMN].replace(b"?>\n", b"?>\n" + head.encode() + b"\n", 1)
        problems = check_package(Package(all_files, name="resident-requests"), offline(Offline.registry))
        assert any(problem.where.startswith(BPMN) for problem in problems)
