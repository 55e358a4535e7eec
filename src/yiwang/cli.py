"""The command ``yiwang``: what every room offers to the terminal, and the processes of a city."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import click

from yiwang.kernel.errors import StartError, YiwangError
from yiwang.kernel.observe import setup_logging
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.settings import Settings
from yiwang.kernel.supervise import CommandLauncher, keep_caches, run_worker, servers_for
from yiwang.kernel.supervise.launch import open_runtime
from yiwang.kernel.supervise.up import Supervisor, listen, prepare


@click.group()
@click.version_option(package_name="yiwang")
@click.pass_context
def yiwang(context: click.Context) -> None:
    """Yiwang 一网: an open city operating system."""
    settings = Settings.from_env()
    setup_logging(settings.log_format, settings.log_level)
    context.obj = CommandLauncher(settings, _build)


def _build(*arguments: Any, **named: Any) -> Runtime:
    """As app.build_runtime; the rooms are imported when a runtime is wanted, not before the first child is started."""
    from yiwang.app import build_runtime

    return build_runtime(*arguments, **named)


def _settings(context: click.Context) -> Settings:
    launcher: CommandLauncher = context.obj
    return launcher.settings


@yiwang.command()
@click.option("--demo/--no-demo", default=None, help="Load demo accounts and the bundled packages.")
@click.option("--port", type=int, default=None, help="Port to listen on (YIWANG_PORT).")
@click.pass_context
def up(context: click.Context, demo: bool | None, port: int | None) -> None:
    """Run the whole city on this machine; Ctrl-C stops it."""
    settings = _settings(context)
    if demo is not None:
        settings = settings.with_(demo=demo)
        os.environ["YIWANG_DEMO"] = "1" if demo else "0"
    if port is not None:
        settings = settings.with_(port=port)
        os.environ["YIWANG_PORT"] = str(port)
    if "YIWANG_LOG_LEVEL" not in os.environ:
        os.environ["YIWANG_LOG_LEVEL"] = "warning"
        setup_logging(settings.log_format, "warning")
    Supervisor(settings, _build, lambda text: click.echo(text)).run()


@yiwang.command()
@click.option("--fd", type=int, default=None, hidden=True)
@click.option("--wait", "wait_", is_flag=True, hidden=True)
@click.pass_context
def web(context: click.Context, fd: int | None, wait_: bool) -> None:
    """Serve pages and APIs; any number of these may run."""
    import uvicorn

    from yiwang.app import build_runtime, create_app

    settings = _settings(context)
    parent = _wait_for_go() if wait_ else None
    listener = None if fd is not None else listen(settings)
    with servers_for(settings) as servers:

        async def serve() -> None:
            rt = await open_runtime(build_runtime, settings, servers)
            await rt.start()
            keep_caches(rt)
            config = uvicorn.Config(
                create_app(rt), fd=fd if fd is not None else listener.fileno() if listener else None, log_config=None,
                access_log=False, proxy_headers=True, forwarded_allow_ips=settings.trusted_proxies, server_header=False,
                timeout_graceful_shutdown=10, timeout_keep_alive=30, backlog=2048,
            )  # fmt: skip
            server = uvicorn.Server(config)
            if parent is not None:
                parent.on_end(lambda: setattr(server, "should_exit", True))
            try:
                await server.serve()
            finally:
                await rt.close()

        _run(serve())


@yiwang.command()
@click.option("--wait", "wait_", is_flag=True, hidden=True)
@click.pass_context
def worker(context: click.Context, wait_: bool) -> None:
    """Run background work: events, clocks, notices, sealing; any number of these may run."""
    from yiwang.app import build_runtime

    settings = _settings(context)
    parent = _wait_for_go() if wait_ else None
    with servers_for(settings) as servers:

        async def work() -> None:
            stop = asyncio.Event()
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, stop.set)
            if parent is not None:
                parent.on_end(lambda: loop.call_soon_threadsafe(stop.set))
            rt = await open_runtime(build_runtime, settings, servers)
            await rt.start()
            try:
                await run_worker(rt, stop)
            finally:
                await rt.close()

        _run(work())


@yiwang.command()
@click.pass_obj
def migrate(launcher: CommandLauncher) -> None:
    """Bring the database up to date and prepare it, then end (for deployments: run before the new processes start)."""

    async def work(rt: Runtime) -> None:
        await prepare(rt, click.echo)

    launcher.run(work)


class _Parent:
    """The supervisor at the other end of our standard input: when it dies, we end too."""

    def __init__(self) -> None:
        self._hooks: list[Callable[[], object]] = []
        self._ended = False
        threading.Thread(target=self._watch, daemon=True).start()

    def on_end(self, hook: Callable[[], object]) -> None:
        """Call ``hook`` when the supervisor is gone."""
        self._hooks.append(hook)
        if self._ended:
            self._fire()

    def _watch(self) -> None:
        # The bare descriptor: a daemon thread inside sys.stdin would hold its lock while the interpreter shuts down.
        while os.read(0, 64):
            pass
        self._ended = True
        self._fire()

    def _fire(self) -> None:
        for hook in self._hooks:
            hook()


def _wait_for_go() -> _Parent:
    said = b""
    while not said.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            raise SystemExit(0)  # the supervisor gave up before we were wanted
        said += piece
    return _Parent()


def _run(work: Coroutine[Any, Any, None]) -> None:
    import uvloop

    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(work)


def _add_room_commands() -> None:
    from yiwang.app import rooms

    for room in rooms():
        for command in room.commands:
            yiwang.add_command(command)


def main() -> None:
    """Entry point: errors that we raise on purpose are one sentence, not a traceback."""
    if sys.argv[1:2] != ["up"]:  # the supervisor needs no room's command, and starts its children the sooner
        _add_room_commands()
    try:
        yiwang(standalone_mode=True)
    except StartError as error:
        click.echo(f"yiwang: {error}", err=True)
        raise SystemExit(1) from None
    except YiwangError as error:
        click.echo(f"yiwang: {error}", err=True)
        raise SystemExit(1) from None
