"""Starting a server as a child: service user under root, log file, free port, patient stop."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
from pathlib import Path

from yiwang.kernel.errors import StartError

#: Where a service user can reach things when the checkout lies in a folder that only root may enter.
SHARED_HOME = Path("/var/lib/yiwang")


def free_port(preferred: int | None = None) -> int:
    """A free TCP port on loopback, the preferred one when it is free."""
    for port in (preferred, 0):
        if port is None:
            continue
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise StartError("There is no free TCP port on 127.0.0.1.")


def is_listening(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def service_user() -> pwd.struct_passwd | None:
    """Under root the user that servers run as (``yiwang``, ``postgres`` or ``nobody``); None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in ("yiwang", "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise StartError("PostgreSQL does not run as root, and there is no user yiwang, postgres or nobody to run it as.")


def reachable(path: Path) -> bool:
    """Whether other users may enter every folder on the way to ``path``."""
    return all(p.stat().st_mode & stat.S_IXOTH for p in path.resolve().parents)


def reachable_copy(folder: Path, name: str) -> Path:
    """``folder`` itself where a service user can reach it, else a copy of it below /var/lib/yiwang."""
    if service_user() is None or reachable(folder):
        return folder
    target = SHARED_HOME / name
    if not target.exists():
        draft = target.with_name(f".{name}.{os.getpid()}")
        shutil.copytree(folder, draft)
        for parent in (SHARED_HOME, draft):
            parent.chmod(0o755)
        with contextlib.suppress(OSError):
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
    return target


def start(
    command: list[str], log: Path, *, user: pwd.struct_passwd | None = None, cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a child in its own session (Ctrl-C reaches us, and we stop the child in order), output to ``log``."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "YIWANG_"))}
    # The log of a database quotes rows that break a rule: not for every user of the machine.
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd=cwd or "/",
            env=env, user=user.pw_uid if user else None, group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )  # fmt: skip


def tail(path: Path, lines: int = 6) -> str:
    """The last lines of a log, for an error that shows them."""
    if not path.exists():
        return "(no log)"
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8192))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
