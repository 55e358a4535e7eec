"""`yiwang scenario ...`: new, check, test, install, upgrade, remove, export, list, docs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import click

from yiwang.kernel.errors import Problem, YiwangError
from yiwang.kernel.runtime import Launcher, Runtime
from yiwang.kernel.scenarios import installer as installing
from yiwang.kernel.scenarios import store
from yiwang.kernel.scenarios.check import check_package
from yiwang.kernel.scenarios.errors import PackageInvalid
from yiwang.kernel.scenarios.known import offline
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import say
from yiwang.kernel.scenarios.reference import reference
from yiwang.kernel.scenarios.skeleton import write_skeleton
from yiwang.kernel.scenarios.stories.play import Result, play_all
from yiwang.kernel.scenarios.stories.theatre import stories_of
from yiwang.kernel.scenarios.storybook.parse import parse_story
from yiwang.kernel.write import Actor

TERMINAL = Actor.system("terminal")
source = click.argument("source", type=click.Path(path_type=Path, exists=True))
lang = click.option("--lang", type=click.Choice(["zh", "en"]), default="en", help="Language of the sentences.")


@click.group()
def scenario() -> None:
    """Scenario packages: write, check, try, install."""


@scenario.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title-zh", required=True, help="What the package is called, in Chinese.")
@click.option("--title-en", required=True, help="What the package is called, in English.")
def new(folder: Path, title_zh: str, title_en: str) -> None:
    """Write a new package into FOLDER; its name becomes the id. What is written passes the check."""
    with _spoken():
        for path in write_skeleton(folder, title_zh, title_en):
            click.echo(f"wrote {folder / path}")


@scenario.command()
@source
@lang
@click.pass_obj
def check(launcher: Launcher, source: Path, lang: str) -> None:
    """Check a package (a folder or a .zip). Every problem is listed; status 1 when there is any."""
    with _spoken():
        package = Package.read(source)
        problems = check_package(package, offline(launcher.registry))
    _list(problems, lang)
    if problems:
        raise SystemExit(1)
    click.echo(f"{_name(package)}: no problem found")


@scenario.command()
@source
@click.option(
    "--with", "others", multiple=True, type=click.Path(path_type=Path, exists=True), help="A package it needs."
)
@click.option("-k", "only", default="", help="Only stories whose file name holds this text.")
@click.pass_obj
def test(launcher: Launcher, source: Path, others: Sequence[Path], only: str) -> None:
    """Play the stories of a package in scratch cities; status 1 when one fails."""

    with _spoken():
        packages = [Package.read(path) for path in (*others, source)]
        folder = source if source.is_dir() else None
        broken = [item for path, data in packages[-1].folder("stories").items() for item in parse_story(path, data)[1]]
        if broken:
            raise PackageInvalid("there are stories that cannot be read", problems=broken)
        told = [story for story in stories_of(packages[-1], folder) if only in story.file]
        logging.getLogger("yiwang").setLevel(logging.WARNING)  # the scratch cities have nothing to say here

        async def work(rt: Runtime) -> list[Result]:
            return await play_all(rt, packages, told, echo=click.echo)

        results = launcher.run(work)
    failed = sum(1 for result in results if result.failure)
    click.echo(f"{len(results) - failed} stories passed, {failed} failed")
    if failed or not results:
        raise SystemExit(1)


def _install(launcher: Launcher, source: Path, lang: str, *, upgrade: bool) -> None:
    async def work(rt: Runtime) -> installing.Outcome:
        return await installing.install(rt, TERMINAL, Package.read(source), upgrade=upgrade)

    with _spoken(lang):
        outcome = launcher.run(work)
    if not outcome.changed:
        click.echo(f"{outcome.package} {outcome.version} was installed already; nothing changed")
        return
    before = f" (before: {outcome.previous})" if outcome.previous else ""
    click.echo(f"installed {outcome.package} {outcome.version}{before}")
    for opened in outcome.opens:
        click.echo(f"  opens: {opened[lang]}")


@scenario.command()
@source
@lang
@click.pass_obj
def install(launcher: Launcher, source: Path, lang: str) -> None:
    """Install a package and show what its policies open."""
    _install(launcher, source, lang, upgrade=False)


@scenario.command()
@source
@lang
@click.pass_obj
def upgrade(launcher: Launcher, source: Path, lang: str) -> None:
    """Upgrade an installed package; what is running stays with its version."""
    _install(launcher, source, lang, upgrade=True)


@scenario.command()
@click.argument("package")
@click.option("--retire", is_flag=True, help="Begin nothing new, let what is open run to its end.")
@click.pass_obj
def remove(launcher: Launcher, package: str, retire: bool) -> None:
    """Remove an installed package; refused while instances are open, unless it is retired."""

    async def work(rt: Runtime) -> bool:
        return await installing.remove(rt, TERMINAL, package, retire=retire)

    with _spoken():
        retired = launcher.run(work)
    click.echo(f"{'retired' if retired else 'removed'} {package}")


@scenario.command()
@click.argument("package")
@click.option("--version", default=None, help="A version that was installed before.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to write into."
)
@click.pass_obj
def export(launcher: Launcher, package: str, version: str | None, folder: Path) -> None:
    """Write an installed package as a .zip for another city; the same content gives the same bytes."""

    async def work(rt: Runtime) -> tuple[str, bytes]:
        return await installing.export(rt, package, version)

    with _spoken():
        name, content = launcher.run(work)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    click.echo(f"wrote {folder / name} (digest {Package.of_zip(content).digest})")


@scenario.command(name="list")
@click.pass_obj
def list_(launcher: Launcher) -> None:
    """List what is installed."""

    async def work(rt: Runtime) -> list[store.Installed]:
        async with rt.read_as_system() as conn:
            return await store.everything(conn)

    for item in launcher.run(work):
        click.echo(
            f"{item.id:28} {item.version:10} {item.state:10} {item.tier:7} {item.title['zh']} / {item.title['en']}"
        )


@scenario.command()
@click.option("--to", "path", type=click.Path(path_type=Path), default=Path("docs/reference/scenario-format.md"))
def docs(path: Path) -> None:
    """Write the reference of the package format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), "utf-8")
    click.echo(f"wrote {path}")


class _spoken:  # noqa: N801 - used like a function
    """Turns our errors into sentences of the terminal, one problem a line."""

    def __init__(self, lang: str = "en") -> None:
        self._lang = lang

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say an error of ours and end with status 1."""
        if isinstance(error, YiwangError):
            _list(error.problems, self._lang)
            raise click.ClickException(str(error).splitlines()[0]) from error


def _list(problems: Sequence[Problem], lang: str) -> None:
    for item in problems:
        click.echo(f"{item.where}: {say(item, lang)} [{item.rule}]")


def _name(package: Package) -> str:
    return f"{package.manifest.id} {package.manifest.version}" if package.manifest else package.name
