"""docs/tutorial-first-scenario.md, executed literally: files are written, commands run, shown output must appear."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from . import packages

PAGE = packages.ROOT / "docs" / "tutorial-first-scenario.md"
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.M | re.S)


@dataclass
class Command:
    """A line after `$ `, the lines that its output must hold, and the status that it must end with."""

    line: str
    status: int
    shown: list[str] = field(default_factory=list)


def blocks() -> Iterator[tuple[str, str, str]]:
    """Language, file and content of every block, in order."""
    for match in BLOCK.finditer(PAGE.read_text("utf-8")):
        yield match[1], match[2] or "", match[3]


def commands(text: str) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            wanted = re.search(r"\s+# exit (\d+)$", line)
            found.append(Command(re.sub(r"\s+# exit \d+$", "", line[2:]), int(wanted[1]) if wanted else 0))
        elif line.strip():
            found[-1].shown.append(line)
    return found


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the embedded server's own user can enter."""
    with tempfile.TemporaryDirectory(prefix="yiwang-tutorial-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def run(command: Command, place: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command.line)
    if words[0] == "yiwang":
        words = [sys.executable, "-m", "yiwang", *words[1:]]
    env = {k: v for k, v in os.environ.items() if not k.startswith("YIWANG_")}
    env |= {
        "YIWANG_STATE_DIR": str(place / "state"),
        "YIWANG_LOG_LEVEL": "warning",
        "PYTHONPATH": str(packages.ROOT / "src"),
    }
    return subprocess.run(words, cwd=place, env=env, capture_output=True, text=True, timeout=170)


@pytest.mark.timeout(600)
def test_the_tutorial_works_as_it_is_written(place: Path) -> None:
    for language, file, text in blocks():
        if language == "console":
            for command in commands(text):
                done = run(command, place)
                said = done.stdout + done.stderr
                assert done.returncode == command.status, f"$ {command.line}\n{said}"
                missing = [line for line in command.shown if line not in said]
                assert not missing, f"$ {command.line}\nshown but not said: {missing}\n{said}"
        else:
            assert file, f"a block of {language} without a file name"
            target = place / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")


def test_the_tutorial_has_every_stage() -> None:
    said = " ".join(
        command.line for language, _, text in blocks() if language == "console" for command in commands(text)
    )
    for verb in ("new", "check", "test", "install", "upgrade", "export", "remove", "list"):
        assert f"yiwang scenario {verb}" in said
