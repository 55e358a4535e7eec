"""The core on a PostgreSQL and a NATS that are given by YIWANG_DATABASE_URL and YIWANG_NATS_URL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from yiwang.kernel.servers import EmbeddedNats, EmbeddedPostgres

pytestmark = [pytest.mark.external, pytest.mark.timeout(240)]
ROOT = Path(__file__).resolve().parents[2]


def own_binaries() -> Path | None:
    """The machine's own PostgreSQL: where pg_config, or a Debian installation, has its servers."""
    folders = [Path(p) for p in sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)]
    if tool := shutil.which("pg_config"):
        said = subprocess.run([tool, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        folders.insert(0, Path(said))
    return next((f for f in folders if (f / "postgres").exists() and (f / "initdb").exists()), None)


@pytest.fixture
def foreign():
    binaries = own_binaries()
    if binaries is None:
        pytest.skip("this machine has no PostgreSQL of its own (postgres, initdb)")
    folder = Path(tempfile.mkdtemp(prefix="yiwang-foreign-"))
    folder.chmod(0o755)
    postgres, nats = EmbeddedPostgres(folder, bin_dir=binaries, memory_mib=64), EmbeddedNats(folder)
    postgres.start()
    nats.start()
    yield postgres, nats
    nats.stop()
    postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)


def run_yiwang(*words: str, **env: str) -> str:
    """A command of ours with addresses of servers from outside; its output. It fails when the command does."""
    done = subprocess.run(
        [sys.executable, "-m", "yiwang", *words], cwd=ROOT, env=dict(os.environ) | env, capture_output=True, text=True,
        timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_the_core_runs_on_servers_that_we_did_not_start(foreign, tmp_path) -> None:
    postgres, nats = foreign
    state = tmp_path / "state"
    env = {
        "YIWANG_DATABASE_URL": postgres.url("yiwang_320200"), "YIWANG_NATS_URL": nats.url,
        "YIWANG_STATE_DIR": str(state), "YIWANG_DEMO": "1",
    }  # fmt: skip
    run_yiwang("migrate", **env)
    story = ROOT / "scenarios" / "resident-requests"
    run_yiwang("scenario", "test", str(story), **env)
    assert "whole" in run_yiwang("audit", "verify", **env)
    assert not (state / "postgres").exists(), "an embedded server was started although one was given"
    assert not (state / "nats").exists()
