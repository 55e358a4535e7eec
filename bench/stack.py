"""A whole Yiwang for a bench: ``yiwang up`` over a state folder of its own, on free ports, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.servers.process import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Stack:
    """A running city."""

    state: Path
    port: int
    process: subprocess.Popen[bytes]
    seconds: float

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def database_url(self, city: str = "320200") -> str:
        """The address of its database, for the owner."""
        port = int((_home(self.state) / "port").read_text())
        secret = (self.state / "secrets" / "postgres").read_text().strip()
        return f"postgresql://yiwang:{secret}@127.0.0.1:{port}/yiwang_{city}"

    def passwords(self) -> dict[str, str]:
        """Passwords of the demo accounts, by login."""
        lines = (self.state / "demo-accounts.txt").read_text("utf-8").splitlines()
        return dict(line.split()[:2] for line in lines if line.strip())

    def stop(self) -> None:
        """Ctrl-C, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _home(state: Path) -> Path:
    pointer = state / "postgres" / "LOCATION"
    return Path(pointer.read_text().strip()) if pointer.exists() else state / "postgres"


def new_state() -> Path:
    """A state folder that a service user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-bench-"))
    folder.chmod(0o755)
    return folder


def launch(state: Path, **env: str) -> Stack:
    """Start ``yiwang up`` and wait until it is ready; ``seconds`` tells how long that took."""
    port = free_port()
    settings = {
        "YIWANG_STATE_DIR": str(state),
        "YIWANG_PORT": str(port),
        "YIWANG_DEMO": "1",
        "YIWANG_LOG_LEVEL": "warning",
        **env,
    }
    began = time.monotonic()
    log = (state / "up.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "yiwang", "up"], cwd=ROOT, env=dict(os.environ) | settings, stdout=log, stderr=log
    )
    while True:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer,
        ):
            if answer.status == 200:
                break
        if process.poll() is not None or time.monotonic() - began > 180:
            process.kill()
            raise RuntimeError("yiwang up did not become ready:\n" + (state / "up.log").read_text()[-4000:])
        time.sleep(0.02)
    return Stack(state, port, process, time.monotonic() - began)


@contextlib.contextmanager
def running(**env: str) -> Iterator[Stack]:
    """A stack over a fresh state folder, stopped and removed at the end."""
    state = new_state()
    stack = launch(state, **env)
    try:
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(state, ignore_errors=True)
