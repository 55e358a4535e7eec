"""``yiwang city check`` and ``yiwang city load``."""

from __future__ import annotations

import click

from yiwang.kernel.calendar import cities_root, city_folder
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.orgs.check import check_city
from yiwang.kernel.orgs.load import LoadReport, load_city
from yiwang.kernel.runtime import Launcher, Runtime


@click.group()
def city() -> None:
    """Cities as data: check their files, load them."""


@city.command()
@click.argument("codes", nargs=-1)
def check(codes: tuple[str, ...]) -> None:
    """Check the files of cities (codes below cities/, or folders; all of them by default).

    Lists every problem as file:row, and ends with status 1 when there is one.
    """
    found = codes or tuple(sorted(item.parent.name for item in cities_root().glob("*/city.toml")))
    bad = False
    for code in found:
        try:
            problems = check_city(city_folder(code))
        except YiwangError as error:
            raise click.ClickException(str(error)) from error
        bad = bad or bool(problems)
        click.echo(f"{code}: {len(problems)} problems" if problems else f"{code}: good")
        for problem in problems:
            click.echo(f"  {problem}")
    if bad:
        raise SystemExit(1)


@city.command()
@click.argument("code")
@click.pass_obj
def load(launcher: Launcher, code: str) -> None:
    """Load a city (a code below cities/, or a folder) into its database; again, to bring in changed files."""

    async def work(rt: Runtime) -> LoadReport:
        return await load_city(rt, folder)

    try:
        folder = city_folder(code)
        report = launcher.run(work, city=folder.name)
    except YiwangError as error:
        raise click.ClickException(str(error)) from error
    if not report.changed:
        click.echo(f"{report.city}: nothing has changed since it was loaded")
        return
    click.echo(
        f"{report.city}: {report.divisions} divisions, {report.organisations} organisations, {report.posts} posts "
        f"in {report.seconds:.1f} s"
    )
    if report.retired:
        click.echo(f"  retired, because the list no longer holds them: {', '.join(report.retired)}")
