"""``yiwang events``: the books, and sending dead letters again."""

from __future__ import annotations

import click

from yiwang.kernel.events.dead import list_dead_letters
from yiwang.kernel.events.reconcile import reconcile
from yiwang.kernel.runtime import Launcher, Runtime


@click.group()
def events() -> None:
    """Events between the rooms."""


@events.command()
@click.pass_obj
def counts(launcher: Launcher) -> None:
    """Deliveries made, applied, waiting and dead, per reaction. Ends with status 1 when the books do not balance."""
    books = launcher.run(reconcile)
    for line in books:
        mark = "" if line.balanced else "   DOES NOT BALANCE"
        click.echo(
            f"{line.reaction:40} made {line.made:8}  applied {line.applied:8}  "
            f"waiting {line.waiting:5}  dead {line.dead:5}{mark}"
        )
    if not all(line.balanced for line in books):
        raise SystemExit(1)


@events.command()
@click.pass_obj
def dead(launcher: Launcher) -> None:
    """List what could not be applied, with the last line of each error."""

    async def work(rt: Runtime) -> None:
        for letter in await list_dead_letters(rt, limit=500):
            click.echo(f"{letter.id:6}  {letter.reaction}  {letter.type}  {letter.error.strip().splitlines()[-1]}")

    launcher.run(work)
