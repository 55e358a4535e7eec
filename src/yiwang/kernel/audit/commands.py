"""``yiwang audit verify``: does the chain still fit?"""

from __future__ import annotations

import click

from yiwang.kernel.audit.verify import verify_chain
from yiwang.kernel.runtime import Launcher


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@click.pass_obj
def verify(launcher: Launcher) -> None:
    """Recompute the whole chain. Ends with status 1 when a row was changed, removed or smuggled in."""
    verdict = launcher.run(verify_chain)
    click.echo(f"sealed: {verdict.sealed}   waiting for the sealer: {verdict.waiting}   head: {verdict.head[:16]}")
    for problem in verdict.problems:
        click.echo(f"  {problem}", err=True)
    if not verdict.ok:
        raise SystemExit(1)
    click.echo("The chain is whole.")
