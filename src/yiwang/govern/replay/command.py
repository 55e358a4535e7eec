"""``yiwang replay``: load a log as history, replay a day of it, list what was refused."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from yiwang.govern.replay.live import Outcome, replay_day
from yiwang.govern.replay.load import Loaded, load_log
from yiwang.govern.replay.mapping import Mapping, read_mapping
from yiwang.govern.replay.prepare import find_log, prepare_city
from yiwang.govern.replay.quarantine import batches, export, refused
from yiwang.kernel.calendar import city_folder
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.runtime import Launcher, Runtime
from yiwang.kernel.write import Actor

TERMINAL = Actor.system("terminal")


@click.command()
@click.argument("file", required=False)
@click.option("--city", default="nyc", show_default=True, help="Code of the city whose log it is.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to replay live (default: the city's choice).")
@click.option("--live/--no-live", default=True, help="Replay a day live after the load.")
@click.option("--quarantine", "listing", is_flag=True, help="List what was refused, by reason.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="With --quarantine: write a CSV.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="en", help="Language of the sentences.")
@click.pass_obj
def replay(
    launcher: Launcher, file: str | None, city: str, day: datetime | None, live: bool, listing: bool, to: Path | None,
    lang: str,
) -> None:  # fmt: skip
    """Load a log of requests as history of a city, then run one day of it through the process.

    FILE is CSV or its gzip, as cities/CITY/replay.toml describes it; it may lie below data/. The same file again
    imports nothing. Running twice never replays a day twice.
    """
    console = Console()
    work: Callable[[Runtime], Awaitable[None]]
    with _spoken():
        if listing:
            work = lambda rt: _list(rt, console, to, lang)  # noqa: E731
        else:
            mapping = read_mapping(city_folder(city))
            path = find_log(file, launcher.settings.state_dir) if file else None
            if path is None and not live:
                raise click.UsageError("name a FILE to load, or let a day be replayed")
            work = lambda rt: _replay(rt, console, mapping, path, day, live, lang)  # noqa: E731
        launcher.run(work, city=city)


async def _replay(
    rt: Runtime, console: Console, mapping: Mapping, path: Path | None, day: datetime | None, live: bool, lang: str
) -> None:
    console.print(f"Preparing the city {rt.settings.city} …")
    await prepare_city(rt, TERMINAL)
    if path is not None:
        await _load(rt, console, mapping, path, lang)
    if live and mapping.live is not None:
        outcome = await replay_day(rt, mapping, day.date() if day else mapping.live.day, console)
        _tell(rt, console, outcome, lang)
    await rt.drain()


async def _load(rt: Runtime, console: Console, mapping: Mapping, path: Path, lang: str) -> None:
    began = time.monotonic()
    with _bar(console, path) as advance:
        done = await load_log(rt, TERMINAL, mapping, path, advance)
    seconds = time.monotonic() - began
    if done.before is not None:
        console.print(
            f"{path.name} was imported on {done.before:%Y-%m-%d %H:%M} UTC already: nothing was imported again."
        )
    else:
        console.print(f"{done.rows:,} rows in {seconds:.1f} s ({done.rows / seconds:,.0f} rows/s)")
    console.print(f"  {done.rows:,} rows = {done.imported:,} imported + {done.quarantined:,} quarantined")
    await _reasons(rt, console, done, lang)


async def _reasons(rt: Runtime, console: Console, done: Loaded, lang: str) -> None:
    (batch,) = [b for b in await batches(rt) if b.id == done.batch]
    for reason, rows in batch.reasons.items():
        console.print(f"    {rows:>9,}  {reason}: {rt.strings.t(f'govern.replay.reason.{reason}', lang)}")


async def _list(rt: Runtime, console: Console, to: Path | None, lang: str) -> None:
    found = await batches(rt)
    if not found:
        console.print("Nothing was imported yet.")
    for number, batch in enumerate(found):
        head = f"{batch.source} of {batch.at:%Y-%m-%d %H:%M} UTC"
        console.print(f"{head}: {batch.rows:,} rows = {batch.imported:,} imported + {batch.quarantined:,} quarantined")
        for reason, rows in batch.reasons.items():
            console.print(f"  {rows:>9,}  {reason}: {rt.strings.t(f'govern.replay.reason.{reason}', lang)}")
        if to is not None and number == 0:
            console.print(f"wrote {await export(rt, batch.id, to, lang):,} rows to {to}")
        elif to is None:
            async for row in refused(rt, batch.id, limit=200):
                console.out(f"  row {row['line']}  {row['key']}  {row['reason']}  {row['raw']}", highlight=False)


def _tell(rt: Runtime, console: Console, outcome: Outcome, lang: str) -> None:
    if outcome.before:
        console.print(f"{outcome.before} requests of {outcome.day} were replayed before: nothing was replayed again.")
        return
    console.print(f"{outcome.day}: " + ", ".join(f"{count} {name}" for name, count in outcome.counts().items()))
    for name, counts in outcome.by_department(rt, lang):
        console.print(f"  {name}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    for failure in outcome.failures:
        console.print(f"  failed: {failure}", style="red", markup=False)


@contextmanager
def _bar(console: Console, path: Path) -> Iterator[Callable[[int, int], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=False) as progress:
        task = progress.add_task(path.name, total=path.stat().st_size, rows=0)
        yield lambda read, rows: progress.update(task, completed=read, rows=rows)


class _spoken:  # noqa: N801 - used like a function
    """Turns our errors into one sentence of the terminal."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say an error of ours and end with status 1."""
        if isinstance(error, YiwangError):
            raise click.ClickException(str(error)) from error
