"""`yiwang process ...`: which versions run, and moving running instances from one version to another."""

from __future__ import annotations

from collections.abc import Sequence

import click

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.migrate import Migration, migrate_instances
from yiwang.kernel.process.store import q
from yiwang.kernel.runtime import Launcher, Runtime
from yiwang.kernel.write import Actor

TERMINAL = Actor.system("terminal")
SHOWN = 50


@click.group()
def process() -> None:
    """Processes that are installed, and what runs on them."""


@process.command("list")
@click.pass_obj
def list_(launcher: Launcher) -> None:
    """List every version of every process, and how many instances run on it."""

    async def work(rt: Runtime) -> None:
        async with rt.read_as_system() as db:
            for row in await db.fetch(q.versions_in_use):
                state = "retired" if row["retired"] else ""
                click.echo(
                    f"{row['key']:32} {row['version']:4} {row['running']:8} running  {state:8} {row['title_zh']}"
                )

    launcher.run(work)


def _pairs(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    mapping = dict(one.partition("=")[::2] for one in given)
    wrong = [f"{old}={new}" for old, new in mapping.items() if not old or not new]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not OLD=NEW")
    return mapping


@process.command()
@click.argument("key")
@click.option("--from", "from_version", type=int, required=True, help="The version that instances run on now.")
@click.option("--to", "to_version", type=int, required=True, help="The version that they shall run on.")
@click.option("--map", "mapping", multiple=True, callback=_pairs, metavar="OLD=NEW", help="A step that was renamed.")
@click.option("--apply", is_flag=True, help="Do it; without this, try each and undo it again.")
@click.pass_obj
def migrate(
    launcher: Launcher, key: str, from_version: int, to_version: int, mapping: dict[str, str], apply: bool
) -> None:
    """Move running instances to another version. Status 1 when some do not fit; those stay as they are."""

    async def work(rt: Runtime) -> Migration:
        await rt.part(Directory).refresh()
        return await migrate_instances(rt, TERMINAL, key, from_version, to_version, mapping, preview=not apply)

    try:
        done = launcher.run(work)
    except YiwangError as error:
        raise click.ClickException(str(error)) from error
    if apply:
        click.echo(f"{done.moved} instances moved to version {to_version}, {len(done.stuck)} stay")
    else:
        click.echo(
            f"{len(done.ready)} instances fit version {to_version}, {len(done.stuck)} do not; nothing was changed"
        )
    for instance, problems in list(done.stuck.items())[:SHOWN]:
        for one in problems:
            click.echo(f"  {instance}  {one.where}: {one.text or one.key}")
    if done.stuck:
        raise SystemExit(1)
