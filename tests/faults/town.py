"""A whole Yiwang in separate processes, over a state folder of its own, and people who use it over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.http_load import Client
from bench.people import Person, put_on_posts, sign_in
from bench.stack import Stack

HANDLER, PASSWORD = "320200/shizheng", "faults-Lamps-2026"
DISTRICT, CATEGORY = "320211", "road.light"
FORMS = (
    ("intake", {"decision": "accept", "category": CATEGORY}),
    ("lamps", {"outcome": "solved", "measures": "更换灯头和线路"}),
    ("dispatcher", {"close_note": "照片显示已修复"}),
)
#: State of an incident after so many forms.
STATES = ("opened", "handling", None, "closed")


@dataclass
class Told:
    """What the server acknowledged about one report: the answer of the client, nothing else."""

    key: str
    id: str = ""
    forms: int = 0
    unsure: bool = False  # a call was cut off: it may have been done or not


@dataclass
class People:
    """Signed-in people."""

    stack: Stack
    people: dict[str, Person] = field(default_factory=dict)

    async def come(self) -> None:
        await put_on_posts(self.stack.database_url(), self.stack.state, {"lamps": (HANDLER, "handler")}, PASSWORD)
        time.sleep(2)
        passwords = self.stack.passwords() | {"lamps": PASSWORD}
        for who in ("intake", "lamps", "dispatcher"):
            self.people[who] = await sign_in(self.stack.url, who, passwords[who])

    def clients(self) -> dict[str, Client]:
        return {who: person.client() for who, person in self.people.items()}


def children(stack: Stack) -> dict[str, list[int]]:
    """The processes of a stack by what they are, from the command lines of the supervisor's children."""
    found: dict[str, list[int]] = {"web": [], "worker": [], "nats": [], "postgres": []}
    for pid in below(stack.process.pid):
        words = command(pid)
        if "yiwang" in words and "web" in words:
            found["web"].append(pid)
        elif "yiwang" in words and "worker" in words:
            found["worker"].append(pid)
        elif words and words[0].endswith("nats-server"):
            found["nats"].append(pid)
        elif words and words[0].endswith("/postgres"):
            found["postgres"].append(pid)
    return found


def below(pid: int) -> list[int]:
    """The direct children of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1]) == pid:
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
    return found


def command(pid: int) -> list[str]:
    """The command line of a process; empty when it is gone."""
    try:
        return [w for w in Path(f"/proc/{pid}/cmdline").read_text().split("\0") if w]
    except OSError:
        return []


def of_state(state: Path) -> dict[int, str]:
    """Every living process that belongs to a state folder: by its command line or the environment it was given."""
    found = {}
    marker = str(state)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        words = command(int(entry.name))
        try:
            environment = (entry / "environ").read_text(errors="replace")
        except OSError:
            environment = ""
        if words and (any(marker in w for w in words) or f"YIWANG_STATE_DIR={marker}\0" in environment):
            found[int(entry.name)] = " ".join(words)[:120]
    return found


def gone(state: Path, patience: float = 20.0) -> dict[int, str]:
    """Wait until nothing of a state folder runs any more; what is left after that."""
    deadline = time.monotonic() + patience
    while (left := of_state(state)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def kill(pid: int) -> None:
    """SIGKILL: no goodbye."""
    os.kill(pid, signal.SIGKILL)


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C."""
    process.send_signal(signal.SIGINT)
