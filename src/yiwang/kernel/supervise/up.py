"""``yiwang up``: the whole city on one machine; starts and keeps servers and children, and stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from yiwang.kernel.errors import StartError
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.servers import EmbeddedNats, EmbeddedPostgres
from yiwang.kernel.settings import Settings
from yiwang.kernel.supervise.launch import Build, Servers, open_runtime

Say = Callable[[str], None]
READY_S = 60.0


def listen(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything else starts: a taken port is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise StartError(
            f"Port {settings.port} on {settings.host} is taken ({error.strerror}). "
            "Stop the program that uses it, or choose another one: YIWANG_PORT=8001."
        ) from error
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


@contextlib.contextmanager
def only_one(settings: Settings) -> Any:
    """Hold the state folder: two supervisors over one folder would fight for the same servers."""
    try:
        path = settings.state_dir / "up.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise StartError(
            f"The state folder {settings.state_dir} cannot be written ({error.strerror}). "
            "Give this user the right to write it, or choose another one: YIWANG_STATE_DIR."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"Yiwang is already running over {settings.state_dir}. "
                "Stop it first, or choose another folder: YIWANG_STATE_DIR."
            ) from error
        yield


@dataclass
class Child:
    """One process of ours, started again when it ends on its own."""

    name: str
    arguments: list[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    not_before: float = 0.0

    def start(self, env: dict[str, str]) -> None:
        """Start; it imports everything and waits for ``go``. When we die it reads the end of its input and stops."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yiwang", *self.arguments], stdin=subprocess.PIPE, pass_fds=self.pass_fds, env=env,
            start_new_session=True,
        )  # fmt: skip
        self.started = time.monotonic()

    def go(self) -> None:
        """Let it work: everything that it needs is ready."""
        pipe: IO[bytes] | None = self.process.stdin if self.process else None
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(b"go\n")
                pipe.flush()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()


@dataclass
class Supervisor:
    """Everything that ``yiwang up`` started."""

    settings: Settings
    build: Build
    say: Say
    servers: Servers = field(init=False)
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def __post_init__(self) -> None:
        self.servers = Servers(self.settings)

    def run(self) -> None:
        """Start, serve until a signal, stop. Raises StartError with one clear sentence."""
        began = time.monotonic()
        with only_one(self.settings), listen(self.settings) as listener:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self._on_signal)
            env = self._child_env()
            try:
                self._spawn(listener, env)
                self._start_servers()
                asyncio.run(self._prepare())
                for child in self.children:
                    if child.process is None:
                        child.start(env)
                    child.go()
                self._wait_ready()
                self._welcome(time.monotonic() - began)
                self._keep(env)
            except KeyboardInterrupt:
                pass
            finally:
                self._stop()

    def _on_signal(self, _number: int, _frame: object) -> None:
        if not self.stopping:
            self.stopping = True
            raise KeyboardInterrupt

    def _child_env(self) -> dict[str, str]:
        folder = self.settings.state_dir / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        return dict(os.environ) | {"PROMETHEUS_MULTIPROC_DIR": str(folder.resolve())}

    def _spawn(self, listener: socket.socket, env: dict[str, str]) -> None:
        fd = listener.fileno()
        web = [
            Child(f"web {i + 1}", ["web", "--fd", str(fd), "--wait"], (fd,)) for i in range(self.settings.web_workers)
        ]
        self.children = [*web, Child("worker", ["worker", "--wait"])]
        # Pages first: on two cores a third process importing at the same time would delay them by a second or two.
        for child in self.children[: len(web)]:
            child.start(env)

    def _start_servers(self) -> None:
        settings = self.settings
        if settings.nats_url is None:
            self.servers.nats = EmbeddedNats(settings.state_dir)
            self.servers.nats.start()
        if settings.database_url is None:
            self.servers.postgres = EmbeddedPostgres(settings.state_dir)
            self.say("Starting PostgreSQL …")
            self.servers.postgres.start()

    async def _prepare(self) -> None:
        rt = await open_runtime(self.build, self.settings, self.servers)
        try:
            await prepare(rt, self.say)
        finally:
            await rt.close()

    def _wait_ready(self) -> None:
        address = f"http://{self.settings.host}:{self.settings.port}/readyz"
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:
                if answer.status == 200:
                    return
            if all(c.process is None or c.process.poll() is not None for c in self.children):
                break
            time.sleep(0.05)
        raise StartError("The web process did not become ready; its messages are above.")

    def _welcome(self, seconds: float) -> None:
        self.say(f"Ready after {seconds:.1f} s:  {self.settings.public_url}")
        accounts = self.settings.state_dir / "demo-accounts.txt"
        if self.settings.demo and accounts.exists():
            self.say(f"Demo accounts (also in {accounts}):\n{accounts.read_text('utf-8').rstrip()}")
        self.say("Ctrl-C stops everything.")

    def _keep(self, env: dict[str, str]) -> None:
        while True:
            time.sleep(0.5)
            self._keep_servers()
            for child in self.children:
                self._keep_child(child, env)

    def _keep_servers(self) -> None:
        for server in (self.servers.postgres, self.servers.nats):
            if server is not None and not server.alive():
                self.say(f"{type(server).__name__} ended; starting it again.")
                try:
                    server.start()
                except StartError as error:
                    self.say(str(error))

    def _keep_child(self, child: Child, env: dict[str, str]) -> None:
        if child.process is None or child.process.poll() is None:
            if child.failures and time.monotonic() - child.started > 60:
                child.failures = 0
            return
        now = time.monotonic()
        if child.not_before == 0.0:
            child.failures += 1
            child.not_before = now + min(30.0, 0.25 * 2.0**child.failures)
            self.say(f"{child.name} ended with status {child.process.returncode}; starting it again.")
        if now >= child.not_before:
            child.not_before = 0.0
            child.start(env)
            child.go()

    def _stop(self) -> None:
        self.stopping = True
        for child in self.children:
            child.stop()
        for child in self.children:
            if child.process is not None:
                try:
                    child.process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    child.process.kill()
        if self.servers.nats is not None:
            self.servers.nats.stop()
        if self.servers.postgres is not None:
            self.servers.postgres.stop()
        self.say("Stopped.")


async def prepare(rt: Runtime, say: Say) -> None:
    """What a start does once for the whole system: every room's ``prepare`` steps, in order, each told."""
    await rt.start()
    steps = sorted(rt.registry.all("prepare"), key=lambda step: step.order)
    for step in steps:
        if step.demo and not rt.settings.demo:
            continue
        await step.run(rt, lambda text, title=step.title: say(f"{title}: {text}"))
    await rt.drain()
